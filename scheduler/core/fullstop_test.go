package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// secured is the target with TLS between the nodes.
func secured(change ...func(*tasks.Target)) tasks.Target {
	next := target()
	next.Service.Secure = true
	for i := range next.Pods[0].Tasks {
		next.Pods[0].Tasks[i].KillGrace = 5 * time.Minute
	}
	for _, do := range change {
		do(&next)
	}
	return next
}

// modes fails when nodes with TLS and nodes without may be alive at the same time, as far as the scheduler can know.
func (l *life) modes() {
	l.t.Helper()
	alive := map[bool][]string{}
	for name, record := range l.state.Facts.Records {
		if record.Pod.Type == tasks.NodePod && !record.Status.State.Ended() {
			secure := l.state.Facts.Targets[record.TargetID].Service.Secure
			alive[secure] = append(alive[secure], name)
		}
		for _, former := range record.Former {
			alive[former.Secure] = append(alive[former.Secure], former.TaskID)
		}
	}
	if len(alive[true]) > 0 && len(alive[false]) > 0 {
		l.t.Fatalf("with TLS: %v, without: %v", alive[true], alive[false])
	}
}

// do takes an event and looks at the modes.
func (l *life) do(event Event) []string {
	l.t.Helper()
	got := l.take(event)
	l.modes()
	return got
}

// signing is what is known of an authority that can sign.
func signing() Security {
	return Security{Authorities: []tasks.Authority{authority("a")}, Issuer: "a", Trust: []string{"a"}}
}

// turning is a process of a service whose nodes are to turn to this target by a full stop.
func turning(t *testing.T, stored Facts, next tasks.Target) *life {
	t.Helper()
	stored.Security = signing()
	l := begin(t, stored)
	l.turn(next, "t2", true)
	return l
}

// turn starts the next process with another environment.
func (l *life) turn(next tasks.Target, id string, allowed bool) []string {
	l.t.Helper()
	stored, err := Decode(stored(l.t, l.state.Facts))
	if err != nil {
		l.t.Fatal(err)
	}
	l.state, _ = Start(stored, next, id, l.now, Settings{BackOff: backOff, FullStop: allowed})
	got := l.reconcile()
	l.modes()
	return got
}

func (l *life) phase(name string) plans.Phase {
	for _, phase := range l.state.Plans[0].Phases {
		if phase.Name == name {
			return phase
		}
	}
	return plans.Phase{}
}

// offerAll offers what every node holds, and gives the launches.
func (l *life) offerAll() []string {
	l.t.Helper()
	return l.offer(0, 1, 2)
}

func (l *life) offer(indices ...int) []string {
	l.t.Helper()
	var launched []string
	for _, i := range indices {
		for _, line := range l.do(offered(back(node(i, tasks.Killed)))) {
			if _, task, launches := strings.Cut(line, " launch "); launches {
				launched = append(launched, strings.Fields(task)[0])
			}
		}
	}
	return launched
}

func (l *life) ready(index int) {
	l.t.Helper()
	l.do(update(l.record(index).TaskID, tasks.Running, passed))
}

func served(change ...func([]*tasks.Record)) Facts {
	records := []*tasks.Record{node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running)}
	for _, do := range change {
		do(records)
	}
	return facts(records...)
}

func TestATargetOfTheOtherModeIsRefusedUnlessAFullStopIsWanted(t *testing.T) {
	for _, tt := range []struct {
		name    string
		stored  Facts
		next    tasks.Target
		allowed bool
		want    []string
	}{
		{"nobody wants a full stop", served(), secured(), false, []string{"TLS_ENABLED false => true"}},
		{"somebody does", served(), secured(), true, nil},
		{"nothing was ever launched", facts(), secured(), false, nil},
		{"what else is refused stays so", served(), secured(func(t *tasks.Target) { t.Service.User = "nobody" }), true, []string{"FRAMEWORK_USER root => nobody"}},
		{"both", served(), secured(func(t *tasks.Target) { t.Service.User = "nobody" }), false, []string{"FRAMEWORK_USER root => nobody", "TLS_ENABLED false => true"}},
	} {
		state, _ := Start(tt.stored, tt.next, "t2", noon, Settings{FullStop: tt.allowed})
		var got []string
		for _, fault := range state.Faults {
			got = append(got, fmt.Sprintf("%s %s => %s", fault.Field, fault.Old, fault.Value))
			if fault.Field == "TLS_ENABLED" && (!strings.Contains(fault.Remedy, "TLS_CHANGE=full-stop") || !strings.Contains(fault.Remedy, "docs/secure-cluster.md")) {
				t.Errorf("%s: the remedy is %s", tt.name, fault.Remedy)
			}
		}
		if !slices.Equal(got, tt.want) || (state.Facts.TargetID == "t2") != (len(tt.want) == 0) {
			t.Errorf("%s: got %v, target %s", tt.name, got, state.Facts.TargetID)
		}
	}
}

