package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

// deployed is a world in which the default service was deployed.
func deployed(t *testing.T, agents int, environ ...string) *sim.World {
	t.Helper()
	w := sim.New(model.Options{}, virtual.Agents(agents), environ...)
	must(t, w, w.Deployed, 5*time.Minute)
	return w
}

func must(t *testing.T, w *sim.World, done func() bool, most time.Duration) {
	t.Helper()
	over, err := w.Run(done, most)
	if err != nil {
		t.Fatalf("%v\n%s", err, w.Describe())
	}
	if !over {
		t.Fatalf("not done after %s\n%s", most, w.Describe())
	}
}

// pass lets time pass.
func pass(t *testing.T, w *sim.World, d time.Duration) {
	t.Helper()
	if _, err := w.Run(func() bool { return false }, d); err != nil {
		t.Fatalf("%v\n%s", err, w.Describe())
	}
}

// disturbed does something to the model that must succeed.
func disturbed(t *testing.T, w *sim.World, do func(m *model.Model, now time.Time) error) {
	t.Helper()
	if err := w.With(do); err != nil {
		t.Fatal(err)
	}
}

func launches(w *sim.World) []string {
	var names []string
	for _, launch := range w.Launches() {
		for _, task := range launch.Tasks {
			names = append(names, task.Name)
		}
	}
	return names
}

