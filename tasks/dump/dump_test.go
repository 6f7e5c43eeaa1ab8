package dump

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recorded are dumps that a real v20.1.5 wrote. failed.sql is what one wrote before it failed, and odd.sql is of a
// database whose names and values hold semicolons, quotes and comment signs.
var recorded = []string{"shop.sql", "views.sql", "failed.sql", "odd.sql"}

func read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// split scans text, cut into pieces of the given length (0: one piece), and gives statements and texts.
func split(t testing.TB, text string, cut, limit int) ([]Statement, []string, Counts, error) {
	t.Helper()
	var out []Statement
	var texts []string
	var part strings.Builder
	scanner := NewScanner(limit, func(p Piece) error {
		if len(p.Text) > max(limit, 0) {
			t.Errorf("a piece of %d bytes, more than %d", len(p.Text), limit)
		}
		part.Write(p.Text)
		if p.Last {
			out, texts = append(out, p.Statement), append(texts, part.String())
			part.Reset()
		}
		return nil
	})
	write(t, scanner, text, cut)
	return out, texts, scanner.Counts(), scanner.End()
}

func write(t testing.TB, to interface{ Write([]byte) (int, error) }, text string, cut int) {
	t.Helper()
	for len(text) > 0 {
		n := len(text)
		if cut > 0 {
			n = min(cut, n)
		}
		// A copy, so that what is kept of the slice beyond the call shows.
		piece := []byte(text[:n])
		if wrote, err := to.Write(piece); err != nil || wrote != n {
			t.Fatalf("wrote %d of %d: %v", wrote, n, err)
		}
		for i := range piece {
			piece[i] = '#'
		}
		text = text[n:]
	}
}

func count(t testing.TB, text string, cut int) (Counts, error) {
	t.Helper()
	census := NewCensus()
	write(t, census, text, cut)
	return census.End()
}

func TestRecordedDumps(t *testing.T) {
	tests := map[string]string{
		"shop.sql": `29 statements, 12 rows
create table Weird Name 1
create table z_parent 1
create table a_child 1
create table customers 2
create sequence order_seq 0
create table orders 2
create view big_orders 0 [shop]
create table items 2
create table nopk 3
create sequence plain_seq 0
`,
		"views.sql": `14 statements, 5 rows
create table b 0
create view a_view 0 [vv]
create view aa_view 0 [vv]
create table emp 2
create table empty 0
create table hs 1
create table mc 1
create table ser 1
`,
		"failed.sql": "",
		"odd.sql": `12 statements, 109 rows
create sequence My "s".x 0
create table a;b--c 4 [odd]
create view v;1 0 [odd]
create table arr 105
create table t3 0 [other]
`,
	}
	for name, want := range tests {
		counts, err := count(t, read(t, name), 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%d statements, %d rows\n", counts.Statements, counts.Rows)
		for _, o := range counts.Objects {
			fmt.Fprintf(&b, "%s %s %d", o.Kind, o.Name, o.Rows)
			if o.Databases != nil {
				fmt.Fprintf(&b, " %v", o.Databases)
			}
			b.WriteByte('\n')
		}
		if want != "" && b.String() != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, b.String(), want)
		}
		if counts.Foreign.Number != 0 {
			t.Errorf("%s: %s is said to be no part of a dump", name, counts.Foreign)
		}
		if counts.Bytes != int64(len(read(t, name))) {
			t.Errorf("%s: %d bytes counted", name, counts.Bytes)
		}
	}
}

