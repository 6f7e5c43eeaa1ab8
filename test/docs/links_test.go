package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	other   = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

func TestLinksBetweenPagesLeadSomewhere(t *testing.T) {
	root := filepath.Join("..", "..")
	pages := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "dist" || strings.HasPrefix(entry.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		pages++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if problem := follow(path, found[1]); problem != "" {
				t.Errorf("%s: link %s: %s", path, found[1], problem)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages < 3 {
		t.Fatalf("only %d pages seen", pages)
	}
}

// follow says what is wrong with a link from a page, empty when nothing is.
func follow(page, target string) string {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return ""
	}
	file, anchor, _ := strings.Cut(target, "#")
	path := page
	if file != "" {
		path = filepath.Join(filepath.Dir(page), filepath.FromSlash(file))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		if info, statErr := os.Stat(path); statErr == nil && info.IsDir() && anchor == "" {
			return ""
		}
		return "there is no such file"
	}
	if anchor == "" {
		return ""
	}
	for _, found := range heading.FindAllStringSubmatch(string(text), -1) {
		if slug(found[1]) == anchor {
			return ""
		}
	}
	return "there is no such heading"
}

// slug is the anchor that GitHub makes of a heading.
func slug(title string) string {
	return strings.ReplaceAll(other.ReplaceAllString(strings.ToLower(strings.ReplaceAll(title, "`", "")), ""), " ", "-")
}
