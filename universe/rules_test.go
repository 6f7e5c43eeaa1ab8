package universe

import (
	"os"
	"strings"
	"testing"
)

func TestFaultsOfArgumentsAreNamedAllAtOnce(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Build)
		want   []string
	}{
		{"no release", func(b *Build) { b.Release = "" }, []string{`release ""`}},
		{"release with an underscore", func(b *Build) { b.Release = "v1_0" }, []string{`release "v1_0"`}},
		{"release with a plus", func(b *Build) { b.Release = "1.0+dirty" }, []string{`release "1.0+dirty"`}},
		{"no database", func(b *Build) { b.Database, b.Archive = "", "" }, []string{"database: is not set"}},
		{"database of long ago", func(b *Build) { b.Database, b.Archive = "v1.1.7", "" }, []string{`database COCKROACH_VERSION="v1.1.7"`}},
		{"no address", func(b *Build) { b.URL = "" }, []string{`url ""`}},
		{"slash at the end", func(b *Build) { b.URL = "http://host/" }, []string{`url "http://host/"`}},
		{"address with quotes", func(b *Build) { b.URL = `http://host/"` }, []string{`url "http://host/\""`}},
		{"file address", func(b *Build) { b.URL = "file:///srv" }, []string{`url "file:///srv"`}},
		{"no such archive", func(b *Build) { b.Archive = "no/such/file" }, []string{`archive "no/such/file"`}},
		{"archive is a folder", func(b *Build) { b.Archive = t.TempDir() }, []string{"is not a file"}},
		{"all versions", func(b *Build) { b.UpgradesFrom = []string{"*"} }, []string{`upgrades-from "*"`, "before v2.0"}},
		{"a Java version that cannot be taken over", func(b *Build) { b.UpgradesFrom = []string{"1.1.7-1.1.7"} }, []string{`upgrades-from "1.1.7-1.1.7"`, "cannot be taken over"}},
		{"back to all versions", func(b *Build) { b.DowngradesTo = []string{"*"} }, []string{`downgrades-to "*"`, "Java scheduler"}},
		{"a Java version", func(b *Build) { b.DowngradesTo = []string{"2.0.1-2.0.1"} }, []string{`downgrades-to "2.0.1-2.0.1"`}},
		{"no version", func(b *Build) { b.DowngradesTo = []string{"a_b"} }, []string{`downgrades-to "a_b"`}},
		{"several", func(b *Build) { b.Release, b.URL, b.Archive = "", "x", "y" }, []string{`release ""`, `url "x"`, `archive "y"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := example(t)
			tt.change(&b)
			_, err := b.Make(t.Context())
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want one with %s", err, want)
				}
			}
			if entries, _ := os.ReadDir(b.Out); len(entries) > 0 {
				t.Errorf("files were written: %v", entries)
			}
		})
	}
}

func TestRulesOfTheUniverse(t *testing.T) {
	b := example(t)
	if _, err := b.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, file, old, new, want string }{
		{"as built", "package.json", "", "", ""},
		{"letters beyond ASCII", "config.json", "Node count", "N\u00f6de count", "config.json: byte"},
		{"a tab", "marathon.json.mustache", "  \"id\"", "\t\"id\"", "marathon.json.mustache: byte"},
		{"an escaped letter", "config.json", "Node count", `N\u00f6de count`, "escaped letter"},
		{"a key of its own", "package.json", `"framework"`, `"frameworks"`, "key frameworks is not allowed"},
		{"a missing key", "package.json", `"maintainer"`, `"scm"`, "key maintainer is missing"},
		{"a name with capitals", "package.json", `"name": "cockroachdb"`, `"name": "CockroachDB"`, `name "CockroachDB"`},
		{"a version with a plus", "package.json", "1.2.3-24.1.6", "1.2.3+24.1.6", `version "1.2.3+24.1.6"`},
		{"an old form", "package.json", `"4.0"`, `"3.0"`, "packagingVersion"},
		{"a tag with a blank", "package.json", `"sql"`, `"a database"`, `tag "a database"`},
		{"no JSON", "resource.json", "{", "", "resource.json: is not JSON"},
		{"too big", "config.json", "Node count", strings.Repeat("x", maxSource), "config.json: has"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sources := map[string][]byte{}
			for name, content := range contents(t, b.Out) {
				if name, ok := strings.CutPrefix(name, "package/"); ok {
					sources[name] = []byte(content)
				}
			}
			changed := strings.Replace(string(sources[tt.file]), tt.old, tt.new, 1)
			if tt.want != "" && changed == string(sources[tt.file]) {
				t.Fatal("the row changes nothing")
			}
			sources[tt.file] = []byte(changed)
			err := Check(sources)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	if err := Check(map[string][]byte{"command.json": []byte("{}")}); err == nil || !strings.Contains(err.Error(), "command.json: is not a file of a package") ||
		!strings.Contains(err.Error(), "resource.json: is missing") {
		t.Errorf("other files: %v", err)
	}
}