// TestClassification is the table of statements and what they are.
func TestClassification(t *testing.T) {
	tests := []struct {
		text      string
		kind      Kind
		object    string
		rows      int64
		databases string
	}{
		{`CREATE TABLE t (id INT8);`, CreateTable, "t", 0, ""},
		{`CREATE TABLE public.t (id INT8);`, CreateTable, "t", 0, ""},
		{`CREATE TABLE IF NOT EXISTS "a.b" (id INT8);`, CreateTable, "a.b", 0, ""},
		{`create table Audit.Log();`, CreateTable, "audit.log", 0, ""},
		{`CREATE TABLE t;`, CreateTable, "t", 0, ""},
		{`CREATE VIEW v (a) AS SELECT a FROM shop.public.t;`, CreateView, "v", 0, "shop"},
		{`CREATE VIEW v AS SELECT shop.public.t.a, "Other".public.u.b FROM shop.public.t, "Other".public.u, public.t.x;`, CreateView, "v", 0, "shop Other"},
		{`CREATE VIEW v AS SELECT t.a, 'x.y.z', 1.5 FROM information_schema.tables;`, CreateView, "v", 0, ""},
		{`CREATE VIEW v AS SELECT public.t.a FROM public.public.t;`, CreateView, "v", 0, "public"},
		{`CREATE VIEW v AS SELECT t FROM shop . information_schema . tables;`, CreateView, "v", 0, "shop"},
		{`CREATE VIEW v AS SELECT nextval('other.public.s':::STRING), nextval(e'x');`, CreateView, "v", 0, "other"},
		{`CREATE SEQUENCE "My ""s""" MINVALUE 1;`, CreateSequence, `My "s"`, 0, ""},
		{`CREATE TYPE mood AS ENUM ('a;b');`, CreateType, "mood", 0, ""},
		{`INSERT INTO t (a, b) VALUES (1, (-3)), ('),(', ARRAY[1,2]), (e'\'),(', f(x));`, Insert, "t", 3, ""},
		{`INSERT INTO "T 1" VALUES (1);`, Insert, "T 1", 1, ""},
		{`INSERT INTO t ("values", x) VALUES (1, 2);`, Insert, "t", 1, ""},
		{`INSERT INTO t (` + strings.Repeat("column_name, ", 100) + `x) VALUES (1), (2);`, Insert, "t", 2, ""},
		{`INSERT INTO t (a) SELECT 1;`, Other, "", 0, ""},
		{`INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING;`, Other, "t", 1, ""},
		{`INSERT INTO t (a) VALUES (1) RETURNING (a);`, Other, "t", 1, ""},
		{`UPSERT INTO t (a) VALUES (1);`, Other, "", 0, ""},
		{`SELECT setval('s', 110, false);`, Setval, "s", 0, ""},
		{`SELECT setval('"My ""s"".x"', -5, true);`, Setval, `My "s".x`, 0, ""},
		{`SELECT setval('shop.public.s', 1, false);`, Setval, "s", 0, "shop"},
		{`SELECT setval('s', 1, false), crdb_internal.force_panic('x');`, Other, "", 0, ""},
		{`SELECT 1;`, Other, "", 0, ""},
		{`ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES u(id) ON DELETE CASCADE;`, AddForeignKey, "t", 0, ""},
		{`ALTER TABLE "T 1" ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES other.public.u(id, x);`, AddForeignKey, "T 1", 0, "other"},
		{`ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES u(id), DROP COLUMN b;`, Other, "", 0, ""},
		{`ALTER TABLE t VALIDATE CONSTRAINT fk;`, Validate, "t", 0, ""},
		{`ALTER TABLE t RENAME TO u;`, Other, "t", 0, ""},
		{`ALTER DATABASE d RENAME TO e;`, Other, "", 0, ""},
		{`ALTER USER root WITH PASSWORD 'x';`, Privilege, "", 0, ""},
		{`COMMENT ON TABLE t IS e'a\nb';`, Comment, "", 0, ""},
		{`;`, Empty, "", 0, ""},
		{`USE shop;`, UseDatabase, "", 0, ""},
		{`SET DATABASE = shop;`, UseDatabase, "", 0, ""},
		{`SET SESSION database = shop;`, UseDatabase, "", 0, ""},
		{`SET CLUSTER SETTING a.b = 1;`, ClusterSetting, "", 0, ""},
		{`RESET CLUSTER SETTING a.b;`, ClusterSetting, "", 0, ""},
		{`SET sql_safe_updates = false;`, Set, "", 0, ""},
		{`SET TRANSACTION PRIORITY LOW;`, Transaction, "", 0, ""},
		{`CREATE DATABASE x;`, CreateDatabase, "", 0, ""},
		{`DROP TABLE t;`, Drop, "", 0, ""},
		{`truncate t;`, Drop, "", 0, ""},
		{`DELETE FROM t;`, Drop, "", 0, ""},
		{`BEGIN;`, Transaction, "", 0, ""},
		{`GRANT ALL ON t TO u;`, Privilege, "", 0, ""},
		{`CREATE USER u;`, Privilege, "", 0, ""},
		{`CREATE UNIQUE INDEX i ON t (a);`, Other, "", 0, ""},
		{`\! rm -r x;`, ClientCommand, "", 0, ""},
		{"SELECT '\n\\! x';", ClientCommand, "", 0, ""},
		{"exit\nCREATE TABLE t (a INT);", Other, "", 0, ""},
		{`"x";`, Other, "", 0, ""},
		{`(SELECT 1);`, Other, "", 0, ""},
		{`- 1;`, Other, "", 0, ""},
		{`/ 1;`, Other, "", 0, ""},
	}
	for _, test := range tests {
		statements, texts, _, err := split(t, "-- before\n/* a /* nested */ ; */ "+test.text+" -- after", 0, DefaultPiece)
		if err != nil || len(statements) != 1 {
			t.Errorf("%s: %d statements, %v", test.text, len(statements), err)
			continue
		}
		got := statements[0]
		if got.Kind != test.kind || got.Rows != test.rows || strings.Join(got.Databases, " ") != test.databases || got.Object() != test.object && got.Kind.InDump() {
			t.Errorf("%s: %s %q, %d rows, databases %v; want %s %q %d %s", test.text, got.Kind, got.Object(), got.Rows, got.Databases, test.kind, test.object, test.rows, test.databases)
		}
		if texts[0] != test.text || got.Bytes != int64(len(test.text)) || got.Line != 2 {
			t.Errorf("%s: text %q, %d bytes, line %d", test.text, texts[0], got.Bytes, got.Line)
		}
		if lines, known := got.OutputLines(); known != (got.Kind.InDump() && got.Kind != Empty) || (got.Kind == Setval) != (lines == 2) {
			t.Errorf("%s: %d lines of output, %v", test.text, lines, known)
		}
	}
}

