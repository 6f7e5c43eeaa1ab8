package dump

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// same checks that cutting text makes no difference, and that scanner and census agree.
func same(t testing.TB, text string, cuts ...int) {
	t.Helper()
	wantStatements, wantTexts, wantCounts, wantErr := split(t, text, 0, DefaultPiece)
	var end int64
	for i, st := range wantStatements {
		if st.Number != int64(i+1) || st.Offset < end || text[st.Offset:st.Offset+st.Bytes] != wantTexts[i] {
			t.Fatalf("statement %d of %q: %+v", i+1, text, st)
		}
		if want := int64(1 + strings.Count(text[:st.Offset], "\n")); st.Line != want {
			t.Fatalf("statement %d of %q: line %d, want %d", i+1, text, st.Line, want)
		}
		end = st.Offset + st.Bytes
	}
	for _, cut := range cuts {
		statements, texts, counts, err := split(t, text, cut, 16)
		if !reflect.DeepEqual(statements, wantStatements) || !reflect.DeepEqual(texts, wantTexts) || !reflect.DeepEqual(counts, wantCounts) || errorText(err) != errorText(wantErr) {
			t.Fatalf("%q cut into pieces of %d:\n%+v\n%+v\n%v, want\n%+v\n%+v\n%v", text, cut, statements, counts, err, wantStatements, wantCounts, wantErr)
		}
		census, err := count(t, text, cut)
		// Lines that begin with a backslash are the scanner's alone.
		if census.Statements != counts.Statements || census.Rows != counts.Rows || census.Bytes != counts.Bytes || errorText(err) != errorText(wantErr) {
			t.Fatalf("%q: the census counts %+v, %v, the scanner %+v", text, census, err, counts)
		}
		if !strings.Contains(text, "\n\\") && !reflect.DeepEqual(census, counts) {
			t.Fatalf("%q: the census counts %+v, the scanner %+v", text, census, counts)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestCutsMakeNoDifference(t *testing.T) {
	for _, name := range recorded {
		same(t, read(t, name), 1, 2, 3, 7, 64, 1000)
	}
	same(t, "- a; / b;\n/ c;-- x\n - d", 1, 2, 3)
	same(t, "SELECT '\n\\! x';", 1, 2, 3)
	// Every cut in two.
	text := "SELECT e'a\\'' -- x;\n;/*y*/INSERT INTO \"t\"\"u\" VALUES ('a''b'),(2);$x$;$x$;"
	want, _, _, _ := split(t, text, 0, DefaultPiece)
	for cut := range len(text) {
		var got []Statement
		scanner := NewScanner(0, func(p Piece) error { got = append(got, p.Statement); return nil })
		write(t, scanner, text[:cut], 0)
		write(t, scanner, text[cut:], 0)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("cut at %d: %+v", cut, got)
		}
	}
}

// scraps are what texts are made of that come near every state of the lexer.
var scraps = []string{"'", `"`, "-", "--", "/", "/*", "*/", "$", "$a$", "e'", "b'", `\`, "\n", " ", "(", ")", ";", "a", "1", ".", ",", "é",
	"insert into t values ", "create table ", "select setval(", "alter table "}

func TestRandomTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		var b strings.Builder
		for range 1 + random.IntN(14) {
			b.WriteString(scraps[random.IntN(len(scraps))])
		}
		same(t, b.String(), 1, 2, 3)
	}
}

func FuzzCuts(f *testing.F) {
	for _, name := range recorded {
		f.Add(read(f, name)[:500], 5)
	}
	for _, text := range []string{"- a;/", "e'\\'\n'\\';", "$a$;$a$;", "CREATE VIEW a.b.c AS d.e.f;", "SELECT setval('a.b.c', -1);", "INSERT INTO a (b) VALUES ((1)) x;", "\n\\! x;", "alter table a add foreign"} {
		f.Add(text, 1)
	}
	f.Fuzz(func(t *testing.T, text string, cut int) {
		same(t, text, 1+(cut&0xff), 1)
	})
}

func BenchmarkCensus(b *testing.B) {
	rows := map[string]string{
		"strings": "\t(1, 7919, 'c4ca4238a0b923820dcc509a6f75849b', '" + strings.Repeat("c16a5320fa475530d9583c34fd356ef5", 10) + "', '2020-01-01 00:00:01+00:00'),\n",
		"numbers": "\t(1229657610863804417, 5, (-3), 1.50, NULL, true, 10, 11, 12, 13, 14, 1e+300),\n",
		"short":   "\t(1, 'a', '2020-01-01', NULL),\n",
		"escapes": "\t(1, e'it\\'s\\nline2\\ttab \\\\ back \\u00E9 \\U000065E5\\U0000672C', '\\x0001feff'),\n",
	}
	for name, row := range rows {
		b.Run(name, func(b *testing.B) {
			statement := []byte("INSERT INTO t (a, b, c) VALUES\n" + strings.Repeat(row, 100) + "\t(1);\n\n")
			var text []byte
			for len(text) < 1<<20 {
				text = append(text, statement...)
			}
			census := NewCensus()
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				for rest := text; len(rest) > 0; {
					n := min(len(rest), 64<<10)
					if _, err := census.Write(rest[:n]); err != nil {
						b.Fatal(err)
					}
					rest = rest[n:]
				}
			}
		})
	}
}
