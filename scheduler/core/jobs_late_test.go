package core

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// TestAnEndThatComesTooLateIsRefused: what a task is told to be taken is what stands in the store.
func TestAnEndThatComesTooLateIsRefused(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	l.collect()
	l.take(bare(update(l.job(tasks.JobBackup).TaskID, tasks.Unreachable)))
	l.ask(JobCancel{ID: "j1"})
	if reply, got := l.report(success); reply.Code != http.StatusGone || len(got) > 0 || l.state.Facts.Jobs["j1"].State != tasks.JobCancelled {
		t.Errorf("got %+v, %v, %+v", reply, got, l.state.Facts.Jobs["j1"])
	}
}

// TestNoJobIsGivenUpBeforeReconciliationIsDone: until then nobody knows whether the agent is back, and a task whose record is gone
// would be waited for, by all launches, without ever being asked for again.
func TestNoJobIsGivenUpBeforeReconciliationIsDone(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	l.collect()
	id := l.job(tasks.JobBackup).TaskID
	l.take(bare(update(id, tasks.Unreachable)))
	l.take(Disconnected{})
	l.now = l.now.Add(2 * jobLost)
	l.take(Tick{})
	l.take(subscribe)
	l.ticks(5)
	if job := l.state.Facts.Jobs["j1"]; job.State != tasks.JobRunning || l.state.Reconcile.Waiting[id] == "" {
		t.Fatalf("got %+v", job)
	}
	l.take(bare(update(id, tasks.Running)))
	l.ticks(5)
	if job := l.state.Facts.Jobs["j1"]; job.State != tasks.JobRunning {
		t.Errorf("got %+v", job)
	}
}

// TestTasksThatEndAtOneMomentAreAllSweptFor: the offers that the first sweep brought were refused while the second task still had
// its record.
func TestTasksThatEndAtOneMomentAreAllSweptFor(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	restore := backupOf("r1", "shop")
	restore.Job.Kind = tasks.JobRestore
	l.ask(restore)
	l.take(offered(room(6, 4)))
	backup, other := *l.job(tasks.JobBackup), *l.job(tasks.JobRestore)
	if got := l.take(update(backup.TaskID, tasks.Failed)); !slices.Contains(got, "revive") {
		t.Fatalf("got %v", got)
	}
	l.take(offered(back(&other)))
	if got := l.take(update(other.TaskID, tasks.Failed)); !slices.Contains(got, "revive") {
		t.Errorf("got %v", got)
	}
}

// TestACancelledJobWhoseAgentGoesAwayIsCancelled: the order to end did not arrive any more.
func TestACancelledJobWhoseAgentGoesAwayIsCancelled(t *testing.T) {
	l := running(t, backupOf("j1", "bank"))
	l.collect()
	id := l.job(tasks.JobBackup).TaskID
	l.ask(JobCancel{ID: "j1"})
	l.take(bare(update(id, tasks.Unreachable)))
	if job := l.state.Facts.Jobs["j1"]; job.State != tasks.JobCancelled {
		t.Errorf("got %+v", job)
	}
	// Back after all it is told again.
	if got := l.take(update(id, tasks.Running)); !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, "kill "+id) }) {
		t.Errorf("got %v", got)
	}
}
