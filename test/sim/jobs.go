package sim

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// jobs is what stands around the core for backups, restores and verifications: those who ask, and the tasks that do the work.
// What scheduler/jobs does of it is done here; the keys are part of the process.
type jobs struct {
	// calm has all tasks that begin from now on do their work at once and well, and no answer gets lost.
	calm bool
	// lasts is how long the work takes then.
	lasts time.Duration

	// stored are the jobs in the store, decoded.
	stored  map[string]tasks.Job
	workers []*worker
	seen    int // launches that were looked at
	ids     int
	random  *rand.Rand
}

func newJobs(seed uint64) jobs {
	return jobs{stored: map[string]tasks.Job{}, random: rand.New(rand.NewPCG(seed, 4))}
}

// Job is the stored job with an id; it is zero when there is none.
func (w *World) Job(id string) tasks.Job { return w.jobs.stored[id] }

// Jobs are the ids of the stored jobs, in order.
func (w *World) Jobs() []string { return slices.Sorted(maps.Keys(w.jobs.stored)) }

// open are the ids of the stored jobs that have not ended.
func (w *World) open() []string {
	return slices.DeleteFunc(w.Jobs(), func(id string) bool { return w.jobs.stored[id].State.Ended() })
}

// NewJob is a job of a database with an id of its own.
func (w *World) NewJob(kind tasks.JobKind, database string) tasks.Job {
	w.jobs.ids++
	return tasks.Job{ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", w.jobs.ids), Kind: kind, By: tasks.ByOperator,
		Params: tasks.JobParams{Database: database, Bucket: "b", Dir: "d", BackupDir: "now"}}
}

// OrderJob asks for a job; its keys wait in the process from before it is asked for.
func (w *World) OrderJob(job tasks.Job) (core.Reply, bool, error) {
	if !w.alive {
		return core.Reply{}, false, nil
	}
	_, again := w.jobs.stored[job.ID]
	if !job.KeysKept && !again {
		w.keys[job.ID] = true
	}
	reply, answered, err := w.Ask(core.JobOrder{Job: job})
	if answered && reply.Code != http.StatusOK && !again {
		delete(w.keys, job.ID)
	}
	return reply, answered, err
}

// CancelJob asks for a job's end.
func (w *World) CancelJob(id string) (core.Reply, bool, error) {
	reply, answered, err := w.Ask(core.JobCancel{ID: id})
	if answered && reply.Job.State.Ended() {
		delete(w.keys, id)
	}
	return reply, answered, err
}

// collect hands a task its job and keys when the core says that it may have them. The code is what the task hears.
func (w *World) collect(ticket tasks.JobTicket, taskID string) (tasks.Job, int, error) {
	reply, answered, err := w.Ask(core.JobCollect{Ticket: ticket, TaskID: taskID})
	switch {
	case err != nil || !answered || !w.alive:
		// The core may have answered with its last breath: nobody is left who could hand the keys over.
		return tasks.Job{}, 0, err
	case reply.Code != http.StatusOK:
		return tasks.Job{}, reply.Code, nil
	case reply.Job.KeysKept:
		return reply.Job, reply.Code, nil
	case !w.keys[reply.Job.ID]:
		return tasks.Job{}, http.StatusGone, w.Take(core.JobWithoutKeys{ID: reply.Job.ID})
	}
	delete(w.keys, reply.Job.ID)
	return reply.Job, reply.Code, nil
}

// codeOf is the code of an answer, zero when there was none.
func codeOf(reply core.Reply, answered bool) int {
	if !answered {
		return 0
	}
	return reply.Code
}

// wroteJob tells the invariants of a job that is now stored, or not any more.
func (w *World) wroteJob(id string, job *tasks.Job) error {
	moment := JobStored{ID: id, After: job}
	if before, is := w.jobs.stored[id]; is {
		moment.Before = &before
	}
	delete(w.jobs.stored, id)
	if job != nil {
		w.jobs.stored[id] = *job
		if job.State.Ended() && (moment.Before == nil || !moment.Before.State.Ended()) {
			increase(&w.figures.Jobs, string(job.Kind)+" "+string(job.State), 1)
		}
	}
	return w.observe(moment)
}

// WorkFor has the tasks of jobs that begin from now on work for so long, and well.
func (w *World) WorkFor(d time.Duration) { w.jobs.calm, w.jobs.lasts = true, d }
