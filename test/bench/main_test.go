package bench

import (
	"flag"
	"os"
	"strings"
	"testing"
)

// TestMain leaves the figures out unless -run names them. They are left out as -skip does it, so that nothing counts
// as a skipped test.
func TestMain(m *testing.M) {
	flag.Parse()
	if !strings.Contains(value("test.run"), "Figures") {
		pattern := "^TestFigures$"
		if skip := value("test.skip"); skip != "" {
			pattern = "(" + skip + ")|" + pattern
		}
		if err := flag.Set("test.skip", pattern); err != nil {
			panic(err) // the flag has been there since Go 1.20
		}
	}
	os.Exit(m.Run())
}

func value(name string) string { return flag.Lookup(name).Value.String() }
