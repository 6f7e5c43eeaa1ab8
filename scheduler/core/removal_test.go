package core

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// removing is a process that removes the service that these facts are of.
func removing(t *testing.T, stored Facts, want ...string) *life {
	t.Helper()
	state, effects := Start(stored, tasks.Target{}, "t2", noon, Settings{Uninstall: true})
	same(t, describe(effects), want)
	return &life{t: t, state: state, now: noon}
}

// steps are the statuses of the plan's open steps, by name.
func (l *life) steps() map[string]string {
	open := map[string]string{}
	for _, phase := range l.state.Plans[0].Phases {
		for _, step := range phase.Steps {
			if step.Status != plans.Complete {
				open[step.Name] = string(step.Status) + " " + string(step.Reason.Why)
			}
		}
	}
	return open
}

func (l *life) open(want ...string) {
	l.t.Helper()
	var got []string
	steps := l.steps()
	for _, name := range slices.Sorted(maps.Keys(steps)) {
		got = append(got, name+": "+steps[name])
	}
	same(l.t, got, want)
}

// again is a successor of this process: it knows what is stored.
func (l *life) again() *life {
	l.t.Helper()
	next := removing(l.t, l.state.Facts)
	next.now = l.now
	return next
}

// wipedKeys is the write that ends a removal, without the keys that are always named.
func wipedKeys(lines []string) string {
	for _, line := range lines {
		if strings.HasPrefix(line, "write ") {
			var kept []string
			for _, key := range strings.Fields(line)[1:] {
				switch {
				case strings.HasPrefix(key, "-"+keyJournal), key == "-cluster", key == "-deployed", key == "-policy", key == "-schedule":
				default:
					kept = append(kept, key)
				}
			}
			return strings.Join(kept, " ")
		}
	}
	return "no write"
}

func TestAServiceIsRemoved(t *testing.T) {
	paused := func(r *tasks.Record) { r.Paused, r.Idling = true, true }
	l := removing(t, facts(node(0, tasks.Running), node(1, tasks.Running, paused)),
		"write left/A0 left/A1 uninstall -records/cockroachdb-0-node-init -records/cockroachdb-1-node-join")
	l.open("deregister: PENDING earlier-step", "kill-task-id0: PENDING master", "kill-task-id1: PENDING master", "unreserve-cpus-A0: PENDING master",
		"unreserve-cpus-A1: PENDING master", "unreserve-port-A0: PENDING master", "unreserve-port-A1: PENDING master")
	// Both nodes at once: the gate is not asked.
	same(t, l.take(subscribe), []string{"reconcile", "kill id0 on A0", "kill id1 on A1", "reconcile id0@A0 id1@A1", "revive"})
	same(t, l.take(bare(update("id0", tasks.Running))), nil)
	same(t, l.take(update("id0", tasks.Killed)), []string{"write left/A0", "ack id0"})
	same(t, l.take(Offered{Offers: []offers.Offer{back(node(0, tasks.Running)), room(5, 4)}}),
		[]string{"write left/A0", "accept back-A0 unreserve 2 rest 1s", "decline o5 30s"})
	l.open("deregister: PENDING earlier-step", "kill-task-id1: PREPARED ending", "unreserve-cpus-A0: PREPARED given-back",
		"unreserve-cpus-A1: PENDING in-use", "unreserve-port-A0: PREPARED given-back", "unreserve-port-A1: PENDING in-use")
	// An offer that was under way shows nothing yet, and a later one without them does.
	l.now = l.now.Add(time.Second)
	same(t, l.take(Offered{Offers: []offers.Offer{room(0, 4)}}), []string{"decline o0 5s"})
	same(t, l.take(update("id1", tasks.Killed)), []string{"write left/A1", "ack id1"})
	l = l.again()
	same(t, l.take(subscribe), []string{"reconcile", "reconcile id0@A0 id1@A1", "revive"})
	l.now = l.now.Add(2 * time.Second)
	same(t, l.take(Offered{Offers: []offers.Offer{room(0, 4), back(node(1, tasks.Running))}}),
		[]string{"write left/A0 left/A1", "accept back-A1 unreserve 2 rest 1s", "decline o0 30s"})
	// The agent offers nothing any more, others use all of it: after six minutes of silence what was given back is gone.
	same(t, l.take(bare(update("id1", tasks.Gone))), nil)
	if got := l.ticks(370); !slices.Contains(got, "365 teardown") || !slices.Contains(got, "360 write left/A1") {
		t.Errorf("got %v", got)
	}
	l.open("deregister: PREPARED teardown")
	// The answer is lost with the process. The next one asks again at once, and only the master's word empties the store.
	l = l.again()
	if got := l.take(subscribe); !slices.Contains(got, "teardown") {
		t.Errorf("got %v", got)
	}
	l.take(Disconnected{Reason: "the master closed the stream"})
	got := l.take(MasterError{Message: frameworkRemoved})
	if keys := wipedKeys(got); keys != "-framework-id -left/A0 -left/A1 -target -targets/t1 -uninstall" || got[len(got)-1] != "leave" {
		t.Errorf("wiped %s, then %v", keys, got)
	}
	l.open()
	if plan := l.state.Plans[0]; plan.Status != plans.Complete || len(plan.Phases) != 4 || l.state.Facts.FrameworkID != "" {
		t.Errorf("plan %+v, framework %s", plan, l.state.Facts.FrameworkID)
	}
	same(t, l.ticks(100), nil)
}

