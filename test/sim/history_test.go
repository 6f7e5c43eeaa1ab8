package sim_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

var (
	histories = flag.Int("histories", 50, "how many random histories to live")
	firstSeed = flag.Uint64("seed", 1, "seed of the first history")
	environ   = flag.String("environ", "", "a setting that all histories have")
	workers   = flag.Int("workers", runtime.GOMAXPROCS(0), "how many histories to live at once")
	traces    = flag.Int("trace", 40, "how many lines to tell of what happened last in a failing history")
	shrinks   = flag.Int("shrink", 600, "how many histories to live at most to make a failing one shorter")
)

func TestMain(m *testing.M) {
	// Histories make much garbage and keep little: collecting it seldom makes them a fifth faster.
	debug.SetGCPercent(800)
	os.Exit(m.Run())
}

// TestRandomHistories lives random lives: whatever people wish and whatever fails, the invariants hold at every moment,
// and when the trouble is over, the service is what was wished last.
func TestRandomHistories(t *testing.T) {
	began := time.Now()
	figures, failure := sim.Many(*firstSeed, *histories, *workers, settings()...)
	if failure != nil {
		t.Error(report(*failure))
		return
	}
	t.Log("\n" + figures.Text(time.Since(began)))
}

func settings() []string {
	if *environ == "" {
		return nil
	}
	return []string{*environ}
}

// report tells of a failure, and gives it in a shorter form.
func report(failure sim.Failure) string {
	short := sim.Shrink(failure.History, failure.Invariant(), *shrinks)
	_, text, err := sim.Live(short)
	lines, _ := sim.Traced(short, *traces)
	return fmt.Sprintf("seed %d: %v\n%s\nlive it again: go test ./test/sim -run RandomHistories -seed %d -histories 1\n"+
		"in short: %v\n%s\n%s\nthe last that happened:\n%s", failure.History.Seed, failure.Err, failure.Text, failure.History.Seed, err, short, text, lines)
}

// A history is lived the same way each time, or a seed would not fix it.
func TestAHistoryLivedTwiceIsTheSame(t *testing.T) {
	for seed := range uint64(5) {
		first, _, _ := sim.Live(sim.Generate(seed))
		second, _, _ := sim.Live(sim.Generate(seed))
		if a, b := first.Text(time.Second), second.Text(time.Second); a != b {
			t.Errorf("seed %d:\n%s\n%s", seed, a, b)
		}
	}
}
