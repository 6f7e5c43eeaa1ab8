package certs

import (
	"os"
	"strings"
	"testing"
)

func TestTheSystemTellsWhatIsInMemory(t *testing.T) {
	for path, says := range map[string]string{"/proc": "it is not of type tmpfs", "/nowhere": "look at its file system: no such file"} {
		if err := inMemory(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := inMemory(usualMemory); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%v: CI skips nothing", err)
		}
		t.Skipf("%s is not as Linux has it: %v", usualMemory, err)
	}
	sandbox := t.TempDir()
	place, err := Memory{}.Open(sandbox, func(format string, args ...any) { t.Errorf(format, args...) })
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(place.NodeDir(), "/dev/shm/cockroachdb-node-") {
		t.Errorf("the keys are in %s", place.NodeDir())
	}
	if err := place.Close(); err != nil {
		t.Error(err)
	}
}
