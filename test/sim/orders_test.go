package sim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

// ordered gives an order for a pod that must be taken.
func ordered(t *testing.T, w *sim.World, order core.PodOrder) core.Reply {
	t.Helper()
	reply, answered, err := w.Ask(order)
	if err != nil || !answered || reply.Code != 200 {
		t.Fatalf("%s %s: got %d %q (answered %v, %v)", order.Verb, order.Pod, reply.Code, reply.Message, answered, err)
	}
	return reply
}

func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func record(w *sim.World, task string) *tasks.Record { return w.State().Facts.Records[task] }

// changed says that a task was launched anew since, and is ready.
func changed(w *sim.World, before *tasks.Record) func() bool {
	return func() bool {
		now := w.State().Facts.Records[before.Task]
		return now != nil && now.TaskID != before.TaskID && now.Ready() && w.Healthy()
	}
}

func agentOf(w *sim.World, id string) (string, bool) {
	for _, agent := range w.Model.State().Agents {
		if agent.ID == id {
			return agent.Connection, true
		}
	}
	return "", false
}

func TestRestartIsInPlaceAndReplaceElsewhere(t *testing.T) {
	for _, story := range []struct {
		verb  tasks.Verb
		keeps bool
	}{{tasks.Restart, true}, {tasks.Replace, false}} {
		for _, task := range inOrder[:3] {
			t.Run(string(story.verb)+" "+task, func(t *testing.T) {
				w := deployed(t, 5)
				before := record(w, task)
				ordered(t, w, core.PodOrder{Verb: story.verb, Pod: before.Pod.String()})
				mustOneByOne(t, w, changed(w, before), 10*time.Minute)
				after := record(w, task)
				if kept := after.VolumeID() == before.VolumeID(); kept != story.keeps {
					t.Errorf("the volume is the same: %v, want %v", kept, story.keeps)
				}
				if after.Init {
					t.Error("it may initialise")
				}
				must(t, w, func() bool { return reserved(w) == 4 }, 5*time.Minute)
				equal(t, launches(w), append(slices.Clone(inOrder), task))
			})
		}
	}
}

