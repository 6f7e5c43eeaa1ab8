package core

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// commanded is the target with another command for its nodes, so that each of them has to be launched anew.
func commanded(command string) tasks.Target {
	next := target()
	for i := range next.Pods[0].Tasks {
		next.Pods[0].Tasks[i].Command = command
	}
	return next
}

// successor is a process that starts on what this one stored, asks for a target, and is reconciled.
func (l *life) successor(next tasks.Target, id string) []string {
	l.t.Helper()
	stored, err := Decode(stored(l.t, l.state.Facts))
	if err != nil {
		l.t.Fatal(err)
	}
	l.state, _ = Start(stored, next, id, l.now, Settings{BackOff: backOff})
	return l.reconcile()
}

// kills are the kills among effects, and stops the records that are stored as stopping.
func kills(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !strings.HasPrefix(line, "kill ") })
}

func stops(l *life) []string {
	var names []string
	for _, name := range nodes {
		if record := l.state.Facts.Records[name]; record != nil && record.Stopped() {
			names = append(names, name)
		}
	}
	return names
}

func TestAStopIsStoredAndTheSuccessorSendsItAgain(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	same(t, l.successor(commanded("new"), "t2"), []string{"write records/cockroachdb-0-node-init", "reconcile", "kill id0 on A0", "revive"})
	same(t, stops(l), nodes[:1])
	// The process died after the write: whether the kill left is not known. The next one has another target besides.
	for _, next := range []string{"new", "newer"} {
		l.now = l.now.Add(10 * time.Second)
		got := l.successor(commanded(next), "for "+next)
		same(t, got, []string{"reconcile", "kill id0 on A0", "revive"})
		same(t, stops(l), nodes[:1])
		if !l.record(0).Stopping.Equal(noon) {
			t.Errorf("the time of the first stop was replaced by %s", l.record(0).Stopping)
		}
		same(t, kills(l.take(Tick{})), nil)
	}
	// Its end is no failure for the successor either.
	l.take(update("id0", tasks.Killed))
	if len(l.state.Delays) != 0 {
		t.Errorf("a stop counts as a failure: %v", l.state.Delays)
	}
}

// The process died between the write of a stop and its KILL, and another node died meanwhile: a kill now would take a
// second node down.
func TestAStopIsWithdrawnWhenAnotherNodeWentOutOfService(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running, func(r *tasks.Record) { r.Stopping = noon }), node(1, tasks.Failed), node(2, tasks.Running)))
	got := l.reconcile()
	same(t, kills(got), nil)
	same(t, stops(l), nil)
	if got[0] != "write framework-id records/cockroachdb-0-node-init" && got[0] != "write records/cockroachdb-0-node-init" {
		t.Errorf("got %v, want the withdrawn stop to be stored", got)
	}
}

func TestAStopOfATaskThatHasEndedIsNotRepeated(t *testing.T) {
	for state, want := range map[tasks.State][]string{
		tasks.Killed: nil, tasks.Failed: nil, tasks.Lost: nil, tasks.Unreachable: nil,
		tasks.Running: {"kill id0 on A0"}, tasks.Killing: {"kill id0 on A0"},
	} {
		l := begin(t, facts(node(0, state, func(r *tasks.Record) { r.Stopping = noon }), node(1, tasks.Running), node(2, tasks.Running)))
		t.Run(string(state), func(t *testing.T) { same(t, kills(l.reconcile()), want) })
	}
}

func TestAStoppedNodeBehindAPartitionHoldsTheOthersBackAndIsStoppedWhenItIsBack(t *testing.T) {
	l := begin(t, facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)))
	l.successor(commanded("new"), "t2")
	same(t, kills(l.take(bare(update("id0", tasks.Unreachable)))), nil)
	for _, line := range l.ticks(300) {
		if strings.Contains(line, "kill") {
			t.Errorf("behind the partition: %s", line)
		}
	}
	same(t, kills(l.take(bare(update("id0", tasks.Running, passed)))), []string{"kill id0 on A0"})
}

// A rollout that broke a node is repaired by the next target, and waits for no readiness that will never come.
func TestABrokenNodeIsBroughtToTheNextTargetOutOfTurn(t *testing.T) {
	under := func(id string, more ...func(*tasks.Record)) func(*tasks.Record) {
		return func(r *tasks.Record) {
			r.TargetID = id
			for _, do := range more {
				do(r)
			}
		}
	}
	notReady := func(r *tasks.Record) { r.Status.CheckExit = new(int32(1)) }
	for _, tt := range []struct {
		name  string
		nodes []*tasks.Record
		// killed and launched are what the next target does at once, given offers of all that is held.
		killed   []string
		launched []string
	}{
		{"node 1 never gets ready", []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running, under("t1", unready)), node(2, tasks.Running)},
			[]string{"kill id1 on A1"}, nil},
		{"node 1 has ended", []*tasks.Record{node(0, tasks.Running), node(1, tasks.Failed, under("t1", unready)), node(2, tasks.Running)},
			nil, []string{nodes[1]}},
		{"two have ended", []*tasks.Record{node(0, tasks.Running), node(1, tasks.Failed), node(2, tasks.Lost)},
			nil, []string{nodes[1], nodes[2]}},
		{"node 1 has served and is not ready for the moment: it counts as up, and holds the others", []*tasks.Record{node(0, tasks.Running),
			node(1, tasks.Running, under("t1", notReady)), node(2, tasks.Running)}, nil, nil},
		{"node 0 has served, is not ready, and another is down", []*tasks.Record{node(0, tasks.Running, under("t1", notReady)),
			node(1, tasks.Unreachable), node(2, tasks.Running)}, nil, nil},
		{"node 0 is not ready and all others are: its turn", []*tasks.Record{node(0, tasks.Running, under("t1", notReady)),
			node(1, tasks.Running), node(2, tasks.Running)}, []string{"kill id0 on A0"}, nil},
		{"node 1 never got ready and a stop of node 2 is stored: it is withdrawn", []*tasks.Record{node(0, tasks.Running),
			node(1, tasks.Running, under("t1", unready)), node(2, tasks.Running, func(r *tasks.Record) { r.Stopping = noon })}, nil, nil},
		{"one is unreachable, and one never got ready", []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running, under("t1", unready)),
			node(2, tasks.Unreachable)}, []string{"kill id1 on A1"}, nil},
		{"two never got ready: one after the other", []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running, under("t1", unready)),
			node(2, tasks.Running, under("t1", unready))}, []string{"kill id1 on A1"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := begin(t, facts(tt.nodes...))
			same(t, kills(l.successor(commanded("new"), "t2")), tt.killed)
			var held []string
			for i, record := range tt.nodes {
				if record.Status.State.Ended() {
					held = append(held, nodes[i])
					l.take(offered(back(record)))
				}
			}
			same(t, held, tt.launched)
			for _, name := range held {
				if record := l.state.Facts.Records[name]; record.Status.State != tasks.Staging || record.TargetID != "t2" || record.Reached {
					t.Errorf("%s: got %s under %s, reached %v", name, record.Status.State, record.TargetID, record.Reached)
				}
			}
		})
	}
}