func TestAnAcceptThatIsLostIsSentAgain(t *testing.T) {
	l := removing(t, facts(node(0, tasks.Killed)), "write left/A0 uninstall -records/cockroachdb-0-node-init")
	l.take(subscribe)
	given := []string{"write left/A0", "accept back-A0 unreserve 2 rest 1s"}
	same(t, l.take(Offered{Offers: []offers.Offer{back(node(0, tasks.Killed))}}), given)
	l.now = l.now.Add(3 * time.Second)
	same(t, l.take(Offered{Offers: []offers.Offer{back(node(0, tasks.Killed))}}), []string{"decline back-A0 5s"})
	l.now = l.now.Add(10 * time.Second)
	same(t, l.take(Offered{Offers: []offers.Offer{back(node(0, tasks.Killed))}}), given)
}

func TestALostAgentIsNamedAndSkipped(t *testing.T) {
	away := func(r *tasks.Record) { r.Away = noon }
	l := removing(t, facts(node(0, tasks.Unreachable, away), node(1, tasks.Killed)),
		"write left/A0 left/A1 uninstall -records/cockroachdb-0-node-init -records/cockroachdb-1-node-join")
	l.take(subscribe)
	l.take(bare(update("id0", tasks.Unreachable)))
	l.take(Offered{Offers: []offers.Offer{back(node(1, tasks.Killed))}})
	l.now = l.now.Add(5 * time.Second)
	l.take(Offered{Offers: []offers.Offer{room(1, 4)}})
	l.ticks(30)
	l.open("deregister: PENDING earlier-step", "kill-task-id0: PENDING cut-off", "unreserve-cpus-A0: PENDING lost-agent", "unreserve-port-A0: PENDING lost-agent")
	if !l.state.Flow.Suppressed {
		t.Error("offers flow, and nobody can offer what is missing")
	}
	command := "plan force-complete deploy unreserve-resources-host-A0"
	if reason := l.state.Plans[0].Phases[1].Steps[0].Reason.String(); !strings.Contains(reason, "agent host-A0 (A0) is lost since 12:00:00 UTC") || !strings.Contains(reason, command) {
		t.Errorf("the reason is %q", reason)
	}
	same(t, l.take(PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: "unreserve-resources-host-A0", Request: 7}),
		[]string{"write hands/deploy uninstall", "teardown", "reply 200 to 7"})
}

func TestAnAgentThatIsBackIsCleaned(t *testing.T) {
	away := func(r *tasks.Record) { r.Away = noon }
	l := removing(t, facts(node(0, tasks.Unreachable, away)), "write left/A0 uninstall -records/cockroachdb-0-node-init")
	l.take(subscribe)
	l.take(bare(update("id0", tasks.Unreachable)))
	l.ticks(40)
	got := l.take(bare(update("id0", tasks.Running)))
	same(t, got, []string{"write left/A0", "kill id0 on A0", "revive"})
	// Marked gone for good in the middle of it, there is nothing left to do there.
	same(t, l.take(bare(update("id0", tasks.GoneByOperator))), []string{"write left/A0", "revive"})
	l.open("deregister: PENDING look")
}