// The agent is dead, or only cut off and back after the pod was replaced: then the old task is told to end at once.
func TestANodeOnADeadAgentIsReplaced(t *testing.T) {
	for _, returns := range []bool{false, true} {
		t.Run(map[bool]string{false: "for good", true: "and comes back"}[returns], func(t *testing.T) {
			w := deployed(t, 5)
			before := record(w, inOrder[1])
			done(t, w.AgentDown(before.Agent.ID))
			ordered(t, w, core.PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-1"})
			pass(t, w, 30*time.Second)
			equal(t, launches(w), inOrder) // the master still believes in the agent: the task may run
			must(t, w, func() bool {
				now := record(w, inOrder[1])
				return now.TaskID != before.TaskID && now.Ready()
			}, 5*time.Minute)
			if now := record(w, inOrder[1]); now.Agent.ID == before.Agent.ID || now.VolumeID() == before.VolumeID() {
				t.Errorf("the new place is the old one: %s", now.Agent.ID)
			}
			if !returns {
				return
			}
			done(t, w.AgentBack(before.Agent.ID))
			must(t, w, func() bool { return !slices.Contains(w.Running(), before.TaskID) }, 10*time.Second)
			retarget(w) // the next process sweeps what the old place holds
			must(t, w, func() bool { return w.Healthy() && reserved(w) == 4 }, 5*time.Minute)
		})
	}
}

func TestTwoReplacesGoOneAfterTheOther(t *testing.T) {
	for _, outage := range []bool{false, true} {
		t.Run(map[bool]string{false: "both up", true: "both down"}[outage], func(t *testing.T) {
			w := deployed(t, 6)
			first, second := record(w, inOrder[0]), record(w, inOrder[2])
			if outage {
				for _, id := range w.Running() {
					if err := w.Exit(id, 137); err != nil {
						t.Fatal(err)
					}
				}
			}
			ordered(t, w, core.PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-0"})
			ordered(t, w, core.PodOrder{Verb: tasks.Replace, Pod: "cockroachdb-2"})
			must(t, w, func() bool { return changed(w, first)() && changed(w, second)() && reserved(w) == 4 }, 30*time.Minute)
			if record(w, inOrder[0]).VolumeID() == first.VolumeID() || record(w, inOrder[2]).VolumeID() == second.VolumeID() {
				t.Error("a volume was kept")
			}
		})
	}
}

func TestARestartOrAReplaceInTheMiddleOfARollout(t *testing.T) {
	for _, verb := range []tasks.Verb{tasks.Restart, tasks.Replace} {
		for _, task := range inOrder[:3] {
			t.Run(string(verb)+" "+task, func(t *testing.T) {
				w := sim.New(model.Options{}, virtual.Agents(5))
				w.Script(virtual.Script{Dies: 10 * time.Second})
				must(t, w, w.Deployed, 5*time.Minute)
				before := record(w, task)
				retarget(w, "NODE_MEM=4000")
				mustOneByOne(t, w, func() bool { return len(killed(w)) > 0 }, time.Minute)
				ordered(t, w, core.PodOrder{Verb: verb, Pod: before.Pod.String()})
				mustOneByOne(t, w, func() bool { return under(w) && record(w, task).Asked == nil }, 15*time.Minute)
				if kept := record(w, task).VolumeID() == before.VolumeID(); kept != (verb == tasks.Restart) {
					t.Errorf("the volume is the same: %v", kept)
				}
			})
		}
	}
}

// A paused node idles in place. The rollout goes on with nobody until it is resumed, and then with all.
func TestAPauseInTheMiddleOfARollout(t *testing.T) {
	w := deployed(t, 4)
	before := record(w, inOrder[2])
	ordered(t, w, core.PodOrder{Verb: tasks.Pause, Pod: "cockroachdb-2"})
	must(t, w, func() bool { now := record(w, inOrder[2]); return now.Idling && now.Status.State == tasks.Running }, 5*time.Minute)
	retarget(w, "NODE_MEM=4000")
	pass(t, w, 20*time.Minute)
	for _, task := range inOrder[:2] {
		if record(w, task).TargetID == w.State().Facts.TargetID {
			t.Errorf("%s was taken down while a node idles", task)
		}
	}
	ordered(t, w, core.PodOrder{Verb: tasks.Resume, Pod: "cockroachdb-2"})
	must(t, w, func() bool { return under(w) }, 15*time.Minute)
	if now := record(w, inOrder[2]); now.VolumeID() != before.VolumeID() || now.Paused || now.Idling {
		t.Errorf("got paused %v, idling %v, volume kept %v", now.Paused, now.Idling, now.VolumeID() == before.VolumeID())
	}
}

// The clock of automatic replacement is stored: schedulers that come and go do not start it over.
func TestAutomaticReplacementWaitsItsTimeAcrossRestarts(t *testing.T) {
	settings := []string{"ENABLE_AUTOMATIC_POD_REPLACEMENT=true", "PERMANENT_FAILURE_TIMEOUT_SECS=20m"}
	w := deployed(t, 5, settings...)
	before := record(w, inOrder[1])
	done(t, w.AgentDown(before.Agent.ID))
	must(t, w, func() bool { return record(w, inOrder[1]).Status.State == tasks.Unreachable }, 5*time.Minute)
	away := w.Now()
	for range 9 {
		pass(t, w, 2*time.Minute)
		retarget(w, settings...)
	}
	equal(t, launches(w), inOrder)
	must(t, w, changed(w, before), 10*time.Minute)
	if took := w.Now().Sub(away); took < 20*time.Minute || took > 23*time.Minute {
		t.Errorf("replaced %s after the agent was gone, want twenty minutes", took)
	}
}

// With another node down nobody is replaced automatically: the volume may hold what the database needs.
func TestAutomaticReplacementTakesNoSecondNode(t *testing.T) {
	w := deployed(t, 6, "ENABLE_AUTOMATIC_POD_REPLACEMENT=true", "PERMANENT_FAILURE_TIMEOUT_SECS=5m")
	for _, task := range inOrder[1:3] {
		done(t, w.AgentDown(record(w, task).Agent.ID))
	}
	must(t, w, func() bool { return record(w, inOrder[1]).Status.State == tasks.Unreachable }, 5*time.Minute)
	pass(t, w, time.Hour)
	for _, task := range inOrder[1:3] {
		if now := record(w, task); now.Status.State != tasks.Unreachable || !now.GivenUp.IsZero() {
			t.Errorf("%s: got %s, given up %v", task, now.Status.State, !now.GivenUp.IsZero())
		}
	}
}

// An agent that was marked gone for good takes its volumes with it: its pods are replaced without being asked.
func TestAnAgentThatIsGoneForGood(t *testing.T) {
	w := deployed(t, 5)
	before := record(w, inOrder[1])
	done(t, w.MarkGone(before.Agent.ID))
	must(t, w, changed(w, before), 5*time.Minute)
	if _, known := agentOf(w, before.Agent.ID); known {
		t.Error("the agent is still there")
	}
}

// The pods of an agent that will be away for long are moved before it begins, one node at a time; for a short absence they
// wait in place.
func TestALongMaintenanceMovesTheNode(t *testing.T) {
	for _, long := range []bool{false, true} {
		t.Run(map[bool]string{false: "short", true: "long"}[long], func(t *testing.T) {
			w := deployed(t, 5)
			before := record(w, inOrder[1])
			duration := 10 * time.Minute
			if long {
				duration = 6 * time.Hour
			}
			done(t, w.Maintain(w.Window(before.Agent.ID, time.Hour, duration)))
			if !long {
				pass(t, w, 20*time.Minute)
				equal(t, launches(w), inOrder)
				return
			}
			mustOneByOne(t, w, changed(w, before), 10*time.Minute)
			if record(w, inOrder[1]).Agent.ID == before.Agent.ID {
				t.Error("it was launched on the agent that goes away")
			}
		})
	}
}

// A drained agent's tasks are killed by the agent itself. They come back in place when it is reactivated.
func TestADrainedAgentIsWaitedFor(t *testing.T) {
	w := deployed(t, 5)
	before := record(w, inOrder[1])
	done(t, w.Drain(before.Agent.ID, time.Minute, false))
	must(t, w, func() bool { return !w.Healthy() }, time.Minute)
	pass(t, w, 5*time.Minute)
	equal(t, launches(w), inOrder)
	done(t, w.Reactivate(before.Agent.ID))
	must(t, w, changed(w, before), 5*time.Minute)
	if now := record(w, inOrder[1]); now.VolumeID() != before.VolumeID() {
		t.Error("the volume is another one")
	}
}

// A rollout goes no faster than the database fills up again.
func TestARolloutWaitsForTheDatabase(t *testing.T) {
	w := deployed(t, 4, "DATABASE_PROBES=required")
	w.Database.Behind = 2 * time.Minute
	retarget(w, "DATABASE_PROBES=required", "NODE_MEM=4000")
	began := w.Now()
	mustOneByOne(t, w, func() bool { return under(w) }, 30*time.Minute)
	if took := w.Now().Sub(began); took < 40*time.Second {
		t.Errorf("it took only %s", took)
	}
}