func equal(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

var inOrder = []string{"cockroachdb-0-node-init", "cockroachdb-1-node-join", "cockroachdb-2-node-join", "metrics-0-server"}

func TestTheDefaultServiceIsDeployedOneByOne(t *testing.T) {
	w := deployed(t, 4)
	equal(t, launches(w), inOrder)
	if !w.State().Facts.Cluster.Initialised || !w.State().Facts.Deployed {
		t.Errorf("facts: got %+v", w.State().Facts.Cluster)
	}
	if w.Now().Sub(sim.Begin) > 30*time.Second {
		t.Errorf("it took %s of virtual time", w.Now().Sub(sim.Begin))
	}
	must(t, w, func() bool { return w.State().Flow.Suppressed }, time.Minute)
	calls := len(w.Calls)
	writes := w.Writes
	pass(t, w, 30*time.Minute)
	if w.Writes != writes {
		t.Errorf("idle, and yet %d writes", w.Writes-writes)
	}
	for _, call := range w.Calls[calls:] {
		t.Errorf("idle, and yet a call %T", call)
	}
}

func TestWritesPerLaunchAreFew(t *testing.T) {
	w := deployed(t, 4)
	// For each of four tasks: the launch, STARTING, RUNNING, the check and the health result; and the framework id.
	if w.Writes > 4*6+3 {
		t.Errorf("%d writes for four tasks", w.Writes)
	}
}

func TestAFailingNodeIsSlowedDownAndSaysWhy(t *testing.T) {
	w := sim.New(model.Options{}, virtual.Agents(4))
	w.Script(virtual.Script{Exit: &virtual.Exit{After: 200 * time.Millisecond, Code: 1}})
	var delays []time.Duration
	last := 0
	_, err := w.Run(func() bool {
		if delay, ok := w.State().Delays["cockroachdb-0-node-init"]; ok && delay.Failures > last {
			last = delay.Failures
			delays = append(delays, delay.Until.Sub(w.Now()))
		}
		return last == 8
	}, time.Hour)
	if err != nil || last != 8 {
		t.Fatalf("%v\n%s", err, w.Describe())
	}
	want := []time.Duration{5, 10, 20, 40, 80, 160, 300, 300}
	for i, delay := range delays {
		if delay.Round(time.Second) != want[i]*time.Second {
			t.Errorf("delay %d: got %s, want %s", i+1, delay, want[i]*time.Second)
		}
	}
	step := w.State().Plans[0].Phases[0].Steps[0]
	if step.Status != "DELAYED" || step.Reason.Detail != "Command exited with status 1" {
		t.Errorf("got %s %q", step.Status, step.Reason)
	}
	must(t, w, func() bool { return w.State().Flow.Suppressed }, 10*time.Second)
	w.Script(virtual.Script{})
	must(t, w, w.Deployed, 10*time.Minute)
}

func TestANodeThatIsNeverReadyHoldsThePlanAndSaysWhy(t *testing.T) {
	w := sim.New(model.Options{}, virtual.Agents(4))
	w.Script(virtual.Script{Checks: []virtual.CheckResult{{After: time.Second, ExitCode: 1}}})
	pass(t, w, 10*time.Minute)
	equal(t, launches(w), inOrder[:1])
	step := w.State().Plans[0].Phases[0].Steps[0]
	if step.Status != "STARTED" || step.Reason.Exit == nil || *step.Reason.Exit != 1 {
		t.Errorf("got %s %q", step.Status, step.Reason)
	}
}

func TestAnImpossiblePlacementWaitsAndSaysWhy(t *testing.T) {
	w := sim.New(model.Options{}, virtual.Agents(2))
	pass(t, w, 5*time.Minute)
	step := w.State().Plans[0].Phases[0].Steps[2]
	if want := "waits for an offer: 2 agents: 2 refused by placement hostname:UNIQUE"; !strings.HasPrefix(step.Reason.String(), want) {
		t.Errorf("got %q, want %q", step.Reason, want)
	}
	w.With(func(m *model.Model, now time.Time) error { m.AddAgent(now, virtual.Agent(7)); return nil })
	must(t, w, w.Deployed, 5*time.Minute)
}

func TestADeadNodeComesBackOnItsVolume(t *testing.T) {
	w := deployed(t, 4)
	before := w.State().Facts.Records["cockroachdb-1-node-join"]
	if err := w.Exit(before.TaskID, 1); err != nil {
		t.Fatal(err)
	}
	must(t, w, func() bool { return !w.Healthy() }, time.Minute)
	must(t, w, w.Healthy, 5*time.Minute)
	after := w.State().Facts.Records["cockroachdb-1-node-join"]
	if after.TaskID == before.TaskID || after.VolumeID() != before.VolumeID() || after.Agent.ID != before.Agent.ID {
		t.Errorf("got %s on %s with volume %s, want a new task on %s with volume %s", after.TaskID, after.Agent.ID,
			after.VolumeID(), before.Agent.ID, before.VolumeID())
	}
	if after.Init {
		t.Error("a node that comes back may initialise")
	}
}

func TestNodeZeroNeverInitialisesTwice(t *testing.T) {
	w := deployed(t, 4)
	first := w.State().Facts.Records["cockroachdb-0-node-init"]
	if !first.Init {
		t.Error("the first launch of node 0 may not initialise")
	}
	w.Exit(first.TaskID, 1)
	must(t, w, func() bool { return w.State().Facts.Records["cockroachdb-0-node-init"].TaskID != first.TaskID }, time.Minute)
	if w.State().Facts.Records["cockroachdb-0-node-init"].Init {
		t.Error("the second launch of node 0 may initialise")
	}
}

func TestAFullOutageHealsAtOnce(t *testing.T) {
	w := deployed(t, 4)
	for _, record := range w.State().Facts.Records {
		w.Exit(record.TaskID, 137)
	}
	// Nobody is ready before all are up: what would hang if nodes waited for each other.
	w.Script(virtual.Script{Checks: []virtual.CheckResult{{After: time.Minute}}})
	must(t, w, func() bool { return !w.Healthy() }, time.Minute)
	must(t, w, func() bool { return len(launches(w)) == 8 }, 30*time.Second)
	must(t, w, w.Healthy, 5*time.Minute)
}

func TestTheSchedulerGoesOnAfterAKill(t *testing.T) {
	w := deployed(t, 4)
	ids := map[string]bool{}
	for _, record := range w.State().Facts.Records {
		ids[record.TaskID] = true
	}
	framework := w.FrameworkID()
	w.Kill()
	must(t, w, w.Healthy, time.Minute)
	if w.FrameworkID() != framework {
		t.Error("the framework id changed")
	}
	for _, record := range w.State().Facts.Records {
		if !ids[record.TaskID] {
			t.Errorf("%s was launched again", record.Task)
		}
	}
}

func TestGrowingAddsNodesAndTouchesNoOther(t *testing.T) {
	w := deployed(t, 6)
	w.Environ("NODE_COUNT=5")
	w.Kill()
	must(t, w, func() bool { return w.Deployed() && len(launches(w)) > 4 }, 5*time.Minute)
	equal(t, launches(w), append(append([]string{}, inOrder...), "cockroachdb-3-node-join", "cockroachdb-4-node-join"))
}

func TestAChangeRollsOneNodeAtATimeInPlace(t *testing.T) {
	w := deployed(t, 4)
	volumes := map[string]string{}
	for task, record := range w.State().Facts.Records {
		volumes[task] = record.VolumeID()
	}
	w.Environ("NODE_MEM=4000")
	w.Kill()
	down := 0
	must(t, w, func() bool {
		notReady := 0
		for task, record := range w.State().Facts.Records {
			if task != "metrics-0-server" && !record.Ready() {
				notReady++
			}
		}
		down = max(down, notReady)
		return w.Deployed() && len(launches(w)) >= 7
	}, 10*time.Minute)
	equal(t, launches(w), append(append([]string{}, inOrder...), inOrder[:3]...))
	if down != 1 {
		t.Errorf("%d nodes were down at once", down)
	}
	for task, record := range w.State().Facts.Records {
		if record.VolumeID() != volumes[task] {
			t.Errorf("%s lost its volume", task)
		}
	}
}

func TestARefusedChangeLeavesTheOldTargetInForce(t *testing.T) {
	w := deployed(t, 4)
	target := w.State().Facts.TargetID
	w.Environ("NODE_COUNT=2", "NODE_DISK=9000")
	w.Kill()
	pass(t, w, time.Minute)
	state := w.State()
	if state.Facts.TargetID != target || len(state.Plans[0].Errors) != 2 || state.Plans[0].Status != "ERROR" {
		t.Errorf("got target %s, plan %s, errors %q", state.Facts.TargetID, state.Plans[0].Status, state.Plans[0].Errors)
	}
	// Recovery works on the old target all the same.
	record := state.Facts.Records["cockroachdb-1-node-join"]
	w.Exit(record.TaskID, 1)
	must(t, w, func() bool {
		now := w.State().Facts.Records["cockroachdb-1-node-join"]
		return now.TaskID != record.TaskID && now.Ready()
	}, 5*time.Minute)
}

func TestAnAgentThatIsAwayIsWaitedFor(t *testing.T) {
	w := deployed(t, 4)
	record := w.State().Facts.Records["cockroachdb-1-node-join"]
	w.With(func(m *model.Model, now time.Time) error { return m.AgentDown(now, record.Agent.ID) })
	must(t, w, func() bool {
		return w.State().Facts.Records["cockroachdb-1-node-join"].Status.State == "TASK_UNREACHABLE"
	}, 5*time.Minute)
	pass(t, w, 10*time.Minute)
	equal(t, launches(w), inOrder)
	w.With(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, record.Agent.ID) })
	must(t, w, w.Healthy, 5*time.Minute)
	equal(t, launches(w), inOrder)
}

func TestAMasterFailoverLosesNothing(t *testing.T) {
	w := deployed(t, 4)
	w.With(func(m *model.Model, now time.Time) error { m.MasterFailover(now, ""); return nil })
	must(t, w, func() bool { return w.State().Link.Connected && w.Healthy() }, 15*time.Minute)
	pass(t, w, 15*time.Minute)
	equal(t, launches(w), inOrder)
}
