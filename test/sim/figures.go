package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Figures are how much happened in one history, or in many.
type Figures struct {
	Histories, Processes, Frames, Writes, Calls, Launches, Kills, Destroys, Crashes, Lost, Twice, Dropped int
	// Virtual is the time that passed in the histories.
	Virtual time.Duration
	// Ops are the operations that did something, by name; Idle are those that found nothing to do.
	Ops, Idle map[string]int
	// Answers are those to people's orders and to the tasks of jobs, by order and code.
	Answers map[string]int
	// Jobs are those that ended, by kind and end.
	Jobs map[string]int
}

func (f *Figures) count(call core.Call) {
	f.Calls++
	switch call := call.(type) {
	case core.Accept:
		if call.Launch != nil {
			f.Launches++
		}
		f.Destroys += len(call.Destroy)
	case core.Kill:
		f.Kills++
	}
}

// Add adds the figures of another history.
func (f *Figures) Add(other Figures) {
	for _, pair := range []struct {
		to   *int
		from int
	}{{&f.Histories, other.Histories}, {&f.Processes, other.Processes}, {&f.Frames, other.Frames}, {&f.Writes, other.Writes},
		{&f.Calls, other.Calls}, {&f.Launches, other.Launches}, {&f.Kills, other.Kills}, {&f.Destroys, other.Destroys},
		{&f.Crashes, other.Crashes}, {&f.Lost, other.Lost}, {&f.Twice, other.Twice}, {&f.Dropped, other.Dropped}} {
		*pair.to += pair.from
	}
	f.Virtual += other.Virtual
	for _, pair := range []struct {
		to   *map[string]int
		from map[string]int
	}{{&f.Ops, other.Ops}, {&f.Idle, other.Idle}, {&f.Answers, other.Answers}, {&f.Jobs, other.Jobs}} {
		for name, n := range pair.from {
			increase(pair.to, name, n)
		}
	}
}

func increase(counts *map[string]int, name string, n int) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[name] += n
}

// Text is the figures for people; took is the real time.
func (f Figures) Text(took time.Duration) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d histories in %s, %.0f a second; %s of virtual time\n", f.Histories, took.Round(100*time.Millisecond),
		float64(f.Histories)/took.Seconds(), f.Virtual.Round(time.Hour))
	fmt.Fprintf(&text, "processes %d, of which crashed between effects %d; frames %d; effects: writes %d, calls %d\n", f.Processes, f.Crashes,
		f.Frames, f.Writes, f.Calls)
	fmt.Fprintf(&text, "launches %d, kills %d, volumes destroyed %d\n", f.Launches, f.Kills, f.Destroys)
	fmt.Fprintf(&text, "calls lost %d, updates lost %d, updates twice %d\n", f.Lost, f.Dropped, f.Twice)
	fmt.Fprintf(&text, "operations: %s\n", list(f.Ops))
	fmt.Fprintf(&text, "found nothing to do: %s\n", list(f.Idle))
	fmt.Fprintf(&text, "answers to orders: %s\n", list(f.Answers))
	fmt.Fprintf(&text, "jobs: %s\n", list(f.Jobs))
	return text.String()
}

func list(counts map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(parts, ", ")
}