// TestWhatNoRecordHolds: places that were given up, tasks that nobody knows, and reservations of launches that never were.
func TestWhatNoRecordHolds(t *testing.T) {
	moved := func(r *tasks.Record) {
		r.Before = &tasks.Place{Agent: tasks.Agent{ID: "A5", Hostname: "host-A5"}, Held: held("A5")}
		r.Former = []tasks.Former{{TaskID: "former", AgentID: "A6"}}
	}
	l := removing(t, facts(node(0, tasks.Killed, moved)), "write left/A0 left/A5 left/A6 uninstall -records/cockroachdb-0-node-init")
	l.open("deregister: PENDING earlier-step", "kill-task-former: PENDING cut-off", "unreserve-cpus-A0: PENDING master", "unreserve-cpus-A5: PENDING master",
		"unreserve-port-A0: PENDING master", "unreserve-port-A5: PENDING master", "unreserve-unknown-on-A6: PENDING master")
	l.take(subscribe)
	same(t, l.take(bare(update("stranger", tasks.Running))), []string{"write left/Astranger", "kill stranger on Astranger"})
	stray := node(7, tasks.Killed)
	same(t, l.take(Offered{Offers: []offers.Offer{back(stray), back(node(0, tasks.Killed)), {IDs: []string{"o5"}, Agent: tasks.Agent{ID: "A5", Hostname: "host-A5"},
		Resources: back(node(5, tasks.Killed)).Resources}}}), []string{"write left/A0 left/A5 left/A7", "accept back-A7 unreserve 2 rest 1s",
		"accept back-A0 unreserve 2 rest 1s", "accept o5 unreserve 2 rest 1s", "revive"})
	// The agent of the former task is back, with what it held; after a minute of other offers there is nothing more.
	l.take(bare(Updated{TaskID: "former", AgentID: "A6", Status: tasks.Status{State: tasks.Gone}}))
	six := node(6, tasks.Killed)
	if got := l.take(Offered{Offers: []offers.Offer{back(six)}}); !slices.Contains(got, "accept back-A6 unreserve 2 rest 1s") {
		t.Errorf("got %v", got)
	}
	l.now = l.now.Add(61 * time.Second)
	l.take(Offered{Offers: []offers.Offer{room(0, 1), room(5, 1), room(6, 1), room(7, 1)}})
	l.take(bare(update("stranger", tasks.Gone)))
	l.open("deregister: PENDING look")
	if name := l.state.Plans[0].Phases[3].Name; name != "unreserve-resources-host-A6" {
		t.Errorf("the phase of an agent that has told its name is %s", name)
	}
}

// TestAnAgentUnderANewID: what it held under the old one is found under the new one, and is not waited for twice.
func TestAnAgentUnderANewID(t *testing.T) {
	l := removing(t, facts(node(0, tasks.Killed)), "write left/A0 uninstall -records/cockroachdb-0-node-init")
	l.take(subscribe)
	l.take(bare(update("id0", tasks.Unknown)))
	l.open("deregister: PENDING earlier-step", "unreserve-cpus-A0: PENDING lost-agent", "unreserve-port-A0: PENDING lost-agent")
	again := back(node(0, tasks.Killed))
	again.Agent.ID = "B0"
	same(t, l.take(Offered{Offers: []offers.Offer{again}}), []string{"write left/A0 left/B0", "accept back-A0 unreserve 2 rest 1s", "revive"})
	l.open("deregister: PENDING earlier-step", "unreserve-cpus-A0: PREPARED given-back", "unreserve-port-A0: PREPARED given-back")
}

func TestWhatIsRefusedDuringARemoval(t *testing.T) {
	l := removing(t, facts(node(0, tasks.Running)), "write left/A0 uninstall -records/cockroachdb-0-node-init")
	for _, tt := range []struct {
		event Asking
		code  int
	}{
		{PodOrder{Verb: tasks.Restart, Pod: "cockroachdb-0"}, 409},
		{PlanOrder{Verb: PlanStart, Plan: "deploy"}, 409},
		{PlanOrder{Verb: PlanInterrupt, Plan: "deploy"}, 409},
		{PlanOrder{Verb: PlanRestart, Plan: "deploy", Phase: "kill-tasks"}, 409},
		{PlanOrder{Verb: PlanContinue, Plan: "deploy"}, 208},
		{PlanOrder{Verb: PlanStart, Plan: "backup"}, 404},
		{PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: "unreserve-resources-nowhere"}, 404},
		{PlanOrder{Verb: PlanForceComplete, Plan: "deploy", Phase: "deregister-service"}, 409},
		{JobOrder{}, 409}, {JobCancel{}, 409}, {JobCollect{}, 410}, {JobReport{}, 410}, {ClusterReport{TaskID: "id0"}, 503},
	} {
		same(t, l.take(tt.event.For(3)), []string{fmt.Sprintf("reply %d to 3", tt.code)})
	}
	same(t, l.take(Announced{Absences: []Absence{{OfferID: "i", AgentID: "A0"}}}), []string{"inverse i true 30s"})
}

