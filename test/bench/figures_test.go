package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// TestFigures measures everything, prints one table, and fails for each figure that misses its limit by too much.
func TestFigures(t *testing.T) {
	strict := os.Getenv("BENCH_STRICT") == "1"
	programs := build(t)
	var figures []figure
	for _, group := range []struct {
		name    string
		measure func(t *testing.T, programs string) []figure
	}{
		{"Evaluation", evaluation}, {"Flood", flood}, {"Steps", steps}, {"Demo", demo}, {"Frugality", frugality},
	} {
		t.Run(group.name, func(t *testing.T) { figures = append(figures, group.measure(t, programs)...) })
	}
	fmt.Printf("%s, %d cores, load %s\n", runtime.Version(), runtime.NumCPU(), load())
	if err := table(os.Stdout, figures, strict); err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if f.missed(strict) {
			t.Errorf("%s: %s %s, the limit is %s", f.name, number(f.value), f.unit, f.bound())
		}
	}
}

// load is the machine's load average, which tells how far times can be trusted.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(data), " ")
	return first
}
