package core

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestWhatAStartMakesOfItsEnvironment(t *testing.T) {
	bigger := func(n *tasks.Target) { n.Pods[0].Count = 5 }
	other := func(n *tasks.Target) { n.Pods[0].Tasks[1].Need.CPUs = tasks.Whole(2) }
	for _, tt := range []struct {
		name   string
		stored Facts
		change func(*tasks.Target)
		want   []string
		// target is in force afterwards; under are the targets of the three records.
		target string
		under  [3]string
		faults int
	}{
		{"the first start", Facts{}, func(*tasks.Target) {}, []string{"write target targets/new"}, "new", [3]string{}, 0},
		{"the same", facts(node(0, tasks.Running)), func(*tasks.Target) {}, nil, "t1", [3]string{"t1"}, 0},
		{"the scheduler moved", facts(node(0, tasks.Running)), func(n *tasks.Target) { n.Service.API = "elsewhere:80" },
			[]string{"write targets/t1"}, "t1", [3]string{"t1"}, 0},
		{"the scheduler speaks TLS", facts(node(0, tasks.Running)), func(n *tasks.Target) { n.Service.APITLS, n.Service.APICA = true, "pem" },
			[]string{"write targets/t1"}, "t1", [3]string{"t1"}, 0},
		{"more nodes: none is touched, all count as launched under the new target",
			facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Failed)), bigger,
			[]string{"write records/cockroachdb-0-node-init records/cockroachdb-1-node-join records/cockroachdb-2-node-join target targets/new -targets/t1"},
			"new", [3]string{"new", "new", "new"}, 0},
		{"a change of node-join leaves node 0 where it is", facts(node(0, tasks.Running), node(1, tasks.Running)), other,
			[]string{"write records/cockroachdb-0-node-init target targets/new"}, "new", [3]string{"new", "t1"}, 0},
		{"fewer nodes are refused", facts(node(0, tasks.Running)), func(n *tasks.Target) { n.Pods[0].Count = 2 }, nil, "t1", [3]string{"t1"}, 1},
		{"all faults at once, and the address is taken over all the same", facts(node(0, tasks.Running)),
			func(n *tasks.Target) { n.Pods[0].Count, n.Service.User, n.Service.API = 2, "other", "elsewhere:80" },
			[]string{"write targets/t1"}, "t1", [3]string{"t1"}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			candidate := target()
			candidate.ID = ""
			tt.change(&candidate)
			before := len(tt.stored.Targets)
			state, effects := Start(tt.stored, candidate, "new", noon, Settings{BackOff: backOff})
			same(t, describe(effects), tt.want)
			if state.Facts.TargetID != tt.target || state.Facts.Target().ID != tt.target || len(state.Faults) != tt.faults {
				t.Errorf("got target %s, faults %v", state.Facts.TargetID, state.Faults)
			}
			if got := state.Facts.Target().Service; got.API != candidate.Service.API || got.APITLS != candidate.Service.APITLS || got.APICA != candidate.Service.APICA {
				t.Errorf("the target in force names %s, %v, %q", got.API, got.APITLS, got.APICA)
			}
			for i, want := range tt.under {
				if record := state.Facts.Records[nodes[i]]; want != "" && record.TargetID != want {
					t.Errorf("%s is under %s, want %s", nodes[i], record.TargetID, want)
				}
			}
			if len(tt.stored.Targets) != before {
				t.Error("what was stored was changed")
			}
			if len(state.Plans) == 0 || state.Plans[0].Name != "deploy" || len(state.Plans[0].Errors) != tt.faults {
				t.Errorf("got plans %v", state.Plans)
			}
		})
	}
}

func TestATargetIsKeptWhileATaskRunsUnderIt(t *testing.T) {
	next := target()
	next.Pods[0].Tasks[1].Need.CPUs = tasks.Whole(2)
	state, _ := Start(facts(node(0, tasks.Running), node(1, tasks.Running)), next, "t2", noon, Settings{BackOff: backOff})
	if len(state.Facts.Targets) != 2 {
		t.Fatalf("got %d targets", len(state.Facts.Targets))
	}
	// Node 1 was launched under the new one before the process started again.
	record := *state.Facts.Records[nodes[1]]
	record.TargetID = "t2"
	state.Facts.Records[nodes[1]] = &record
	_, effects := Start(state.Facts, next, "t3", noon.Add(time.Hour), Settings{BackOff: backOff})
	same(t, describe(effects), []string{"write -targets/t1"})
}
