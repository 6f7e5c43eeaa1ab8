package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write puts text into a file of the test's own.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "options.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOptionsBecomeTheVariablesThatTheyAreInThePackage(t *testing.T) {
	file := write(t, `{"service": {"name": "x", "virtual_network": false}, "node": {"count": 3}}`)
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"a file", []string{"diff", "--options", file}, `{"ENABLE_VIRTUAL_NETWORK":"","FRAMEWORK_NAME":"x","NODE_COUNT":"3"}`},
		{"standard input", []string{"diff", "--options=stdin"}, `{"ENABLE_VIRTUAL_NETWORK":"yes","NODE_COUNT":"5000000","NODE_CPUS":"0.5","NODE_KILL_GRACE":"5m","NODE_MEM":"4000"}`},
		{"the command line wins", []string{"diff", "--options", file, "NODE_COUNT=5", "A=b"}, `{"A":"b","ENABLE_VIRTUAL_NETWORK":"","FRAMEWORK_NAME":"x","NODE_COUNT":"5"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t).scheduler(t, "/service/cockroachdb")
			if o := run(t, attachedTo(f), tt.args...); o.exit != 0 {
				t.Fatalf("exit %d: %s", o.exit, o.stderr)
			}
			if !slices.Equal(f.bodies, []string{tt.want}) {
				t.Errorf("sent %q, want %q", f.bodies, tt.want)
			}
		})
	}
}

func TestOptionsOfAnUpdateGoOutAsTheyAre(t *testing.T) {
	file := write(t, `{"node": {"count": 3.0}}`)
	for _, args := range [][]string{
		{"update", "start", "--options", file, "--replace"},
		{"update", "start", "--options=" + file, "--replace", "--package-version", "2"},
		{"update", "start", "--options", "stdin"},
	} {
		f := newFixture(t)
		f.answers["POST /cosmos/service/update"] = canned{200, "application/json", `{}`}
		if o := run(t, attachedTo(f), args...); o.exit != 0 {
			t.Fatalf("exit %d: %s", o.exit, o.stderr)
		}
		want := `"options":{"node":{"count":3.0}},"replace":true}`
		if args[len(args)-1] == "stdin" {
			want = `"replace":false}`
		}
		if !strings.HasSuffix(f.bodies[0], want) || !strings.HasPrefix(f.bodies[0], `{"appId":"cockroachdb",`) {
			t.Errorf("sent %q, want %q", f.bodies[0], want)
		}
	}
}

func TestOptionsThatCannotBeUsedAreToldAllAtOnce(t *testing.T) {
	tests := []struct {
		name, text, command string
		want                []string
	}{
		{"no JSON", `{`, "update start", []string{"is not a JSON object: unexpected end of JSON input", "dcos cockroachdb describe"}},
		{"a list", `[1]`, "diff", []string{"is not a JSON object"}},
		{"null", `null`, "diff", []string{"is not a JSON object"}},
		{"too long", `{"a": "` + strings.Repeat("x", 1<<20) + `"}`, "diff", []string{"it is longer than 1048576 bytes"}},
		{"unknown and unfit", `{"node": {"colour": 1, "mem": [1], "count": null}, "x": {"Y": 2}}`, "diff",
			[]string{`4 settings cannot be used`, `option "node.colour": is no option`, `option "node.mem": is neither`, `option "node.count": is neither`, `option "x.Y": is no option`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			o := run(t, attachedTo(f), append(strings.Fields(tt.command), "--options", write(t, tt.text))...)
			if o.exit != 1 || o.stdout != "" || len(f.asked()) != 0 {
				t.Errorf("exit %d, stdout %q, asked %q", o.exit, o.stdout, f.asked())
			}
			for _, want := range tt.want {
				if !strings.Contains(o.stderr, want) {
					t.Errorf("stderr lacks %q:\n%s", want, o.stderr)
				}
			}
		})
	}
}

func TestARefusedDiffIsAFailureWithJSONToo(t *testing.T) {
	f := newFixture(t)
	f.answers["POST /service/cockroachdb/v1/diff"] = canned{200, "application/json", file(t, "diff_refused.json")}
	o := run(t, attachedTo(f), "diff", "NODE_COUNT=2", "--json")
	if o.exit != 1 || !strings.Contains(o.stdout, `"remedy": "set it to 3 or more"`) || !strings.Contains(o.stderr, "would refuse 2 of these settings") {
		t.Errorf("got %+v", o)
	}
}