func TestStartsOfARemoval(t *testing.T) {
	begun := facts(node(0, tasks.Running))
	begun.Removal = &plans.Removal{Since: noon, Left: map[string]*plans.Left{}}
	state, effects := Start(begun, target(), "t2", noon, Settings{})
	same(t, describe(effects), []string{"exit 11"})
	if exit := effects[0].(Exit); !strings.Contains(exit.Message, "2026-01-02 12:00:00 UTC") || !strings.Contains(exit.Remedy, "SDK_UNINSTALL=true") {
		t.Errorf("%+v, %v", exit, state.Plans)
	}
	// A process died between two parts of the first write: what the records still hold is taken over.
	removing(t, begun, "write left/A0 -records/cockroachdb-0-node-init")

	nothing, effects := Start(Facts{}, target(), "t2", noon, Settings{Uninstall: true})
	same(t, describe(effects), []string{"leave"})
	if plan := nothing.Plans[0]; plan.Name != "deploy" || plan.Status != plans.Complete || len(plan.Phases) != 0 || !nothing.Removing.Done {
		t.Errorf("plan %+v", plan)
	}
	_, effects = Start(Facts{TargetID: "t1", Targets: map[string]tasks.Target{"t1": target()}, Strange: []string{"newer/x"}}, target(), "t2", noon, Settings{Uninstall: true})
	if keys := wipedKeys(describe(effects)); keys != "-framework-id -newer/x -target -targets/t1" && keys != "-newer/x -target -targets/t1" {
		t.Errorf("wiped %s", keys)
	}
}

// TestAMasterThatForgets: one that remembers no removed frameworks takes us in again each time, and then closes the stream.
func TestAMasterThatForgets(t *testing.T) {
	l := removing(t, facts(), "write uninstall")
	for range cutsCount - 1 {
		l.take(subscribe)
		l.ticks(20)
		if got := l.take(Disconnected{Reason: "closed"}); len(got) > 0 {
			t.Fatalf("got %v", got)
		}
	}
	l.take(subscribe)
	if got := l.take(Disconnected{Reason: "closed"}); len(got) == 0 || got[len(got)-1] != "leave" {
		t.Errorf("got %v", got)
	}
}

// TestSomebodyElseRemovesTheFramework: what is left then is told, because nobody can give it back any more.
func TestSomebodyElseRemovesTheFramework(t *testing.T) {
	l := removing(t, facts(node(0, tasks.Running)), "write left/A0 uninstall -records/cockroachdb-0-node-init")
	l.take(subscribe)
	l.take(MasterError{Message: frameworkRemoved})
	told := false
	for _, entry := range l.state.Facts.Journal.Since(0) {
		told = told || entry.Level == "ERROR" && strings.Contains(entry.Message, "removed by somebody else")
	}
	if !told || !l.state.Removing.Done {
		t.Errorf("told %v, done %v", told, l.state.Removing.Done)
	}
	other := removing(t, facts(node(0, tasks.Running)), "write left/A0 uninstall -records/cockroachdb-0-node-init")
	same(t, other.take(MasterError{Message: "Framework failed over"}), []string{"exit 6"})
}

func TestTheStoreIsEmptiedInParts(t *testing.T) {
	stored := facts()
	stored.Removal = &plans.Removal{Since: noon, Left: map[string]*plans.Left{}}
	for i := range 2500 {
		id := fmt.Sprintf("S%04d", i)
		stored.Removal.Left[id] = &plans.Left{Agent: tasks.Agent{ID: id}}
	}
	writes, keys := wipe(stored), 0
	for i, write := range writes {
		keys += len(write.Delete)
		marks := slices.Contains(write.Delete, keyRemoval) && slices.Contains(write.Delete, keyFramework) && slices.Contains(write.Delete, keyTarget)
		if len(write.Delete) > wipeMost || marks != (i == len(writes)-1) {
			t.Errorf("write %d of %d has %d keys, with the marks: %v", i, len(writes), len(write.Delete), marks)
		}
	}
	if keys < 2500 {
		t.Errorf("%d keys", keys)
	}
}

// TestJobsOfARemoval: what is under way ends, and what was made can be read until the store is emptied.
func TestJobsOfARemoval(t *testing.T) {
	stored := facts()
	for id, job := range map[string]tasks.Job{"made": {State: tasks.JobSucceeded}, "works": {State: tasks.JobRunning},
		"cancelled": {State: tasks.JobRunning, Cancelling: noon}} {
		job.ID, job.Kind = id, tasks.JobBackup
		stored.Jobs[id] = job
	}
	l := removing(t, stored, "write jobs/cancelled jobs/works uninstall")
	for id, want := range map[string]tasks.JobState{"made": tasks.JobSucceeded, "works": tasks.JobFailed, "cancelled": tasks.JobCancelled} {
		if job := l.state.Facts.Jobs[id]; job.State != want || (want == tasks.JobFailed) != strings.Contains(job.Problem, "being uninstalled") {
			t.Errorf("%s: %+v", id, job)
		}
	}
	if keys := wipedKeys(l.take(MasterError{Message: frameworkRemoved})); keys != "-framework-id -jobs/cancelled -jobs/made -jobs/works -target -targets/t1 -uninstall" {
		t.Errorf("wiped %s", keys)
	}
}
