package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// many are the imports of who has more than one goroutine.
var many = []string{"sync", "sync/atomic", "testing/synctest", "net/http/httptest", "golang.org/x/sync/errgroup"}

// TestWhatRunsWithoutTheRaceDetectorHasOneGoroutine: the Makefile names packages whose tests have no race to be found. The
// simulation lives several histories at once, each in one goroutine, and they share nothing.
func TestWhatRunsWithoutTheRaceDetectorHasOneGoroutine(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)\nPLAIN := (.*?[^\\])\n`).FindStringSubmatch(string(text))
	if list == nil {
		t.Fatal("the Makefile has no list PLAIN")
	}
	files := 0
	for _, folder := range strings.Fields(strings.ReplaceAll(list[1], "\\", " ")) {
		if folder == "./test/sim" {
			continue
		}
		for _, path := range sources(t, folder) {
			files++
			oneGoroutine(t, path)
		}
	}
	if files < 50 {
		t.Fatalf("only %d files seen", files)
	}
}

// sources are a pattern's files, those of tests too.
func sources(t *testing.T, pattern string) []string {
	t.Helper()
	base, below := strings.CutSuffix(pattern, "/...")
	base = filepath.Join("..", "..", base)
	var found []string
	err := filepath.WalkDir(base, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != base && (!below || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func oneGoroutine(t *testing.T, path string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		if imported := unquote(spec.Path.Value); slices.Contains(many, imported) {
			t.Errorf("%s imports %s: its package is not for PLAIN in the Makefile", path, imported)
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.GoStmt, *ast.ChanType:
			t.Errorf("%s: a goroutine or a channel: its package is not for PLAIN in the Makefile", set.Position(n.Pos()))
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "t" && n.Sel.Name == "Parallel" {
				t.Errorf("%s: tests side by side: its package is not for PLAIN in the Makefile", set.Position(n.Pos()))
			}
		}
		return true
	})
}
