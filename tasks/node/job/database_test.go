package job

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
)

// TestALongQuestionOutlivesItsNode: the time for finding another one begins when the first is lost, however long that took.
func TestALongQuestionOutlivesItsNode(t *testing.T) {
	for name, c := range map[string]struct {
		client string
		good   bool
	}{
		"lost once":     {"if [ -e lost ]; then echo n; echo 5; exit 0; fi; touch lost; sleep 0.4; echo 'ERROR: connection lost' >&2; exit 1", true},
		"lost for good": {"echo x >> tries; echo 'ERROR: connection lost' >&2; exit 1", false},
		"at fault":      {"echo x >> tries; echo 'ERROR: no such table' >&2; echo 'SQLSTATE: 42P01' >&2; exit 1", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			client := filepath.Join(dir, "cockroach")
			if err := os.WriteFile(client, []byte("#!/bin/sh\n"+c.client+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			version, err := cockroach.Parse("v20.1.5")
			if err != nil {
				t.Fatal(err)
			}
			d := &database{binary: client, dir: dir, client: version, environ: []string{"PATH=" + os.Getenv("PATH")}, nodes: make([]cockroach.Address, 2),
				pace: pace{connect: 200 * time.Millisecond, first: time.Millisecond}, journal: node.NewJournal(io.Discard, time.Now)}
			out, err := d.ask(t.Context(), "count", "SELECT 1;\n")
			if (err == nil) != c.good || c.good && out != "n\n5\n" {
				t.Errorf("%q, %v", out, err)
			}
			refused := (*sqlError)(nil)
			if err == nil {
				return
			}
			if tries := strings.Count(readAll(filepath.Join(dir, "tries")), "x"); !errors.As(err, &refused) || refused.Served != (tries == 1) {
				t.Errorf("%d tries: %v", tries, err)
			}
		})
	}
}

func TestKeysAreHiddenInEveryForm(t *testing.T) {
	s := &scrubbing{}
	s.hide("se+cr/et& token=")
	for _, form := range []string{"se+cr/et& token=", "se%2Bcr%2Fet%26+token%3D", "se%2Bcr%2Fet%26%20token%3D", "se+cr%2Fet&%20token="} {
		if got := s.clean("the address " + form + " is wrong"); got != "the address [redacted] is wrong" {
			t.Error(got)
		}
	}
}
