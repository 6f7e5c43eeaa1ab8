package diff

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test -update and look at the difference. Got:\n%s", file, got)
	}
}

func TestWhatEachSettingDoesIsTheGoldenTable(t *testing.T) {
	var page strings.Builder
	for _, one := range rows() {
		fmt.Fprintf(&page, "%s=%s %s\n    %s\n", one.name, one.value, strings.Join(one.given, " "), one.effect)
		for _, step := range one.result.steps() {
			fmt.Fprintf(&page, "    %s %s\n", step.Action, step.Task)
		}
	}
	golden(t, "testdata/changes.golden.txt", []byte(page.String()))
}

// also are settings that take others along, because those are made of them when they are not set.
var also = map[string][]string{
	"VIP_TLD":     {"API_ADVERTISE"},
	"NODE_DISK":   {},
	"STATE_STORE": {},
	// Another name is another service.
	"FRAMEWORK_NAME": {"FRAMEWORK_PRINCIPAL", "service/role", "API_ADVERTISE"},
}

// Every setting has an example, and a change of it is shown under its own name: the table of fields in tasks follows
// what config makes.
func TestEverySettingIsShownUnderItsName(t *testing.T) {
	for _, entry := range config.Table() {
		if strings.HasPrefix(entry.Help, "No effect") || entry.Secret {
			continue
		}
		if !slices.ContainsFunc(examples, func(e example) bool { return e.name == entry.Name }) {
			t.Errorf("nothing says what a change of %s does", entry.Name)
		}
	}
	shown := 0
	for _, one := range rows() {
		for _, change := range one.result.Preview.Changes {
			switch {
			case change.Setting == one.name:
				shown++
				if change.Old == change.New {
					t.Errorf("%s=%s: shown as %s", one.name, one.value, change)
				}
			case !slices.Contains(also[one.name], change.Setting):
				t.Errorf("%s=%s: shows %s", one.name, one.value, change)
			}
		}
	}
	if shown < 40 {
		t.Errorf("only %d changes were shown", shown)
	}
}

func TestThePageIsUpToDate(t *testing.T) {
	var page bytes.Buffer
	if err := Reference(&page); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "changes.md"))
	if err != nil || !bytes.Equal(page.Bytes(), want) {
		t.Errorf("docs/reference/changes.md is out of date: run make generate (%v)", err)
	}
}
