package cockroach_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var changing = regexp.MustCompile(`\d{19}(\.0+)?|\d{10}\.\d{9}|cluster=[-0-9a-f]+`)

// TestAnswers gives the stand-in what a real v20.1.5 was given, in the same order,
// and wants the same answers to the letter.
func TestAnswers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/answers-v20.1.5.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := cluster(t, recorded, 1)[0]
	cases := strings.Split(string(text), "\n\n$ ")[1:]
	if len(cases) < 150 {
		t.Fatalf("%d cases were read", len(cases))
	}
	for _, c := range cases {
		statement, rest, _ := strings.Cut(c, "\n")
		out, rest, ok := strings.Cut("\n"+rest, "\n--- stderr\n")
		fault, exit, ok2 := strings.Cut("\n"+rest, "\n--- exit ")
		code, err := strconv.Atoi(strings.TrimSpace(exit))
		if !ok || !ok2 || err != nil {
			t.Fatalf("the recording is not understood at %q", statement)
		}
		var args []string
		switch {
		case strings.HasPrefix(statement, "#"):
			args = strings.Fields(statement[1:])
		case strings.HasPrefix(statement, "@clerk "):
			args = []string{"sql", "--format=csv", "--user=clerk", "-e", strings.TrimPrefix(statement, "@clerk ")}
		default:
			args = []string{"sql", "--format=csv", "-e", statement}
		}
		r := n.cockroach(args...)
		same := func(got, want string) bool {
			return strings.TrimSpace(changing.ReplaceAllString(got, "N")) == strings.TrimSpace(want)
		}
		if !same(r.out, out) || !same(r.err, fault) || r.code != code {
			t.Errorf("%s\nexit %d\n%s\n%s\nwant exit %d%s\n%s", statement, r.code, r.out, r.err, code, out, fault)
		}
	}
}
