package sim_test

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

// atWork is a world in which a job of a kind has collected what it needs and works, for an hour, and the agent that it works on.
func atWork(t *testing.T, kind tasks.JobKind) (w *sim.World, id, agent string) {
	t.Helper()
	w = deployed(t, 5)
	w.WorkFor(time.Hour)
	job := w.NewJob(kind, "bank")
	if reply, _, err := w.OrderJob(job); err != nil || reply.Code != 200 {
		t.Fatalf("got %+v, %v", reply, err)
	}
	must(t, w, func() bool { return w.Job(job.ID).Collected }, 5*time.Minute)
	return w, job.ID, record(w, kind.Task()).Agent.ID
}

func TestABackupIsMadeAndNothingIsLeft(t *testing.T) {
	w := deployed(t, 5)
	w.WorkFor(time.Minute)
	job := w.NewJob(tasks.JobBackup, "bank")
	if reply, _, err := w.OrderJob(job); err != nil || reply.Code != 200 {
		t.Fatalf("got %+v, %v", reply, err)
	}
	must(t, w, func() bool { return w.Job(job.ID).State == tasks.JobSucceeded && reserved(w) == 4 }, 10*time.Minute)
}

// A scheduler that was down does not know that the agent of a job is back: the job is not given up before the master has said so.
func TestAJobWhoseAgentIsBackIsNotGivenUpByANewProcess(t *testing.T) {
	w, id, agent := atWork(t, tasks.JobBackup)
	done(t, w.AgentDown(agent))
	must(t, w, func() bool { return record(w, "admin-0-backup").Status.State == tasks.Unreachable }, 5*time.Minute)
	w.Down = w.Now().Add(30 * time.Minute)
	w.Slow = w.Down.Add(5 * time.Second)
	w.Kill()
	pass(t, w, 5*time.Minute)
	done(t, w.AgentBack(agent))
	pass(t, w, 26*time.Minute)
	if job := w.Job(id); job.State != tasks.JobRunning {
		t.Errorf("the job is %s: %s", job.State, job.Problem)
	}
}

// A job is given up while a new master still waits for the agents of before: it answers for none of their tasks.
func TestAJobThatIsGivenUpHoldsNobodyUp(t *testing.T) {
	w, id, agent := atWork(t, tasks.JobBackup)
	done(t, w.AgentDown(agent))
	must(t, w, func() bool { return record(w, "admin-0-backup").Status.State == tasks.Unreachable }, 5*time.Minute)
	w.Down = w.Now().Add(20 * time.Minute)
	w.Kill()
	pass(t, w, 17*time.Minute)
	done(t, w.AgentBack(agent))
	pass(t, w, time.Minute)
	done(t, w.AgentDown(agent))
	disturbed(t, w, func(m *model.Model, now time.Time) error { m.MasterFailover(now, ""); return nil })
	must(t, w, func() bool { return w.Job(id).State.Ended() }, 60*time.Minute)
	pass(t, w, 15*time.Minute)
	if waiting := w.State().Reconcile.Waiting; len(waiting) > 0 {
		t.Errorf("still waits for %v", waiting)
	}
}

// A task that cannot be told that its job was cancelled goes on, and says in the end that all went well: that is not noted as if it
// counted.
func TestAnEndThatComesTooLateIsNotTaken(t *testing.T) {
	w, id, agent := atWork(t, tasks.JobBackup)
	done(t, w.AgentDown(agent))
	must(t, w, func() bool { return record(w, "admin-0-backup").Status.State == tasks.Unreachable }, 5*time.Minute)
	task := record(w, "admin-0-backup")
	if reply, _, err := w.CancelJob(id); err != nil || reply.Job.State != tasks.JobCancelled {
		t.Fatalf("got %+v, %v", reply, err)
	}
	reply, _, err := w.Ask(core.JobReport{Ticket: *task.Job, TaskID: task.TaskID, End: &tasks.JobEnd{State: tasks.JobSucceeded}})
	if err != nil || reply.Code != 410 {
		t.Errorf("got %+v, %v", reply, err)
	}
}