func TestAFullStop(t *testing.T) {
	for name, secure := range map[string]bool{"to TLS": true, "and back": false} {
		t.Run(name, func(t *testing.T) {
			before, next := target(), secured()
			if !secure {
				before, next = secured(), target()
				before.ID = "t1"
			}
			stored := served()
			stored.Targets["t1"] = before
			stored.Security = signing()
			l := &life{t: t, now: noon}
			l.state, _ = Start(stored, before, "t2", noon, Settings{BackOff: backOff})
			same(t, l.turn(next, "t2", true), []string{"write full-stop records/cockroachdb-0-node-init records/cockroachdb-1-node-join records/cockroachdb-2-node-join",
				"reconcile", "kill id0 on A0", "kill id1 on A1", "kill id2 on A2", "revive"})
			for _, step := range l.phase(plans.FullStopPhase).Steps {
				if secure && step.Status != plans.Prepared || !strings.Contains(step.Reason.String(), "SIGKILL") {
					t.Errorf("got %+v", step)
				}
			}
			l.do(update("id0", tasks.Killed))
			// Nothing comes back while one of the old mode runs.
			same(t, l.offerAll(), nil)
			l.do(update("id1", tasks.Failed))
			l.now = l.now.Add(time.Hour)
			same(t, l.offerAll(), nil)
			l.do(bare(update("id2", tasks.Gone)))
			// All at once, whether or not one before is ready.
			same(t, l.offerAll(), nodes)
			for i := range nodes {
				if l.record(i).TargetID != "t2" {
					t.Errorf("%s was launched under %s", nodes[i], l.record(i).TargetID)
				}
			}
			l.ready(2)
			l.ready(0)
			if l.state.Facts.FullStop == nil || l.state.Plans[0].Status == plans.Complete {
				t.Error("it is over before all nodes are ready")
			}
			l.ready(1)
			if l.state.Facts.FullStop != nil || l.state.Plans[0].Status != plans.Complete || l.phase(plans.FullStopPhase).Name != "" {
				t.Errorf("it is not over: %+v, %+v", l.state.Facts.FullStop, l.state.Plans[0])
			}
			var told []string
			for _, entry := range l.state.Facts.Journal.Since(0) {
				if strings.Contains(entry.Message, "full stop") {
					told = append(told, entry.Message)
				}
			}
			same(t, told, []string{"a full stop begins: all nodes are stopped, then started in the other mode", "the full stop is over, all nodes are ready"})
		})
	}
}

// Whatever process goes on, it goes on to the same end; it needs no leave for what has begun.
func TestSuccessorsFinishAFullStop(t *testing.T) {
	l := turning(t, served(), secured())
	succeed := func() { l.turn(secured(), "t3", false) }
	succeed()
	l.do(update("id0", tasks.Killed))
	succeed()
	same(t, l.offerAll(), nil)
	l.do(update("id1", tasks.Killed))
	l.do(update("id2", tasks.Killed))
	succeed()
	same(t, l.offerAll(), nodes)
	succeed()
	for i := range nodes {
		l.ready(i)
	}
	if l.state.Facts.FullStop != nil || l.state.Plans[0].Status != plans.Complete || l.record(0).TargetID != "t2" {
		t.Errorf("got %+v", l.state.Plans[0])
	}
	// The process died before a KILL left, or a store took the write in parts: what is stored is enough.
	part := turning(t, served(), secured())
	for i := range nodes {
		record := *part.record(i)
		record.Stopping = time.Time{}
		part.state.Facts.Records[nodes[i]] = &record
	}
	same(t, kills(part.turn(secured(), "t3", false)), []string{"kill id0 on A0", "kill id1 on A1", "kill id2 on A2"})
}

