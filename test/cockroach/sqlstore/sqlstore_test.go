package sqlstore

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// nowhere is a surrounding with one function and no settings.
type nowhere struct{}

func (nowhere) Function(call string) (Value, bool) {
	if call == "version()" {
		return "v", true
	}
	return nil, false
}
func (nowhere) Virtual(string) ([]string, [][]Value, bool) { return nil, nil, false }
func (nowhere) Setting(string) (string, error)             { return "", errors.New("no setting") }
func (nowhere) SetSetting(string, Value, bool) error       { return errors.New("no setting") }

// clock counts the statements of the tests: each has a second of its own.
var clock int64 = 1_600_000_000

// run runs statements in database app and shows the last result, or the fault.
func run(s *Store, text string) (string, string) {
	sts, err := Parse(text)
	if err != nil {
		return "", err.(*Error).State
	}
	out := ""
	for _, st := range sts {
		clock++
		r, err := s.Exec(st.Node, Context{Database: "app", Now: clock * int64(time.Second)}, nowhere{})
		if err != nil {
			var e *Error
			if errors.As(err, &e) {
				return "", e.State
			}
			return "", err.Error()
		}
		out = r.Tag
		if r.Columns != nil {
			var lines []string
			for _, row := range r.Rows {
				lines = append(lines, strings.Join(row, ","))
			}
			out = strings.Join(r.Columns, ",") + "|" + strings.Join(lines, "|")
		}
	}
	return out, ""
}

func TestStatements(t *testing.T) {
	s := New(&Memory{}, "app", "system")
	for _, c := range []struct{ text, out, state string }{
		{"create table t (id int primary key, s string(5) default 'x', f float, b bool not null default false)", "CREATE TABLE", ""},
		{"create table t (id int)", "", "42P07"},
		{"create table if not exists t (id int)", "CREATE TABLE", ""},
		{"create table u (a int, a int)", "", "42701"},
		{"create table u (a int, primary key (b))", "", "42703"},
		{"create table nosuch.u (a int)", "", "3D000"},
		{"create table system.u (a int)", "", "42501"},
		{"insert into t values (3, 'c', 1, true), (1, 'a', 1.5, false)", "INSERT 2", ""},
		{"insert into t (id) values (2)", "INSERT 1", ""},
		{"select * from t", "id,s,f,b|1,a,1.5,false|2,x,NULL,false|3,c,1,true", ""},
		{"select id from t order by id desc limit 2", "id|3|2", ""},
		{"select s as name, id from app.public.t where b = true and id = 3", "name,id|c,3", ""},
		{"select count(*) from t where f is null", "count|1", ""},
		{"select count(*) from t where f is not null", "count|2", ""},
		{"select version(), -1, 'it''s', null, true", "version,?column?,?column?,?column?,?column?|v,-1,it's,NULL,true", ""},
		{"select nosuch()", "", "42883"},
		{"select id, count(*) from t", "", "42803"},
		{"select *", "", "42602"},
		{"select x from t", "", "42703"},
		{"insert into t values (3, 'again', 1, true)", "", "23505"},
		{"insert into t values (4, 'd', 1, true), (4, 'd', 1, true)", "", "23505"},
		{"select count(*) from t", "count|3", ""},
		{"insert into t (id, s) values (4, 'longer')", "", "22001"},
		{"insert into t (id, b) values (4, null)", "", "23502"},
		{"insert into t (id) values ('four')", "", "22P02"},
		{"insert into t (id) values (true)", "", "42804"},
		{"insert into t (id) values (1.5)", "", "42804"},
		{"insert into t (id, id) values (1, 2)", "", "42701"},
		{"insert into t (id) values (1, 2)", "", "42601"},
		{"insert into t (id, s) values (default, 'x')", "", "23502"},
		{"update t set s = 'z' where id = 1", "UPDATE 1", ""},
		{"update t set id = 1", "", "23505"},
		{"update t set id = 9 where id = 1; select id, s from t where s = 'z'", "id,s|9,z", ""},
		{"delete from t where id = 9; select count(*) from t", "count|2", ""},
		{"show tables", "table_name|t", ""},
		{"show databases", "database_name|app|system", ""},
		{"create database other; create table other.x (a int)", "CREATE TABLE", ""},
		{"create database other", "", "42P04"},
		{"drop database other restrict", "", "2BP01"},
		{"drop database other cascade", "DROP DATABASE", ""},
		{"drop database other", "", "3D000"},
		{"drop database if exists other", "DROP DATABASE", ""},
		{"drop database system", "", "42501"},
		{"drop table nosuch", "", "42P01"},
		{"drop table if exists nosuch", "DROP TABLE", ""},
		{"drop table t; select * from t", "", "42P01"},
	} {
		if out, state := run(s, c.text); out != c.out || state != c.state {
			t.Errorf("%s: %q %q; want %q %q", c.text, out, state, c.out, c.state)
		}
	}
}

// TestUnknownIsASyntaxError: nothing that the store cannot do succeeds.
func TestUnknownIsASyntaxError(t *testing.T) {
	for _, text := range []string{
		"selec 1", "select 1 from", "select id from a join b", "select id t", "create index on t",
		"alter table t add column b int", "create table t (a xml)", "begin", "grant all t to u",
		"select * from t group by a", "select * from t where a ~ 1", "upsert into t values (1)",
		"backup to 'x'", "set cluster setting", "create table t ()", "create table t (a int", "select 'open", `select "open`, "select $1", "drop role",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q was parsed", text)
		} else if e := err.(*Error); e.State != "42601" {
			t.Errorf("%q: state %s", text, e.State)
		}
	}
}

func TestComplete(t *testing.T) {
	for text, want := range map[string]bool{
		"select 1;": true, "select 1": false, "select 1; -- done\n": true, "select ';": false, "select 1; select 2": false, "": false, ";": true, "$;": true,
	} {
		if Complete(text) != want {
			t.Errorf("Complete(%q) = %v", text, !want)
		}
	}
}

// TestSnapshotKeepsTypes: a store that went through a snapshot is the same store.
func TestSnapshotKeepsTypes(t *testing.T) {
	pages := &Memory{}
	s := New(pages, "app")
	run(s, "create table t (id int, s string default 'd', f float, b bool)")
	run(s, "insert into t values (9007199254740993, e'a\\nb', 1, true), (null, null, null, null), (1, '', -0.5, false)")
	want, _ := run(s, "select * from t")
	b, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	back := New(pages)
	if err := back.Restore(b); err != nil {
		t.Fatal(err)
	}
	if got, _ := run(back, "select * from t"); got != want {
		t.Errorf("%q\nbecame\n%q", want, got)
	}
	run(back, "insert into t (id) values (5)")
	if out, _ := run(back, "select id, s from t where id = 5"); out != "id,s|5,d" {
		t.Errorf("the store goes on: %q", out)
	}
}
