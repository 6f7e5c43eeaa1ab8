package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/dcos-cockroachdb/dcos-cockroachdb/"

// part is a folder and what of ours it may import. The longest matching folder is a package's part.
type part struct {
	folder string
	pure   bool
	may    []string
}

var parts = []part{
	{"tasks", true, []string{"tasks"}},
	{"tasks/launch", true, []string{"tasks"}},
	{"tasks/cockroach", true, nil},
	{"tasks/dump", true, nil},
	{"tasks/backup", true, []string{"tasks", "tasks/cockroach"}},
	{"tasks/node", false, []string{"tasks/node", "tasks/cockroach", "tasks", "scheduler/api/wire"}},
	{"offers", true, []string{"offers", "tasks"}},
	{"plans", true, []string{"plans", "tasks"}},
	{"scheduler/core", true, []string{"scheduler/core", "plans", "offers", "tasks", "tasks/launch"}},
	{"scheduler/api/wire", true, nil},
	{"scheduler/takeover", true, []string{"scheduler/core", "tasks", "tasks/launch", "tasks/cockroach"}},
	{"scheduler/probe", false, []string{"scheduler/core", "plans", "tasks"}},
	{"scheduler", false, []string{"scheduler", "plans", "offers", "tasks", "tasks/launch", "tasks/cockroach"}},
	{"cli", false, []string{"cli", "scheduler/api/wire"}},
	{"cmd", false, []string{"scheduler", "cli", "tasks", "tasks/node"}},
	{"cmd/cockroachdb-sandbox", false, []string{"scheduler", "cli", "test/mesos"}},
	{"universe", false, []string{"universe", "scheduler"}},
	{"test", false, []string{"test", "scheduler", "plans", "offers", "tasks", "cli", "universe"}},
	{"test/mesos", false, []string{"test/mesos"}},
	{"test/cockroach", false, []string{"test/cockroach"}},
}

// banned are imports of pure packages that reach outside, whole or by name.
var banned = map[string][]string{
	"os": nil, "os/exec": nil, "os/signal": nil, "net": {"Listen", "Dial", "DialTimeout", "LookupHost", "LookupIP", "Interfaces"},
	"net/http":  {"Get", "Post", "Client", "DefaultClient", "ListenAndServe", "Server", "Transport"},
	"io/ioutil": nil, "math/rand": nil, "math/rand/v2": nil, "crypto/rand": nil, "sync": nil, "sync/atomic": nil,
	"log": nil, "syscall": nil, "time": {"Now", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Since", "Until"},
	"log/slog":               {"New", "Default", "Info", "Warn", "Error", "Debug", "Log", "SetDefault"},
	"github.com/google/uuid": {"New", "NewString", "NewRandom", "NewUUID", "NewV7", "NewV6"},
}

func TestEachPartImportsOnlyWhatItMay(t *testing.T) {
	each(t, func(folder, path string, file *ast.File, _ *token.FileSet) {
		own := partOf(folder)
		if own == nil {
			t.Errorf("%s belongs to no part: give it one in this table and in docs/architecture.md", path)
			return
		}
		for _, spec := range file.Imports {
			imported, ours := strings.CutPrefix(unquote(spec.Path.Value), module)
			if ours && !allowed(*own, imported) {
				t.Errorf("%s imports %s: %s may import only %v", path, imported, own.folder, own.may)
			}
		}
	})
}

// edges are the only packages that know Mesos' own types, and so on for the other named libraries: each is wrapped in one
// place, so that changing it is one package's work.
var edges = map[string][]string{
	"github.com/mesos/mesos-go/":           {"tasks/launch", "scheduler/mesos", "scheduler/takeover", "test"},
	"github.com/samuel/go-zookeeper/":      {"scheduler/store/zkconn", "test"},
	"github.com/prometheus/client_golang/": {"scheduler/metrics"},
	"github.com/golang-jwt/":               {"scheduler/auth"},
	"github.com/caarlos0/env/":             {"scheduler/config", "tasks/node"},
	"github.com/aws/aws-sdk-go/":           {"tasks/node/s3", "test"},
	"filippo.io/age":                       {"scheduler/certs", "test"},
}

func TestLibrariesStayWhereTheyAreWrapped(t *testing.T) {
	each(t, func(folder, path string, file *ast.File, _ *token.FileSet) {
		for _, spec := range file.Imports {
			imported := unquote(spec.Path.Value)
			for library, folders := range edges {
				if strings.HasPrefix(imported, library) && !slices.ContainsFunc(folders, func(f string) bool { return within(folder, f) }) {
					t.Errorf("%s imports %s: only %v may", path, imported, folders)
				}
			}
		}
	})
}

func TestPurePackagesReachForNothingOutside(t *testing.T) {
	each(t, func(folder, path string, file *ast.File, set *token.FileSet) {
		own := partOf(folder)
		if own == nil || !own.pure {
			return
		}
		names := map[string][]string{}
		for _, spec := range file.Imports {
			imported := unquote(spec.Path.Value)
			members, listed := banned[imported]
			switch {
			case listed && members == nil:
				t.Errorf("%s imports %s: %s is pure", path, imported, own.folder)
			case listed:
				names[localName(spec, imported)] = members
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: a goroutine in a pure package", set.Position(n.Pos()))
			case *ast.ChanType:
				t.Errorf("%s: a channel in a pure package", set.Position(n.Pos()))
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && slices.Contains(names[x.Name], n.Sel.Name) {
					t.Errorf("%s: %s.%s in a pure package", set.Position(n.Pos()), x.Name, n.Sel.Name)
				}
			}
			return true
		})
	})
}

// each visits every source file that is not a test.
func each(t *testing.T, visit func(folder, path string, file *ast.File, set *token.FileSet)) {
	t.Helper()
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && (name == "testdata" || name == "dist" || name == "tools" || strings.HasPrefix(name, ".") && path != root) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files++
		visit(filepath.ToSlash(filepath.Dir(rel)), filepath.ToSlash(rel), file, set)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Fatalf("only %d files seen: the walk looks at the wrong folder", files)
	}
}

func partOf(folder string) *part {
	var best *part
	for i := range parts {
		if within(folder, parts[i].folder) && (best == nil || len(parts[i].folder) > len(best.folder)) {
			best = &parts[i]
		}
	}
	return best
}

// allowed holds an import against the list. A folder in the list means all below it, except parts of their own that the
// list does not name: the code of the task helper does I/O, and is not there for whoever may import tasks.
func allowed(own part, imported string) bool {
	if slices.ContainsFunc(own.may, func(folder string) bool { return folder == imported }) {
		return true
	}
	target := partOf(imported)
	if target != nil && target.folder == own.folder {
		return true
	}
	for _, folder := range own.may {
		if within(imported, folder) && (target == nil || target.folder != "tasks/node" || slices.Contains(own.may, "tasks/node")) {
			return true
		}
	}
	return false
}

func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}

func unquote(text string) string {
	value, err := strconv.Unquote(text)
	if err != nil {
		return text
	}
	return value
}

func localName(spec *ast.ImportSpec, path string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return path[strings.LastIndex(path, "/")+1:]
}
