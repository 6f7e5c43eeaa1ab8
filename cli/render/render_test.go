package render_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// waiting is a plan with a long reason under its second step of three.
func waiting() wire.Plan {
	reason := "No offer fits: 3 of 4 agents have less than 8192 MB of memory; the nearest, 10.0.0.7, has 6144 MB. Add an agent, or lower NODE_MEM.\nAsked last 4 s ago."
	return wire.Plan{
		Strategy: "serial", Status: wire.StatusInProgress,
		Phases: []wire.Phase{
			{Name: "node-deploy", Strategy: "serial", Status: wire.StatusInProgress, Steps: []wire.Step{
				{Name: "cockroachdb-0:[node-init]", Status: wire.StatusComplete, Reason: "not shown", Message: "not shown"},
				{Name: "cockroachdb-1:[node-join]", Status: wire.StatusPrepared, Reason: reason},
				{Name: "cockroachdb-2:[node-join]", Status: wire.StatusPending},
			}},
			{Name: "metrics-deploy", Strategy: "serial", Status: wire.StatusPending, Steps: []wire.Step{
				{Name: "metrics-0:[server]", Status: wire.StatusStarted, Reason: "The readiness check has not passed yet."},
			}},
		},
	}
}

func TestTrees(t *testing.T) {
	tests := []struct {
		name string
		draw func(io.Writer) error
	}{
		{"plan", func(w io.Writer) error { return render.Plan(w, "deploy", waiting(), render.Options{}) }},
		{"plan_60_columns", func(w io.Writer) error { return render.Plan(w, "deploy", waiting(), render.Options{Width: 60}) }},
		{"plan_too_narrow", func(w io.Writer) error { return render.Plan(w, "deploy", waiting(), render.Options{Width: 1}) }},
		{"plan_empty", func(w io.Writer) error { return render.Plan(w, "deploy", wire.Plan{}, render.Options{}) }},
		{"plan_errors", func(w io.Writer) error {
			return render.Plan(w, "deploy", wire.Plan{Strategy: "serial", Status: wire.StatusError, Errors: []string{"first\nwith a second line", "other"}}, render.Options{})
		}},
		{"plan_hostile", func(w io.Writer) error {
			return render.Plan(w, "deploy\x1b[2J", wire.Plan{Strategy: "serial\r", Status: "\x07", Errors: []string{"a\x1b]0;title\x07"},
				Phases: []wire.Phase{{Name: "a\nb", Steps: []wire.Step{{Name: "c", Status: wire.StatusError, Reason: "d\x1b[31me\u202ef"}}}}}, render.Options{Width: 40})
		}},
		{"pods", func(w io.Writer) error {
			return render.Pods(w, wire.ServicePods{Service: "/team/crdb", Pods: []wire.PodType{
				{Name: "cockroachdb", Instances: []wire.Pod{
					{Name: "cockroachdb-0", Tasks: []wire.Task{{ID: "x", Name: "cockroachdb-0-node-init", Status: "RUNNING"}, {Name: "cockroachdb-0-backup"}}},
					{Name: "cockroachdb-1", Tasks: []wire.Task{{ID: "y", Name: "cockroachdb-1-node-join", Status: "LOST", Reason: "its agent 10.0.0.7 does not answer"}}},
				}},
				{Name: "metrics"},
			}}, render.Options{})
		}},
		{"pod", func(w io.Writer) error {
			return render.Pod(w, wire.Pod{Name: "metrics-0", Tasks: []wire.Task{{ID: "x", Name: "metrics-0-server"}}}, render.Options{})
		}},
		{"why_hostile", func(w io.Writer) error {
			return render.Why(w, wire.Why{Service: "a\x1b[2J", Waiting: []wire.Waiting{
				{Kind: "odd\r", Subject: "b\nc", Status: "\x07", Plan: "p\x1b", Phase: "q\x1b", Text: "d\x1b[31m\nsecond line", Remedy: "e\x1b\nsecond line",
					Order:    &wire.Order{Verb: "v\x1b", Pod: "w\x1b", By: "x\x1b", Force: true},
					Refusals: &wire.Refusals{Agents: 1, AgentID: "f\x1b", Causes: []wire.Cause{{Text: "g\x1b", Remedy: "h\x1b"}}, Nearest: &wire.Nearest{AgentID: "i\x1b", Hostname: "j\x1b", Causes: []string{"k\x1b", "l"}}}},
				{Kind: wire.WaitsStep, Why: "earlier-step", Subject: "m\x1b"},
			}, Database: []wire.NodeView{{Task: "n\x1b", Error: "o\x1b\n"}}})
		}},
		{"why_long_line", func(w io.Writer) error {
			waiting := []wire.Waiting{{Kind: wire.WaitsAgent, Subject: "agent-1", Text: "the master cannot reach agent-1", Refusals: &wire.Refusals{}}}
			for i := range 9 {
				waiting = append(waiting, wire.Waiting{Kind: wire.WaitsStep, Why: "earlier-step", Subject: fmt.Sprintf("cockroachdb-%d:[node-join]", i)})
			}
			return render.Why(w, wire.Why{Service: "cockroachdb", Waiting: waiting})
		}},
		{"events_hostile", func(w io.Writer) error {
			return render.Events(w, []wire.Event{{Seq: 1, Level: "I\x1b", Message: "a\nb", Facts: []wire.Named{{Name: "c\x1b", Value: "d\n\x1b[2J"}, {Name: "e", Value: "f=g"}}}, {}})
		}},
		{"diff_hostile", func(w io.Writer) error {
			return render.Diff(w, wire.Diff{Changes: []wire.Change{{Field: "a\x1b", Old: "b\n", New: "c\x1b"}}, Steps: []wire.DiffStep{
				{Task: "d\x1b", Action: "e\x1b", Order: 12, Why: []string{"f\x1b"}}, {Task: "g\x1b", Action: wire.ActionKeep}}})
		}},
		{"diff_full_stop", func(w io.Writer) error {
			return render.Diff(w, wire.Diff{FullStop: true, Changes: []wire.Change{{Field: "TLS_ENABLED", Old: "false", New: "true"}},
				Steps: []wire.DiffStep{{Task: "cockroachdb-0-node-init", Action: wire.ActionRestart, Order: 1, Why: []string{"TLS_ENABLED"}}}})
		}},
		{"offers_none", func(w io.Writer) error { return render.Offers(w, wire.DebugOffers{}) }},
		{"offers_hostile", func(w io.Writer) error {
			return render.Offers(w, wire.DebugOffers{Summary: map[string]wire.Refusals{"b\x1b": {Agents: 1}, "a": {}},
				Offers: []wire.OfferOutcome{{Pod: "c\x1b", Outcome: "d\x1b", Explanation: []string{"e\x1b"}, Offer: wire.OfferOf{Hostname: "f\x1b"}}}})
		}},
		{"debug_plans_hostile", func(w io.Writer) error {
			return render.DebugPlans(w, wire.DebugPlans{State: "a\x1b", Plans: []wire.DebugPlan{{Name: "b\x1b", Phases: []wire.DebugPhase{{Name: "c\x1b",
				Steps: []wire.DebugStep{{Name: "d\x1b", Status: "e\x1b", Errors: []string{"f\x1b"}}}}}}}})
		}},
		{"task_statuses_hostile", func(w io.Writer) error {
			return render.TaskStatuses(w, wire.DebugStatuses{{Name: "a\x1b", Phases: []wire.PhaseStatuses{{Steps: []wire.StepStatuses{{Name: "b\x1b",
				Tasks: []wire.TaskOfAStep{{Name: "c\x1b", Status: "d\x1b", ID: "e\x1b"}}}}}}}})
		}},
		{"reservations_hostile", func(w io.Writer) error {
			return render.Reservations(w, wire.ReservationDetails{"ä\x1b": {{Pod: "b\x1b", For: "c\x1b", Kind: "d\x1b", ID: "e\x1b", Amount: 0.5},
				{Kind: "ports", Port: "f\x1b", Ports: []wire.Ports{{Begin: 1, End: 1}, {Begin: 3, End: 5}}}, {}}, "longer": nil})
		}},
		{"reservation_ids_hostile", func(w io.Writer) error {
			return render.ReservationIDs(w, wire.DebugReservations{"ä\x1b": {"b\x1b"}, "longer": nil})
		}},
		{"pairs", func(w io.Writer) error {
			return render.Pairs(w, []render.Pair{{Word: "a", Value: "1"}, {Word: "longer", Value: "2\t3"}})
		}},
		{"json", func(w io.Writer) error { return render.JSON(w, []byte(" {\"b\":[1,{}],\"a\":\"<&>\"}\n")) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := tt.draw(&out); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsFunc(out.String(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
				t.Errorf("control characters in %q", out.String())
			}
			golden(t, tt.name, out.Bytes())
		})
	}
}

func TestAWidthIsKept(t *testing.T) {
	var out bytes.Buffer
	if err := render.Plan(&out, "deploy", waiting(), render.Options{Width: 60}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 60 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestJSONRefusesWhatIsNoJSON(t *testing.T) {
	if err := render.JSON(io.Discard, []byte("<html>")); err == nil {
		t.Error("no error")
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestErrorsOfTheWriterComeBack(t *testing.T) {
	for name, err := range map[string]error{
		"Plan":       render.Plan(full{}, "deploy", waiting(), render.Options{}),
		"Pods":       render.Pods(full{}, wire.ServicePods{}, render.Options{}),
		"Pod":        render.Pod(full{}, wire.Pod{}, render.Options{}),
		"JSON":       render.JSON(full{}, []byte("1")),
		"Why":        render.Why(full{}, wire.Why{}),
		"Why, some":  render.Why(full{}, wire.Why{Waiting: []wire.Waiting{{}}}),
		"Events":     render.Events(full{}, nil),
		"Diff":       render.Diff(full{}, wire.Diff{}),
		"Offers":     render.Offers(full{}, wire.DebugOffers{}),
		"DebugPlans": render.DebugPlans(full{}, wire.DebugPlans{}),
		"Table":      render.Table(full{}, []string{"a"}, nil),
		"Pairs":      render.Pairs(full{}, []render.Pair{{Word: "a", Value: "b"}}),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}

// A plan of 1,000 steps is what a large cluster's update has.
func bigPlan() wire.Plan {
	p := wire.Plan{Strategy: "serial", Status: wire.StatusInProgress}
	phase := wire.Phase{Name: "node-deploy", Strategy: "serial", Status: wire.StatusInProgress}
	for i := range 1000 {
		phase.Steps = append(phase.Steps, wire.Step{Name: fmt.Sprintf("cockroachdb-%d:[node-join]", i), Status: wire.StatusPending, Reason: strings.Repeat("waits ", 30)})
	}
	p.Phases = append(p.Phases, phase)
	return p
}

func TestAThousandStepsAreDrawnInNoTime(t *testing.T) {
	p, best := bigPlan(), time.Hour
	for range 10 { // the best counts: a busy machine is not what is measured
		start := time.Now()
		if err := render.Plan(io.Discard, "deploy", p, render.Options{Width: 80}); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	if best > 100*time.Millisecond {
		t.Errorf("took %s, more than 100 ms", best)
	}
}

func BenchmarkPlan(b *testing.B) {
	p := bigPlan()
	for b.Loop() {
		if err := render.Plan(io.Discard, "deploy", p, render.Options{Width: 80}); err != nil {
			b.Fatal(err)
		}
	}
}