func TestAFullStopThatIsTakenBack(t *testing.T) {
	// Before any node was started with TLS: those that end come back as they were.
	l := turning(t, served(), secured())
	l.do(update("id0", tasks.Killed))
	if got := l.turn(target(), "t3", false); l.state.Facts.TargetID != "t3" || l.state.Facts.FullStop != nil {
		t.Errorf("got %v, %+v, %v", got, l.state.Facts.FullStop, l.state.Faults)
	}
	same(t, stops(l), nodes[:1])
	// The KILLs had left.
	l.do(update("id1", tasks.Killed))
	l.do(update("id2", tasks.Killed))
	l.now = l.now.Add(time.Minute)
	l.do(Tick{})
	same(t, l.offerAll(), nodes)
	for i := range nodes {
		l.ready(i)
	}
	if l.state.Plans[0].Status != plans.Complete || l.state.Plans[1].Status != plans.Complete {
		t.Errorf("got %+v", l.state.Plans[:2])
	}

	// After one was: it stops first.
	l = turning(t, served(), secured())
	for i := range nodes {
		l.do(update(l.record(i).TaskID, tasks.Killed))
	}
	l.do(offered(back(node(0, tasks.Killed))))
	l.turn(target(), "t3", false)
	if len(l.state.Faults) != 1 {
		t.Errorf("a node with TLS runs, and the way back was not refused: %v", l.state.Faults)
	}
	same(t, kills(l.turn(target(), "t3", true)), []string{"kill " + l.record(0).TaskID + " on A0"})
	same(t, l.offerAll(), nil)
	l.do(update(l.record(0).TaskID, tasks.Killed))
	same(t, l.offerAll(), nodes)
	for i := range nodes {
		l.ready(i)
	}
	if l.state.Plans[0].Status != plans.Complete || l.state.Plans[1].Status != plans.Complete || l.state.Facts.FullStop != nil {
		t.Errorf("got %+v", l.state.Plans[:2])
	}
}

func TestAFullStopWaitsForAJob(t *testing.T) {
	stored := served()
	stored.Jobs["j1"] = tasks.Job{ID: "j1", Kind: tasks.JobBackup, State: tasks.JobRunning, Params: tasks.JobParams{Database: "bank"}, TaskID: "idj"}
	stored.Jobs["j2"] = tasks.Job{ID: "j2", Kind: tasks.JobRestore, State: tasks.JobQueued, KeysKept: true, Params: tasks.JobParams{Database: "shop"}}
	work := &tasks.Record{Pod: tasks.AdminInstance, Spec: "backup", Task: adminBackup, TaskID: "idj", TargetID: "t1", Confirmed: true,
		Job: &tasks.JobTicket{ID: "j1"}, Agent: tasks.Agent{ID: "A5"}, Status: tasks.Status{State: tasks.Running, Since: noon}}
	stored.Records[adminBackup] = work
	l := turning(t, stored, secured())
	l.do(bare(update("idj", tasks.Running)))
	step := l.phase(plans.FullStopPhase).Steps[0]
	if len(stops(l)) > 0 || !strings.Contains(step.Reason.String(), "waits for the backup of bank to end") {
		t.Errorf("got %v, %s", stops(l), step.Reason)
	}
	// No other begins, and a node that fails meanwhile comes back as it was.
	same(t, l.do(offered(room(7, 8)))[:1], []string{"decline o7 1h0m0s"})
	l.do(update("id1", tasks.Failed))
	l.now = l.now.Add(time.Minute)
	l.do(Tick{})
	same(t, l.offerAll(), nodes[1:2])
	if l.record(1).TargetID != "t1" {
		t.Errorf("launched under %s", l.record(1).TargetID)
	}
	l.ready(1)
	l.do(update("idj", tasks.Finished))
	same(t, stops(l), nodes)
}

