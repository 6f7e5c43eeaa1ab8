package core

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func planStatus(l *life, name string) plans.Status {
	for _, plan := range l.state.Plans {
		if plan.Name == name {
			return plan.Status
		}
	}
	return ""
}

func TestWhatAPlanOrderIsAnswered(t *testing.T) {
	deploying := facts(node(0, tasks.Running))
	for _, tt := range []struct {
		name   string
		stored Facts
		order  PlanOrder
		code   int
		says   string
		status plans.Status
	}{
		{"no such plan", three(), PlanOrder{Verb: PlanStart, Plan: "decommission"}, 404, "Plan decommission not found", plans.Complete},
		{"no such phase", three(), PlanOrder{Verb: PlanInterrupt, Plan: "deploy", Phase: "x"}, 404, "Phase x not found", plans.Complete},
		{"no such step", three(), PlanOrder{Verb: PlanRestart, Plan: "deploy", Phase: "node-deploy", Step: "x"}, 404, "Step x not found", plans.Complete},
		{"a step without a phase", three(), PlanOrder{Verb: PlanRestart, Plan: "deploy", Step: "x"}, 400, "Missing phase", plans.Complete},
		{"an id that nothing has", three(), PlanOrder{Verb: PlanRestart, Plan: "deploy", Phase: "7d1c8a52-9999-4000-8000-000000000009"}, 404,
			"Phase 7d1c8a52-9999-4000-8000-000000000009 not found", plans.Complete},
		{"interrupt what is complete", three(), PlanOrder{Verb: PlanInterrupt, Plan: "deploy"}, 208, alreadyDone, plans.Complete},
		{"continue what is complete", three(), PlanOrder{Verb: PlanContinue, Plan: "deploy"}, 208, alreadyDone, plans.Complete},
		{"continue what runs", deploying, PlanOrder{Verb: PlanContinue, Plan: "deploy"}, 208, alreadyDone, plans.InProgress},
		{"interrupt what runs", deploying, PlanOrder{Verb: PlanInterrupt, Plan: "deploy"}, 200, "Received cmd: interrupt", plans.Waiting},
		{"interrupt a phase", deploying, PlanOrder{Verb: PlanInterrupt, Plan: "deploy", Phase: "node-deploy"}, 200, "Received cmd: interrupt", plans.Waiting},
		{"force a step", deploying, PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: "node-deploy", Step: "cockroachdb-1:[node-join]"}, 200,
			"Received cmd: forceComplete for Plan: deploy, Phase: node-deploy, Step: cockroachdb-1:[node-join]", plans.InProgress},
		{"force the plan", deploying, PlanOrder{Verb: PlanForceComplete, Plan: "deploy"}, 200,
			"Received cmd: forceComplete for Plan: deploy, Phase: null, Step: null", plans.Complete},
		{"force what is complete", three(), PlanOrder{Verb: PlanForceComplete, Plan: "deploy"}, 208, alreadyDone, plans.Complete},
		{"restart what waits", deploying, PlanOrder{Verb: PlanRestart, Plan: "deploy", Phase: "node-deploy", Step: "cockroachdb-2:[node-join]"}, 208, alreadyDone, plans.InProgress},
		{"start with parameters", three(), PlanOrder{Verb: PlanStart, Plan: "deploy", Params: map[string]string{"B": "c", "A": "b"}}, 400,
			"Plan deploy takes no parameters, got {A=b, B=c}", plans.Complete},
		{"stop", deploying, PlanOrder{Verb: PlanStop, Plan: "deploy"}, 200, "Received cmd: stop", plans.Waiting},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := quiet(t, tt.stored)
			reply, _ := l.ask(tt.order)
			if reply.Code != tt.code || reply.Message != tt.says {
				t.Errorf("got %d %q, want %d %q", reply.Code, reply.Message, tt.code, tt.says)
			}
			if got := planStatus(l, "deploy"); got != tt.status {
				t.Errorf("the plan is %s, want %s", got, tt.status)
			}
		})
	}
}

func TestAnInterruptedPlanLaunchesNothingAndOutlivesTheProcess(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running)))
	l.ask(PlanOrder{Verb: PlanInterrupt, Plan: "deploy"})
	same(t, l.take(offered(room(5, 8))), []string{"decline o5 1h0m0s"})
	stored, err := Decode(stored(t, l.state.Facts))
	if err != nil {
		t.Fatal(err)
	}
	l = quiet(t, stored)
	if reply, _ := l.ask(PlanOrder{Verb: PlanInterrupt, Plan: "deploy"}); reply.Code != 208 {
		t.Errorf("got %+v", reply)
	}
	l.ask(PlanOrder{Verb: PlanContinue, Plan: "deploy"})
	l.take(offered(room(5, 8)))
	if l.record(1) == nil {
		t.Error("nothing was launched")
	}
}

