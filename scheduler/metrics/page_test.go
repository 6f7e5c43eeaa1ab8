package metrics

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func page(t *testing.T) string {
	t.Helper()
	var page bytes.Buffer
	if err := Markdown(&page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

func TestThePageOfTheDocsIsTheGeneratedOne(t *testing.T) {
	written, err := os.ReadFile("../../docs/reference/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != page(t) {
		t.Error("docs/reference/metrics.md is out of date: run make generate")
	}
}

// What the page lists is what a scheduler about which all is known shows, and nothing else is shown.
func TestThePageListsWhatIsShown(t *testing.T) {
	m := measured(t)
	shown := served(t, m)
	listed := map[string]bool{}
	for _, match := range regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)(?:\\{[a-z_,]+\\})?` \\|.*$").FindAllStringSubmatch(page(t), -1) {
		listed[match[1]] = true
		if !shown[match[1]] {
			t.Errorf("%s is on the page and not shown", match[1])
		}
	}
	again := map[string]bool{}
	for _, family := range m.facts().all() {
		for _, s := range family.read(m.facts()) {
			if family.sdk {
				again[flat(family.dotted(s))] = true
			}
		}
	}
	for name := range shown {
		runtime := strings.HasPrefix(name, "go_") || strings.HasPrefix(name, "process_")
		if !listed[name] && !again[name] && !runtime && name != "cockroachdb_scheduler_of_tomorrow_total" {
			t.Errorf("%s is shown and not on the page", name)
		}
	}
	if len(listed) < 50 {
		t.Errorf("the page lists %d metrics only", len(listed))
	}
}

func TestFamiliesAreSound(t *testing.T) {
	names, proms := map[string]bool{}, map[string]bool{}
	for _, group := range families() {
		for _, f := range group.families {
			if names[f.name] || proms[f.promName()] || f.read == nil || !strings.HasSuffix(f.help, ".") || len(f.help) < 15 {
				t.Errorf("%s: given twice, or without a meaning in a sentence: %q", f.name, f.help)
			}
			names[f.name], proms[f.promName()] = true, true
			for _, s := range f.read(measured(t).facts()) {
				if len(s.labels) != len(f.labels) {
					t.Errorf("%s: labels %v have values %v", f.name, f.labels, s.labels)
				}
			}
		}
	}
}

// A counter that the core gets and nobody explains would be shown with a help text that says nothing.
func TestEveryCounterOfTheCoreHasAFamily(t *testing.T) {
	files, err := filepath.Glob("../core/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	var list []family
	known := map[string]bool{}
	for _, group := range families() {
		for _, f := range group.families {
			list = append(list, f)
			known[f.name] = true
		}
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			counter, ok := added(n)
			if ok {
				found++
				if !known[counter] && !hasParent(counter+"x", list) {
					t.Errorf("%s counts %q: give it a family", name, counter)
				}
			}
			return true
		})
	}
	if found < 15 {
		t.Errorf("only %d counters found: the core counts in another way now", found)
	}
}

// added is the counter in Counters.add("name", n), or its beginning in Counters.add("name."+label, n).
func added(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return "", false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "add" {
		return "", false
	}
	if receiver, ok := method.X.(*ast.SelectorExpr); !ok || receiver.Sel.Name != "Counters" {
		return "", false
	}
	arg := call.Args[0]
	for sum, ok := arg.(*ast.BinaryExpr); ok; sum, ok = arg.(*ast.BinaryExpr) {
		arg = sum.X
	}
	text, ok := arg.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	name, err := strconv.Unquote(text.Value)
	return name, err == nil
}
