package core

import (
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// order takes an order for node 1 and gives its answer and what else happened.
func (l *life) order(verb tasks.Verb, index int, force bool) (Reply, []string) {
	l.t.Helper()
	return l.ask(PodOrder{Verb: verb, Pod: tasks.Pod{Type: tasks.NodePod, Index: index}.String(), Force: force})
}

// ask takes an event with an answer.
func (l *life) ask(event Asking) (Reply, []string) {
	l.t.Helper()
	state, effects := Frame(l.state, Input{Now: l.now, Event: event.For(7)})
	l.state = state
	var reply Reply
	for _, effect := range effects {
		if r, ok := effect.(Reply); ok {
			reply = r
		}
	}
	if reply.Request != 7 {
		l.t.Errorf("no answer to %T", event)
	}
	var lines []string
	for _, line := range describe(effects) {
		if !strings.HasPrefix(line, "reply") {
			lines = append(lines, line)
		}
	}
	return reply, lines
}

func three(change ...func([]*tasks.Record)) Facts {
	records := []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)}
	for _, do := range change {
		do(records)
	}
	return facts(records...)
}

func not(index int) func([]*tasks.Record) {
	return func(records []*tasks.Record) { *records[index] = *node(index, tasks.Failed) }
}

const record0, record1 = "write records/cockroachdb-0-node-init", "write records/cockroachdb-1-node-join"

func TestARestartIsStoredAnsweredAndCarriedOutInPlace(t *testing.T) {
	l := quiet(t, three())
	reply, got := l.order(tasks.Restart, 1, false)
	if reply.Code != 200 || reply.Pod != "cockroachdb-1" || reply.Message != "" {
		t.Errorf("got %+v", reply)
	}
	same(t, reply.Tasks, nodes[1:2])
	same(t, got, []string{record1, "kill id1 on A1"})
	// The wish stays stored until the next launch, so a crash before the kill forgets nothing.
	if l.record(1).Asked == nil || !l.record(1).Stopped() {
		t.Errorf("got %+v", l.record(1))
	}
	same(t, l.take(update("id1", tasks.Killed)), []string{record1, "ack id1", "revive"})
	if len(l.state.Delays) != 0 {
		t.Error("a restart counts as a failure")
	}
	l.take(offered(back(node(1, tasks.Killed))))
	after := l.record(1)
	if after.TaskID == "id1" || after.Agent.ID != "A1" || after.Asked != nil || !after.Recovering || after.Stopped() {
		t.Errorf("got %+v", after)
	}
}