func TestANodeThatCannotBeReachedBlocksAFullStop(t *testing.T) {
	away := func(r []*tasks.Record) { r[2].Status.State, r[2].Away = tasks.Unreachable, noon }
	l := turning(t, served(away), secured())
	if reason := l.phase(plans.FullStopPhase).Steps[0].Reason.String(); len(stops(l)) > 0 || !strings.Contains(reason, "host-A2 (A2)") ||
		!strings.Contains(reason, "mark it gone") || !strings.Contains(reason, "plan force-complete deploy full-stop cockroachdb-2:[node-join]") {
		t.Errorf("got %v, %s", stops(l), reason)
	}
	// It is gone: the others may stop.
	l.do(bare(update("id2", tasks.Gone)))
	same(t, stops(l), nodes[:2])

	// It went away after the stop began: nothing is launched, until it is back and has ended or a person knows better.
	for _, word := range []tasks.State{tasks.Gone, tasks.GoneByOperator, tasks.Killed, ""} {
		l := turning(t, served(), secured())
		l.do(bare(update("id2", tasks.Unreachable)))
		l.do(update("id0", tasks.Killed))
		l.do(update("id1", tasks.Killed))
		l.now = l.now.Add(time.Hour)
		same(t, l.offerAll(), nil)
		if word == "" {
			// The master forgets the agent in the end, which proves nothing.
			l.do(bare(update("id2", tasks.Unknown)))
			same(t, l.offer(0, 1), nil)
			order := PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: plans.FullStopPhase, Step: "cockroachdb-2:[node-join]"}
			same(t, l.do(order.For(3)), []string{"write hands/deploy", "revive", "reply 200 to 3"})
		} else {
			l.do(bare(update("id2", word)))
		}
		if got := l.offer(0, 1); len(got) != 2 || l.record(0).TargetID != "t2" || l.record(1).TargetID != "t2" {
			t.Errorf("%s: launched %v", word, got)
		}
	}

	// Who runs has not ended, whoever says so.
	l = turning(t, served(), secured())
	order := PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: plans.FullStopPhase}
	same(t, l.do(order.For(3)), []string{"reply 409 to 3"})
}

// A node that was replaced while its agent was away may run there without TLS.
func TestATaskOfAFormerPlaceBlocksAFullStop(t *testing.T) {
	former := func(r []*tasks.Record) { r[1].Former = []tasks.Former{{TaskID: "former", AgentID: "A9"}} }
	l := turning(t, served(former), secured())
	l.do(bare(Updated{TaskID: "former", AgentID: "A9", Status: tasks.Status{State: tasks.Unreachable, At: noon}}))
	if reason := l.phase(plans.FullStopPhase).Steps[1].Reason.String(); len(stops(l)) > 0 || !strings.Contains(reason, "agent A9") {
		t.Errorf("got %v, %s", stops(l), reason)
	}
	l.do(bare(Updated{TaskID: "former", AgentID: "A9", Status: tasks.Status{State: tasks.Gone, At: noon}}))
	same(t, stops(l), nodes)
	// Its agent never comes back, and a person knows that nothing runs there. The node itself runs on, until it is stopped.
	l = turning(t, served(former), secured())
	l.do(bare(Updated{TaskID: "former", AgentID: "A9", Status: tasks.Status{State: tasks.Unreachable, At: noon}}))
	step := l.phase(plans.FullStopPhase).Steps[1].Name
	got := l.do(PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: plans.FullStopPhase, Step: step}.For(9))
	if len(l.record(1).Former) > 0 || got[len(got)-1] != "reply 200 to 9" {
		t.Errorf("got %v, former %v", got, l.record(1).Former)
	}
	same(t, stops(l), nodes)
}

// Hands on the plan: before the stop it waits, afterwards the nodes come up all the same.
func TestAFullStopAndAPlanThatIsPaused(t *testing.T) {
	// A node is cut off, so the stop waits; while it does, somebody pauses the plan.
	l := turning(t, served(func(r []*tasks.Record) { r[2].Status.State, r[2].Away = tasks.Unreachable, noon }), secured())
	l.do(PlanOrder{Verb: PlanInterrupt, Plan: "deploy"}.For(1))
	l.do(bare(update("id2", tasks.Running)))
	same(t, stops(l), nil)
	l.do(PlanOrder{Verb: PlanContinue, Plan: "deploy"}.For(2))
	same(t, stops(l), nodes)
	l.do(PlanOrder{Verb: PlanInterrupt, Plan: "deploy"}.For(3))
	for i := range nodes {
		l.do(update(fmt.Sprint("id", i), tasks.Killed))
	}
	same(t, l.offerAll(), nodes)
	for i := range nodes {
		if l.record(i).TargetID != "t2" {
			t.Errorf("%s under %s", nodes[i], l.record(i).TargetID)
		}
	}
}
