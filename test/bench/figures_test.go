package bench

import (
	"fmt"
	"os"
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
		{"Evaluation", evaluation}, {"Growth", growth}, {"Frames", frames}, {"Writes", writes}, {"Frugality", frugality}, {"Day", day},
		{"Flood", flood}, {"Reads", reads}, {"Steps", steps}, {"Reaction", reaction}, {"Failover", failover}, {"Demo", demo}, {"Backups", backups},
	} {
		t.Run(group.name, func(t *testing.T) { figures = append(figures, group.measure(t, programs)...) })
	}
	fmt.Println(machine())
	if err := table(os.Stdout, figures, strict); err != nil {
		t.Fatal(err)
	}
	if file := os.Getenv("BENCH_WRITE"); file != "" {
		if err := os.WriteFile(file, page(figures), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range figures {
		if f.missed(strict) {
			t.Errorf("%s: %s %s, the limit is %s", f.name, number(f.value), f.unit, f.bound())
		}
	}
}
