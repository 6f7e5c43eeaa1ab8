package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

// ask runs the command with these variables and gives its output and exit code.
func ask(t *testing.T, flags []string, environ ...string) (output string, code int) {
	t.Helper()
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
	var out, warnings bytes.Buffer
	command := root()
	command.SetArgs(append([]string{"diff"}, flags...))
	command.SetOut(&out)
	command.SetErr(&warnings)
	code = exitCode(command.ExecuteContext(context.Background()))
	return out.String(), code
}

// deploy makes a stored state as a first start does, and keeps it open as a running scheduler does.
func deploy(t *testing.T, url string) store.Store {
	t.Helper()
	ctx := context.Background()
	settings := config.Parse([]string{"PORT_API=8090", "STATE_STORE=" + url}, time.Now()).Settings
	kept, err := store.Open(ctx, url, settings.Root())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	if _, err := kept.Load(ctx); err != nil {
		t.Fatal(err)
	}
	_, effects := core.Start(core.Facts{}, settings.Target(), "3e8ef5c5-0d5c-4a35-9ef4-3d6e2f4b6a11", time.Now(), settings.Core())
	stored := false
	for _, effect := range effects {
		if write, ok := effect.(core.Write); ok {
			stored = true
			if err := kept.Apply(ctx, store.Batch{Set: write.Set}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !stored {
		t.Fatal("the first start wrote nothing")
	}
	return kept
}

func TestDiffBesideARunningScheduler(t *testing.T) {
	folder := t.TempDir()
	url := "file://" + folder
	given := []string{"PORT_API=8090", "STATE_STORE=" + url}
	if out, code := ask(t, nil, given...); code != 0 || !strings.Contains(out, "Nothing is deployed yet as cockroachdb: everything would be new.") ||
		!strings.Contains(out, "add  metrics-0-server") {
		t.Errorf("before the first start: code %d\n%s", code, out)
	}
	if found, err := os.ReadDir(folder); err != nil || len(found) > 0 {
		t.Errorf("looking left %v, %v", found, err)
	}
	running := deploy(t, url)
	for _, tt := range []struct {
		name string
		set  string
		code int
		says string
	}{
		{"a valid change", "NODE_COUNT=4", 0, `NODE_COUNT "3" => "4"  adds 1, restarts nothing`},
		{"a refused one", "NODE_DISK=9000", 1, `NODE_DISK="9000": cannot change from "5000" to "9000"`},
		{"a faulty environment", "NODE_DISK=much", 2, `NODE_DISK="much": is not a whole number`},
		{"another name", "FRAMEWORK_NAME=other", 0, "Nothing is deployed yet as other"},
		{"a store in memory", "STATE_STORE=memory:", 3, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, code := ask(t, nil, append(given, tt.set)...)
			if code != tt.code || !strings.Contains(out, tt.says) {
				t.Errorf("code %d, want %d\n%s\nwant %q", code, tt.code, out, tt.says)
			}
		})
	}
	t.Run("for machines", func(t *testing.T) {
		out, code := ask(t, []string{"--json"}, append(given, "NODE_DISK=9000", "NODE_COUNT=1")...)
		var shown wire.Diff
		if err := json.Unmarshal([]byte(out), &shown); err != nil || code != 1 || len(shown.Faults) != 2 {
			t.Errorf("code %d, %v\n%s", code, err, out)
		}
	})
	if err := running.Apply(context.Background(), store.Batch{Set: map[string][]byte{"key": []byte("1")}}); err != nil {
		t.Errorf("the running scheduler was disturbed: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "dcos-service-cockroachdb.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, code := ask(t, nil, given...); code != 3 {
		t.Errorf("a broken state: code %d\n%s", code, out)
	}
}