func TestWhatAnOrderIsAnswered(t *testing.T) {
	for _, tt := range []struct {
		name   string
		stored Facts
		order  PodOrder
		code   int
		says   string
		kills  []string
	}{
		{"no such pod", three(), PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-9"}, 404, "Pod cockroachdb-9 not found", nil},
		{"no such task", three(), PodOrder{Verb: tasks.Pause, Pod: "cockroachdb-1", Tasks: []string{"server"}}, 404, "Pod cockroachdb-1 not found", nil},
		{"a task by its short name", three(), PodOrder{Verb: tasks.Pause, Pod: "cockroachdb-1", Tasks: []string{"node-join"}}, 200, "", []string{"kill id1 on A1"}},
		{"another node is down", three(not(2)), PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1"}, 200,
			"noted, held back: cockroachdb-2-node-join is not ready (TASK_FAILED)", nil},
		{"another node is down, forced", three(not(2)), PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1", Force: true}, 200, "", []string{"kill id1 on A1"}},
		{"a replacement with another node down", three(not(2)), PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-1"}, 200,
			"noted, held back: cockroachdb-2-node-join is not ready (TASK_FAILED)", nil},
		{"a replacement of the node that is down", three(not(2)), PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-2"}, 200, "", nil},
		{"a restart of what was given up", three(func(r []*tasks.Record) { r[1].GivenUp = noon }), PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1"}, 409,
			"cockroachdb-1 is being replaced and its old place was given up, which cannot be taken back", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := quiet(t, tt.stored)
			reply, got := l.ask(tt.order)
			if reply.Code != tt.code || !strings.HasPrefix(reply.Message, tt.says) || tt.says == "" && reply.Message != "" {
				t.Errorf("got %+v, want %d %q", reply, tt.code, tt.says)
			}
			same(t, kills(got), tt.kills)
		})
	}
}

func TestAReplacementFindsANewPlaceAndCleansTheOldOne(t *testing.T) {
	l := quiet(t, three())
	_, got := l.order(tasks.Replace, 1, false)
	same(t, got, []string{record1, "kill id1 on A1"})
	if l.record(1).GivenUp.IsZero() {
		t.Error("the stop of a replacement does not store that the volume may go")
	}
	// While it runs nothing of its place is cleaned.
	same(t, l.take(offered(back(node(1, tasks.Running)))), []string{"decline back-A1 1h0m0s"})
	l.take(update("id1", tasks.Killed))
	got = l.take(offered(room(5, 8)))
	if got[0] != record1+" vacated/A1" || l.record(1).Agent.ID != "A5" || !l.record(1).GivenUp.IsZero() || !l.record(1).Recovering || l.record(1).Confirmed {
		t.Errorf("got %v, %+v", got, l.record(1))
	}
	got = l.take(offered(back(node(1, tasks.Running))))
	if len(got) != 2 || got[0] != "write vacated/A1" || !strings.Contains(got[1], "unreserve") {
		t.Errorf("the old place is not cleaned: %v", got)
	}
}

// The database goes on counting a node whose volume is gone, until it is told: the replacement tells it.
func TestAReplacementTellsTheDatabaseOfTheNodeThatIsGone(t *testing.T) {
	l := quiet(t, three())
	same(t, l.take(DatabaseSeen{Nodes: []plans.NodeView{{Task: nodes[1], TaskID: "id1", At: noon, Live: 3, NodeID: 2}}}), []string{record1})
	l.order(tasks.Replace, 1, false)
	l.take(update("id1", tasks.Killed))
	l.take(offered(room(5, 8)))
	if r := l.record(1); r.NodeID != 0 || len(r.DeadNodes) != 1 || r.DeadNodes[0] != 2 {
		t.Fatalf("got %+v", r)
	}
	// A word of the task before is not taken for the new one's.
	l.take(DatabaseSeen{Nodes: []plans.NodeView{{Task: nodes[1], TaskID: "id1", At: noon, Live: 3, NodeID: 2}}})
	id := l.record(1).TaskID
	l.take(DatabaseSeen{Nodes: []plans.NodeView{{Task: nodes[1], TaskID: id, At: noon, Live: 3, NodeID: 4}}})
	// It is launched again before it was done: the number is not forgotten.
	l.take(update(id, tasks.Failed))
	l.now = l.now.Add(time.Minute)
	l.take(offered(back(l.record(1))))
	if r := l.record(1); r.TaskID == id || r.NodeID != 4 || len(r.DeadNodes) != 1 {
		t.Fatalf("got %+v", r)
	}
	reply, got := l.ask(ClusterReport{TaskID: l.record(1).TaskID, ClusterID: "c1", DeadNodes: []int{2, 9}})
	if reply.Code != 200 || len(l.record(1).DeadNodes) != 0 || l.record(1).NodeID != 4 {
		t.Errorf("got %+v %v %+v", reply, got, l.record(1))
	}
}

func TestAReplacementOfANodeOnADeadAgentDoesNotWaitForIt(t *testing.T) {
	l := quiet(t, three(func(r []*tasks.Record) { r[1].Status.State, r[1].Away = tasks.Unreachable, noon }))
	l.order(tasks.Replace, 1, false)
	if l.record(1).GivenUp.IsZero() {
		t.Fatalf("got %+v", l.record(1))
	}
	l.take(offered(room(5, 8)))
	if l.record(1).Agent.ID != "A5" {
		t.Fatalf("not placed: %+v", l.record(1))
	}
	// The old one comes back beside its replacement: it is killed at once.
	same(t, kills(l.take(update("id1", tasks.Running))), []string{"kill id1 on A1"})
}

// The replacement is lost as well, and the process dies: nobody launches the pod beside its old task.
func TestAFormerTaskIsAskedForAndNothingIsLaunchedBesideIt(t *testing.T) {
	l := quiet(t, three(func(r []*tasks.Record) { r[1].Status.State, r[1].Away = tasks.Unreachable, noon }))
	l.order(tasks.Replace, 1, false)
	l.take(offered(room(5, 8)))
	l.take(bare(update(l.record(1).TaskID, tasks.Dropped)))
	former := l.record(1).Former
	if len(former) != 1 || former[0] != (tasks.Former{TaskID: "id1", AgentID: "A1"}) {
		t.Fatalf("got %+v", former)
	}
	stored, err := Decode(stored(t, l.state.Facts))
	if err != nil {
		t.Fatal(err)
	}
	// In the ids of the tests there is no name; a real one has it.
	old := tasks.TaskID("cockroachdb", nodes[1], "old")
	stored.Records[nodes[1]].Former[0].TaskID = old
	l = begin(t, stored)
	l.take(subscribe)
	if _, waits := l.state.Reconcile.Waiting[old]; !waits {
		t.Fatal("the former task is not asked for")
	}
	l.take(bare(update("id0", tasks.Running)))
	l.take(bare(update("id2", tasks.Running)))
	back := bare(update(old, tasks.Running))
	back.AgentID = "A1"
	same(t, kills(l.take(back)), []string{"kill " + old + " on A1"})
	same(t, l.take(offered(room(5, 8))), []string{"decline o5 1h0m0s"})
	step := l.state.Plans[1].Phases[0].Steps[0]
	if step.Reason.Why != plans.WhyLeftover {
		t.Errorf("got %q", step.Reason)
	}
	l.take(update(old, tasks.Killed))
	l.take(offered(room(5, 8)))
	if r := l.record(1); r.Agent.ID != "A5" || len(r.Former) != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestANodeThatComesBackBeforeItIsReplacedAsksTheGateAgain(t *testing.T) {
	l := quiet(t, three(func(r []*tasks.Record) { r[1].Status.State, r[1].Away = tasks.Unreachable, noon }))
	l.order(tasks.Replace, 1, false)
	l.take(update("id2", tasks.Failed))
	same(t, kills(l.take(update("id1", tasks.Running, passed))), nil)
	if r := l.record(1); !r.GivenUp.IsZero() || r.Asked == nil || !r.Away.IsZero() {
		t.Errorf("got %+v", r)
	}
}

func TestNodeZeroReplacedJoinsAndNeverInitialises(t *testing.T) {
	l := quiet(t, three())
	l.order(tasks.Replace, 0, false)
	l.take(update("id0", tasks.Killed))
	l.take(offered(room(5, 8)))
	if r := l.record(0); r.Agent.ID != "A5" || r.Init || r.Task != nodes[0] {
		t.Errorf("got %+v", r)
	}
}

// Node 0 may have initialised on a volume that is gone, and node 1 may have joined that cluster.
func TestNodeZeroIsNotReplacedBeforeTheClusterIsKnown(t *testing.T) {
	stored := three(func(r []*tasks.Record) { unready(r[0]); unready(r[1]); unready(r[2]) })
	stored.Cluster = Cluster{InitOn: "the volume before"}
	l := quiet(t, stored)
	if reply, _ := l.order(tasks.Replace, 0, false); reply.Code != 409 || !strings.Contains(reply.Message, "may have initialised") {
		t.Errorf("got %+v", reply)
	}
	if reply, _ := l.order(tasks.Replace, 0, true); reply.Code != 200 || l.state.Facts.Cluster.InitOn != "" {
		t.Errorf("got %+v, %+v", reply, l.state.Facts.Cluster)
	}
	// By itself no launch on another volume has the right to initialise either.
	stored.Cluster.InitOn = "the volume before"
	if l := quiet(t, stored); (&frame{State: l.state}).mayInitOn("another") {
		t.Error("node 0 may initialise twice")
	}
}

func TestAPauseIdlesInPlaceAndAResumeEndsIt(t *testing.T) {
	l := quiet(t, three())
	_, got := l.order(tasks.Pause, 1, false)
	same(t, kills(got), []string{"kill id1 on A1"})
	l.take(update("id1", tasks.Killed))
	l.take(offered(back(node(1, tasks.Killed))))
	idle := l.record(1)
	if !idle.Idling || !idle.Paused || idle.Agent.ID != "A1" {
		t.Fatalf("got %+v", idle)
	}
	l.take(update(idle.TaskID, tasks.Running, failed))
	step := l.state.Plans[1].Phases[0].Steps[0]
	if step.Status != plans.Started || step.Display != plans.Paused || step.Reason.Why != plans.WhyPaused {
		t.Errorf("got %+v", step)
	}
	// Nobody else may go down meanwhile.
	if reply, got := l.order(tasks.Restart, 2, false); len(kills(got)) > 0 || !strings.Contains(reply.Message, "cockroachdb-1-node-join is paused by hand") {
		t.Errorf("got %+v %v", reply, got)
	}
	_, got = l.order(tasks.Resume, 1, false)
	same(t, kills(got), []string{"kill " + idle.TaskID + " on A1"})
	l.take(update(idle.TaskID, tasks.Killed))
	l.take(offered(back(node(1, tasks.Killed))))
	if r := l.record(1); r.Idling || r.Paused {
		t.Errorf("got %+v", r)
	}
	same(t, kills(l.take(update(l.record(1).TaskID, tasks.Running, passed))), []string{"kill id2 on A2"})
}

func TestAPauseThatIsTakenBackInTimeChangesNothing(t *testing.T) {
	l := quiet(t, three(not(2)))
	l.order(tasks.Pause, 1, false)
	l.order(tasks.Resume, 1, false)
	if r := l.record(1); r.Asked != nil || r.Paused {
		t.Errorf("got %+v", r)
	}
}

func TestTwoReplacementsOfNodesThatAreDownDoNotWaitForEachOther(t *testing.T) {
	l := quiet(t, three(not(0), not(2)))
	l.order(tasks.Replace, 0, false)
	l.order(tasks.Replace, 2, false)
	for _, index := range []int{0, 2} {
		l.take(offered(back(node(index, tasks.Failed))))
		r := l.record(index)
		if r.Agent.ID != node(index, tasks.Failed).Agent.ID || r.TaskID == node(index, tasks.Failed).TaskID || r.Asked == nil {
			t.Fatalf("not back in place: %+v", r)
		}
	}
	// As soon as one of them is up the other one may go.
	got := l.take(update(l.record(0).TaskID, tasks.Running, passed))
	same(t, kills(got), []string{"kill " + l.record(2).TaskID + " on A2"})
}

func TestTwoIdlePodsThatAreToBeReplacedAreResumedFirst(t *testing.T) {
	idle := func(index int) func([]*tasks.Record) {
		return func(r []*tasks.Record) {
			r[index].Paused, r[index].Idling, r[index].Status.CheckExit = true, true, new(int32(1))
			r[index].Asked = &tasks.Asked{Verb: tasks.Replace, By: tasks.ByOperator, At: noon}
		}
	}
	l := quiet(t, three(idle(0), idle(2)))
	same(t, kills(l.take(Tick{})), nil)
	_, got := l.order(tasks.Resume, 0, false)
	same(t, kills(got), []string{"kill id0 on A0"})
	l.take(update("id0", tasks.Killed))
	l.take(offered(back(node(0, tasks.Killed))))
	if r := l.record(0); r.Idling || r.Asked == nil || r.Agent.ID != "A0" {
		t.Fatalf("got %+v", r)
	}
	// The one that is left idle may go as soon as the other one serves.
	got = l.take(update(l.record(0).TaskID, tasks.Running, passed))
	same(t, kills(got), []string{"kill id2 on A2"})
}

func TestTwoOrdersAreCarriedOutOneAfterTheOther(t *testing.T) {
	l := quiet(t, three())
	l.order(tasks.Restart, 1, false)
	reply, got := l.order(tasks.Replace, 2, false)
	same(t, kills(got), nil)
	if reply.Message != "noted, held back: cockroachdb-1-node-join is being stopped" {
		t.Errorf("got %q", reply.Message)
	}
	l.take(update("id1", tasks.Killed))
	same(t, kills(l.take(offered(back(node(1, tasks.Killed))))), nil)
	same(t, kills(l.take(update(l.record(1).TaskID, tasks.Running, failed))), nil)
	same(t, kills(l.take(update(l.record(1).TaskID, tasks.Running, passed))), []string{"kill id2 on A2"})
}

// The launch of a replacement is lost: the pod keeps its history, holds nothing, and is placed again.
func TestAReplacementThatNeverArrivedIsPlacedAgain(t *testing.T) {
	l := quiet(t, three())
	l.order(tasks.Replace, 1, false)
	l.take(update("id1", tasks.Killed))
	l.take(offered(room(5, 8)))
	l.take(bare(update(l.record(1).TaskID, tasks.Dropped)))
	if r := l.record(1); r == nil || r.GivenUp.IsZero() || len(r.Held) != 0 || r.Agent.ID != "" || !r.Recovering {
		t.Fatalf("got %+v", r)
	}
	l.take(offered(room(6, 8)))
	if l.record(1).Agent.ID != "A6" {
		t.Errorf("got %+v", l.record(1))
	}
}

func TestAnAgentThatIsMarkedGoneIsNotWaitedFor(t *testing.T) {
	for name, events := range map[string][]Event{
		"told":                        {update("id1", tasks.GoneByOperator)},
		"found out by reconciliation": {update("id1", tasks.Failed), bare(update("id1", tasks.GoneByOperator))},
	} {
		t.Run(name, func(t *testing.T) {
			l := quiet(t, three())
			for _, event := range events {
				l.take(event)
			}
			l.take(offered(room(5, 8)))
			if l.record(1).Agent.ID != "A5" {
				t.Errorf("got %+v", l.record(1))
			}
		})
	}
}

func TestAutomaticReplacement(t *testing.T) {
	policy := func(l *life) {
		l.state.Settings.Replace = ReplacePolicy{Enabled: true, After: 20 * time.Minute, Gap: 10 * time.Minute}
	}
	away := func(index int) func([]*tasks.Record) {
		return func(r []*tasks.Record) {
			*r[index] = *node(index, tasks.Unreachable, func(r *tasks.Record) { r.Away = noon })
		}
	}
	t.Run("after the time, once a place is found, and not before", func(t *testing.T) {
		l := quiet(t, three(away(1)))
		policy(l)
		l.ticks(20*60 - 1)
		l.take(offered(room(5, 8)))
		if r := l.record(1); r.Asked != nil || r.Agent.ID != "A1" {
			t.Fatalf("too early: %+v", r)
		}
		l.ticks(2)
		if r := l.record(1); r.Asked == nil || r.Asked.By != tasks.ByTimeout || !r.GivenUp.IsZero() {
			t.Fatalf("got %+v", r)
		}
		l.take(offered(room(5, 8)))
		if r := l.record(1); r.Agent.ID != "A5" || !l.state.Facts.Policy.Replaced.Equal(l.now) {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("not when the agent is back in time", func(t *testing.T) {
		l := quiet(t, three(away(1)))
		policy(l)
		l.ticks(20*60 + 1)
		l.take(update("id1", tasks.Running, passed))
		l.take(offered(room(5, 8)))
		if r := l.record(1); r.Asked != nil || r.Agent.ID != "A1" || !r.Away.IsZero() {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("not a second node while another is down", func(t *testing.T) {
		l := quiet(t, three(away(1), not(2)))
		policy(l)
		l.ticks(3600)
		if l.record(1).Asked != nil {
			t.Errorf("got %+v", l.record(1))
		}
	})
	t.Run("not before the gap is over", func(t *testing.T) {
		stored := three(away(1))
		stored.Policy.Replaced = noon.Add(15 * time.Minute)
		l := quiet(t, stored)
		policy(l)
		l.ticks(25*60 - 1)
		if l.record(1).Asked != nil {
			t.Error("too early")
		}
		l.ticks(2)
		if l.record(1).Asked == nil {
			t.Error("not at all")
		}
	})
	t.Run("not without the policy, nor for a crash loop", func(t *testing.T) {
		l := quiet(t, three(away(1)))
		l.ticks(3600)
		if l.record(1).Asked != nil {
			t.Error("without the policy")
		}
		l = quiet(t, three(not(1)))
		policy(l)
		l.ticks(3600)
		if l.record(1).Asked != nil {
			t.Error("the agent is there")
		}
	})
}