// What was stopped for a rollout comes back under its old target while the rollout is paused: nothing stays down.
func TestANodeThatWasStoppedComesBackWhileTheRolloutIsPaused(t *testing.T) {
	l := begin(t, three())
	l.successor(commanded("new"), "t2")
	l.ask(PlanOrder{Verb: PlanInterrupt, Plan: "deploy"})
	l.take(update("id0", tasks.Killed))
	l.take(offered(back(node(0, tasks.Killed))))
	if r := l.record(0); r.TaskID == "id0" || r.TargetID != "t1" {
		t.Errorf("got %+v", r)
	}
}

func TestARestartedDeployPlanLaunchesEverythingAnewOneByOne(t *testing.T) {
	l := quiet(t, three())
	reply, got := l.ask(PlanOrder{Verb: PlanRestart, Plan: "deploy"})
	if reply.Code != 200 || reply.Message != "Received cmd: restart for Plan: deploy, Phase: null, Step: null" {
		t.Errorf("got %+v", reply)
	}
	same(t, kills(got), []string{"kill id0 on A0"})
	for index := range 3 {
		id := l.record(index).TaskID
		l.take(update(id, tasks.Killed))
		l.take(offered(back(node(index, tasks.Killed))))
		if l.record(index).TaskID == id || planStatus(l, "deploy") == plans.Complete {
			t.Fatalf("node %d: got %+v", index, l.record(index))
		}
		l.take(update(l.record(index).TaskID, tasks.Running, passed))
	}
	if planStatus(l, "deploy") != plans.Complete || l.record(2).TaskID == "id2" {
		t.Error("not done")
	}
}

func TestAForcedStepIsCompleteUntilItIsRestartedOrTheTargetChanges(t *testing.T) {
	l := quiet(t, facts(node(0, tasks.Running)))
	step := PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: "node-deploy", Step: "cockroachdb-1:[node-join]"}
	l.ask(step)
	l.take(offered(room(5, 8)))
	if l.record(1) != nil || l.record(2) == nil {
		t.Fatal("the forced step was launched, or the one behind it was not")
	}
	step.Verb = PlanRestart
	if reply, _ := l.ask(step); reply.Code != 200 {
		t.Errorf("got %+v", reply)
	}
	l.take(offered(room(6, 8)))
	if l.record(1) == nil {
		t.Error("the restarted step was not launched")
	}
	l = quiet(t, facts(node(0, tasks.Running)))
	step.Verb = PlanForceComplete
	l.ask(step)
	l.successor(commanded("new"), "t2")
	if len(l.state.Facts.Hands) != 0 {
		t.Errorf("got %+v", l.state.Facts.Hands)
	}
}

// A phase of recovery that is over takes along what was done to it by hand: nobody could name it any more.
func TestWhatWasDoneToARecoveryByHandEndsWithIt(t *testing.T) {
	const phase = "cockroachdb-1:[node-join]"
	for _, verb := range []PlanVerb{PlanInterrupt, PlanForceComplete} {
		l := quiet(t, three(func(r []*tasks.Record) { r[1].Status.State = tasks.Unreachable }))
		order := PlanOrder{Verb: verb, Plan: "recovery", Phase: phase}
		if verb == PlanForceComplete {
			order.Step = phase
		}
		if reply, _ := l.ask(order); reply.Code != 200 {
			t.Fatalf("%s: got %+v", verb, reply)
		}
		l.take(update("id1", tasks.Running, passed))
		if len(l.state.Facts.Hands) != 0 {
			t.Errorf("%s: got %+v", verb, l.state.Facts.Hands)
		}
		l.take(update("id1", tasks.Failed))
		l.now = l.now.Add(time.Minute)
		l.take(offered(back(node(1, tasks.Failed))))
		if l.record(1).TaskID == "id1" {
			t.Errorf("%s: the next failure is not recovered", verb)
		}
	}
}