func TestWhereStatementsEnd(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{" \n-- ;\n/* ; */", nil},
		{"a;b;", []string{"a;", "b;"}},
		{"a';'b;c;", []string{"a';'b;", "c;"}},
		{"a'it''s;';b;", []string{"a'it''s;';", "b;"}},
		{`'\';b;`, []string{`'\';`, "b;"}},
		{`e'\';b;';c;`, []string{`e'\';b;';`, "c;"}},
		{`E'\\';c;`, []string{`E'\\';`, "c;"}},
		{`b'\';';c;`, []string{`b'\';';`, "c;"}},
		{`e'a'';';c;`, []string{`e'a'';';`, "c;"}},
		{`be'\';c;`, []string{`be'\';`, "c;"}},
		{`B'1';x'\';c;`, []string{`B'1';`, `x'\';`, "c;"}},
		{"e'a'\n '\\';';c;", []string{"e'a'\n '\\';';", "c;"}},
		{"INSERT INTO t VALUES (e'a'\n '\\';'), ('b');c;", []string{"INSERT INTO t VALUES (e'a'\n '\\';'), ('b');", "c;"}},
		{"e'a' '\\';c;", []string{"e'a' '\\';", "c;"}},
		{`"a"";b";c;`, []string{`"a"";b";`, "c;"}},
		{`a -- ;` + "\n;c;", []string{"a -- ;\n;", "c;"}},
		{"a/*/*;*/;*/;c;", []string{"a/*/*;*/;*/;", "c;"}},
		{"a/**/;c/***/;", []string{"a/**/;", "c/***/;"}},
		{"a-;b/;", []string{"a-;", "b/;"}},
		{"$$;$;$$;c;", []string{"$$;$;$$;", "c;"}},
		{"$x$;$y$;$$;$x$;c;", []string{"$x$;$y$;$$;$x$;", "c;"}},
		{"$x$ $$x$;c;", []string{"$x$ $$x$;", "c;"}},
		{"$1;a$b$;c;", []string{"$1;", "a$b$;", "c;"}},
		{";;", []string{";", ";"}},
		{"- a; / b;", []string{"- a;", "/ b;"}},
	}
	for _, test := range tests {
		for cut := range 4 {
			statements, texts, _, err := split(t, test.text, cut, DefaultPiece)
			if err != nil || !slices.Equal(texts, test.want) {
				t.Errorf("%q cut at %d: %q, %v", test.text, cut, texts, err)
			}
			for _, st := range statements {
				if got := test.text[st.Offset : st.Offset+st.Bytes]; got != texts[st.Number-1] {
					t.Errorf("%q: statement %d is said to be at %d: %q", test.text, st.Number, st.Offset, got)
				}
			}
		}
	}
}

