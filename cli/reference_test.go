package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheReferencePageIsWhatTheCommandsAre(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "reference", "cli.md"))
	if err != nil {
		t.Fatal(err)
	}
	o := run(t, nil, "reference")
	if o.exit != 0 || o.stdout != string(page) {
		t.Errorf("docs/reference/cli.md is out of date (exit %d): run make generate", o.exit)
	}
	if other := runArgv(t, nil, "./dcos-cockroachdb", "reference"); other.stdout != o.stdout {
		t.Error("the page depends on how the plug-in is started")
	}
	for _, want := range []string{
		"| [`plan pause`](#plan-pause) |", "## debug pod pause", "| `-t`, `--tasks <task>` |", "| `-n`, `--count <number>` | `100` |",
		"dcos cockroachdb plan force-complete <plan> <phase> [step]", "`plans` for `plan`", "Also: `plan interrupt` for `plan pause`.",
	} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, hidden := range []string{"reference`", "--info", "--help"} {
		if strings.Contains(o.stdout, hidden) {
			t.Errorf("the page has %q", hidden)
		}
	}
}