func TestAnAnnouncedAbsenceMovesANodeOnceThereIsAPlace(t *testing.T) {
	l := quiet(t, three())
	l.state.Settings.MoveOver = time.Hour
	got := l.take(Announced{Absences: []Absence{{OfferID: "i1", AgentID: "A1", Start: noon.Add(time.Hour)}}})
	same(t, got, []string{record1, "inverse i1 false 30s"})
	same(t, l.ticks(1), []string{"1 revive"})
	// No place: nobody is stopped, and the leaving agent is none.
	l.take(offered(room(1, 8)))
	same(t, kills(l.take(Tick{})), nil)
	got = l.take(offered(room(5, 8)))
	same(t, got, []string{record1, "decline o5 1h0m0s", "kill id1 on A1", "suppress"})
	if !l.record(1).GivenUp.IsZero() {
		t.Error("the old place was given up before a new one was found")
	}
	l.take(update("id1", tasks.Killed))
	l.take(offered(room(5, 8)))
	if l.record(1).Agent.ID != "A5" {
		t.Errorf("got %+v", l.record(1))
	}
	same(t, l.take(Announced{Absences: []Absence{{OfferID: "i2", AgentID: "A1", Start: noon.Add(time.Hour)}}}), []string{"inverse i2 true 30s"})
}

func TestShortAbsencesAreAgreedToOneAtATime(t *testing.T) {
	l := quiet(t, three())
	l.state.Settings.MoveOver = time.Hour
	absence := func(offer, agent string, in time.Duration) Announced {
		return Announced{Absences: []Absence{{OfferID: offer, AgentID: agent, Start: noon.Add(in), Duration: 10 * time.Minute}}}
	}
	same(t, l.take(absence("i1", "A1", time.Hour)), []string{record1, "inverse i1 true 30s"})
	same(t, l.take(absence("i2", "A2", time.Hour+5*time.Minute)), []string{"inverse i2 false 30s"})
	// Another time, or an agent without a node, is another matter.
	same(t, l.take(absence("i3", "A2", 2*time.Hour)), []string{"write records/cockroachdb-2-node-join", "inverse i3 true 30s"})
	same(t, l.take(absence("i9", "A9", time.Hour)), []string{"inverse i9 true 30s"})
	// What was agreed to is stored: a successor agrees to no second one, and stops nobody while the node goes down.
	stored, err := Decode(stored(t, l.state.Facts))
	if err != nil {
		t.Fatal(err)
	}
	l = quiet(t, stored)
	l.state.Settings.MoveOver = time.Hour
	same(t, l.take(absence("i4", "A0", time.Hour)), []string{"inverse i4 false 30s"})
	l.now = noon.Add(time.Hour)
	if reply, got := l.order(tasks.Restart, 0, false); len(kills(got)) > 0 || !strings.Contains(reply.Message, "goes down with its agent") {
		t.Errorf("got %+v %v", reply, got)
	}
	// The window is over.
	l.now = noon.Add(time.Hour + 11*time.Minute)
	same(t, kills(l.take(Tick{})), []string{"kill id0 on A0"})
	// An announcement that nobody repeats before it begins was taken back, and so is one that is withdrawn.
	l = quiet(t, three())
	l.state.Settings.MoveOver = time.Hour
	l.take(absence("i1", "A1", time.Hour))
	l.now = l.now.Add(forgetAbsence)
	same(t, l.take(Tick{}), []string{record1})
	l.take(absence("i5", "A2", time.Hour))
	same(t, l.take(Withdrawn{OfferID: "i5"}), []string{"write records/cockroachdb-2-node-join"})
	same(t, l.take(absence("i6", "A1", time.Hour)), []string{record1, "inverse i6 true 30s"})
}

func TestTheJournalLeavesWithWritesAndComesBack(t *testing.T) {
	l := quiet(t, three())
	before := l.state.Facts.Journal.Last
	_, effects := Frame(l.state, Input{Now: l.now, Event: PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-1"}})
	write, ok := effects[0].(Write)
	if !ok || write.Set[keyJournal+"00"] == nil {
		t.Fatalf("got %v", describe(effects))
	}
	l.order(tasks.Restart, 1, false)
	for range 3 * pageSize * journalPages {
		l.ask(PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-2"})
	}
	journal := l.state.Facts.Journal
	list := journal.Since(0)
	if len(list) < pageSize*(journalPages-1) || len(list) > pageSize*journalPages || list[len(list)-1].Seq != journal.Last || journal.Last <= before {
		t.Errorf("%d entries, last %d", len(list), journal.Last)
	}
	for i := 1; i < len(list); i++ {
		if list[i].Seq != list[i-1].Seq+1 {
			t.Fatalf("%d behind %d", list[i].Seq, list[i-1].Seq)
		}
	}
	var again Journal
	journal.Stored = 0
	all := Write{Set: map[string][]byte{}}
	journal.store(&all)
	for key, page := range all.Set {
		if !json.Valid(page) {
			t.Errorf("%s is no JSON: %s", key, page)
		}
		again.load(key, page)
	}
	if again.Last != journal.Last || len(again.Since(journal.Last-5)) != 5 {
		t.Errorf("read back: last %d", again.Last)
	}
	again.load(keyJournal+"07", []byte("{damaged"))
}