func TestUnfinished(t *testing.T) {
	tests := map[string]string{
		"a; b": "statement", "a; 'x": "string", `a; "x`: "name", "a; /* ": "comment", "a; e'\\": "string", "a; $$ ;": "string",
		"INSERT INTO t VALUES (1),\n": "statement", "a; -": "statement",
	}
	for text, within := range tests {
		_, err := count(t, text, 0)
		var unfinished *UnfinishedError
		if !errors.As(err, &unfinished) || unfinished.Within != within {
			t.Errorf("%q: %v", text, err)
		}
		if _, _, _, scanErr := split(t, text, 1, 10); scanErr == nil || scanErr.Error() != err.Error() {
			t.Errorf("%q: scanner says %v, census %v", text, scanErr, err)
		}
	}
	if _, err := count(t, read(t, "shop.sql")[:2500], 0); err == nil || !strings.Contains(err.Error(), "it was cut") {
		t.Errorf("a cut dump: %v", err)
	}
}

func TestTheFunctionStopsTheScan(t *testing.T) {
	stop := errors.New("stop")
	seen := 0
	scanner := NewScanner(8, func(p Piece) error {
		if seen++; p.Number == 2 {
			return stop
		}
		return nil
	})
	if _, err := scanner.Write([]byte("a;b;c;")); !errors.Is(err, stop) || !errors.Is(scanner.End(), stop) {
		t.Errorf("%v, %v", err, scanner.End())
	}
	if seen != 2 {
		t.Errorf("%d statements were handed over", seen)
	}
}

// TestLongStatements: a statement of many pieces is handed over in order, with its kind known from the first one on.
func TestLongStatements(t *testing.T) {
	text := "INSERT INTO t (a) VALUES\n" + strings.Repeat("\t('"+strings.Repeat("x;", 50)+"'),\n", 2000) + "\t('y');"
	first := true
	var got strings.Builder
	scanner := NewScanner(1000, func(p Piece) error {
		if p.Kind != Insert || p.Name != "t" {
			t.Fatalf("a piece of %s", p.Statement)
		}
		if first = first && !p.Last; !p.Last && len(p.Text) != 1000 {
			t.Fatalf("a piece of %d bytes", len(p.Text))
		}
		if p.Last && p.Rows != 2001 {
			t.Errorf("%d rows", p.Rows)
		}
		got.Write(p.Text)
		return nil
	})
	write(t, scanner, text, 777)
	if err := scanner.End(); err != nil || got.String() != text {
		t.Errorf("the pieces differ from the text: %v", err)
	}
	census := NewCensus()
	write(t, census, "CREATE TABLE \""+strings.Repeat("n", 1<<20)+"\" (a INT, b STRING DEFAULT '"+strings.Repeat("x", 1<<20)+"');"+text, 10000)
	if counts, err := census.End(); err != nil || counts.Rows != 2001 || cap(census.lexer.token) > 4*maxToken {
		t.Errorf("%d rows, %d bytes are held, %v", counts.Rows, cap(census.lexer.token), err)
	}
	if cap(scanner.text) > 4096 {
		t.Errorf("%d bytes are held", cap(scanner.text))
	}
}
