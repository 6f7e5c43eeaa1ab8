package sim_test

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// next loses the next call of a kind, and says whether it did.
func next[C core.Call](w *sim.World) (lost *bool) {
	lost = new(bool)
	w.Lose = func(call core.Call) bool {
		if _, is := call.(C); !is || *lost {
			return false
		}
		*lost = true
		return true
	}
	return lost
}

func TestALostReviveIsNoticed(t *testing.T) {
	w := deployed(t, 4)
	must(t, w, func() bool { return w.State().Flow.Suppressed }, 2*time.Minute)
	lost := next[core.Revive](w)
	if err := w.Exit(w.State().Facts.Records[inOrder[1]].TaskID, 1); err != nil {
		t.Fatal(err)
	}
	must(t, w, func() bool { return *lost }, time.Minute)
	began := w.Now()
	must(t, w, func() bool { return !w.Healthy() }, time.Minute)
	must(t, w, w.Healthy, 10*time.Minute)
	if took := w.Now().Sub(began); took < 2*time.Minute || took > 3*time.Minute {
		t.Errorf("it took %s, want the two minutes of a drought and a start", took)
	}
}

// longestStall is what one lost call may cost: a REVIVE is repeated after five minutes while something is wanted.
const longestStall = 8 * time.Minute

// Whatever single call gets lost on the way, and at whichever moment of a deployment, the deployment comes to its end.
func TestAnyCallOfADeploymentMayGetLost(t *testing.T) {
	total := 0
	{
		w := deployed(t, 4)
		total = len(w.Calls)
	}
	for n := range total {
		w := sim.New(model.Options{}, virtual.Agents(4))
		calls := 0
		w.Lose = func(core.Call) bool { calls++; return calls == n+1 }
		must(t, w, func() bool { return w.Deployed() && w.Healthy() }, longestStall)
		must(t, w, func() bool { return reserved(w) == 4 }, 15*time.Minute)
	}
}

// The process stores a launch and dies before the ACCEPT. The agent goes away: from then on the master calls the task
// unreachable, although it never was. When the agent is back, nobody tells that there is no such task.
func TestALaunchThatNeverLeftDoesNotWaitForItsAgentForEver(t *testing.T) {
	w := sim.New(model.Options{}, virtual.Agents(4))
	died := false
	w.Crash = func(effect core.Effect) bool {
		send, ok := effect.(core.Send)
		if !ok || died {
			return false
		}
		accept, ok := send.Call.(core.Accept)
		died = ok && accept.Launch != nil && accept.Launch.Record.Task == inOrder[1]
		return died
	}
	// The step below is over once the process is dead: the successor starts later.
	must(t, w, func() bool { return died }, 5*time.Minute)
	facts, err := core.Decode(w.Store)
	if err != nil {
		t.Fatal(err)
	}
	record := facts.Records[inOrder[1]]
	if record == nil || record.Confirmed {
		t.Fatalf("got the record %+v, want one that is stored and not confirmed", record)
	}
	disturbed(t, w, func(m *model.Model, now time.Time) error { return m.AgentDown(now, record.Agent.ID) })
	w.Step(5 * time.Minute)
	must(t, w, func() bool {
		now := w.State().Facts.Records[inOrder[1]]
		return now != nil && now.Status.State == tasks.Unreachable
	}, time.Minute)
	pass(t, w, 10*time.Minute)
	equal(t, launches(w), inOrder[:1])
	disturbed(t, w, func(m *model.Model, now time.Time) error { return m.AgentReturn(now, record.Agent.ID) })
	must(t, w, func() bool { return w.Deployed() && w.Healthy() }, 5*time.Minute)
	equal(t, launches(w), inOrder)
}

// A task without a record runs on an agent that goes away under the kill: the master answers each kill at once.
func TestAnUnknownTaskOutOfReachMakesNoStorm(t *testing.T) {
	w := deployed(t, 4)
	record := w.State().Facts.Records["metrics-0-server"]
	disturbed(t, w, func(m *model.Model, now time.Time) error { return m.AgentDown(now, record.Agent.ID) })
	w.StoreLost = true
	delete(w.Store, "records/"+record.Task)
	w.Kill()
	must(t, w, func() bool { return killed(w)[record.TaskID] }, time.Minute)
	must(t, w, func() bool {
		for _, agent := range w.Model.State().Agents {
			if agent.ID == record.Agent.ID {
				return agent.Connection == "unreachable"
			}
		}
		return false
	}, 5*time.Minute)
	calls := len(w.Calls)
	pass(t, w, 30*time.Minute)
	// Half an hour of a node that is out of reach: it is asked for once a minute, and hardly anything else.
	if n := len(w.Calls) - calls; n > 60 {
		t.Errorf("%d calls in half an hour", n)
	}
	for _, call := range w.Calls[calls:] {
		if kill, ok := call.(core.Kill); ok {
			t.Fatalf("a KILL of %s, which nobody can kill", kill.TaskID)
		}
	}
	disturbed(t, w, func(m *model.Model, now time.Time) error { return m.AgentReturn(now, record.Agent.ID) })
	must(t, w, func() bool { return w.Healthy() && reserved(w) == 4 }, 15*time.Minute)
	for _, id := range w.Running() {
		if id == record.TaskID {
			t.Error("the task without a record runs on")
		}
	}
}

// An agent whose identity is lost registers under a new id. What is reserved on it is kept apart from that, and with it the
// volumes. The model gives them up, so they are made again here as the agent would tell of them.
func TestAnAgentThatReturnsUnderANewIdGetsItsNodeBack(t *testing.T) {
	w := deployed(t, 4)
	before := w.State().Facts.Records[inOrder[1]]
	var now string
	disturbed(t, w, func(m *model.Model, at time.Time) error {
		var bare, volumes []mesos.Resource
		for _, agent := range m.State().Agents {
			if agent.ID == before.Agent.ID {
				bare, volumes = reservations(agent.Total)
			}
		}
		var err error
		if now, err = m.AgentLost(at, before.Agent.ID); err != nil {
			return err
		}
		if refusal := m.Reserve(at, now, bare); refusal != nil {
			return refusal
		}
		if refusal := m.CreateVolumes(at, now, volumes); refusal != nil {
			return refusal
		}
		return nil
	})
	must(t, w, func() bool { return !w.Healthy() }, time.Minute)
	must(t, w, w.Healthy, 10*time.Minute)
	after := w.State().Facts.Records[inOrder[1]]
	if after.Agent.ID != now || now == before.Agent.ID || after.TaskID == before.TaskID || after.VolumeID() != before.VolumeID() {
		t.Errorf("got %s with volume %s, want %s with volume %s", after.Agent.ID, after.VolumeID(), now, before.VolumeID())
	}
	must(t, w, func() bool { return reserved(w) == 4 }, 5*time.Minute)
}

// reservations splits what is reserved into what RESERVE makes and the volumes that CREATE makes of it.
func reservations(total []mesos.Resource) (bare, volumes []mesos.Resource) {
	for _, resource := range total {
		if len(resource.Reservations) == 0 {
			continue
		}
		if resource.GetDisk().GetPersistence() != nil {
			volumes = append(volumes, resource)
			resource.Disk = nil
		}
		bare = append(bare, resource)
	}
	return bare, volumes
}
