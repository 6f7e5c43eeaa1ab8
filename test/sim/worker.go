package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// worker is the task of a job as tasks/node/job is: it collects the job, works, tells how far it is and how it ended, and exits.
// It may also die at any time.
type worker struct {
	id, agent string
	ticket    tasks.JobTicket
	stage     stage
	// job is what was collected.
	job tasks.Job
	// next is when it acts next, since when it came to its stage, done when its work is.
	next, since, done time.Time
	// fate is what becomes of it; last is how it will say that it ended.
	fate fate
	end  tasks.JobEnd
}

// stage is how far a worker is.
type stage int

const (
	launched stage = iota
	collecting
	working
	ending
	leaving
	over
)

// fate is what becomes of a worker whom nobody disturbs.
type fate int

const (
	// does its work and leaves.
	does fate = iota
	// diesEarly before it has collected, diesLate while it works.
	diesEarly
	diesLate
	// stays when all is done, for ever.
	stays
)

// dumpFailed is why a worker says that its job failed.
const dumpFailed = "the dump failed"

// asksFor is how long a worker tries to be heard.
const asksFor = 10 * time.Minute

// employ finds the workers, and the secure nodes, among the launches since the last time.
func (w *World) employ() {
	launches := w.Launches()
	for ; w.jobs.seen < len(launches); w.jobs.seen++ {
		launch := launches[w.jobs.seen]
		for _, info := range launch.Tasks {
			if id := variable(info, cockroach.EnvJob); id != "" {
				w.jobs.workers = append(w.jobs.workers, &worker{id: info.TaskID.Value, agent: launch.AgentID,
					ticket: tasks.JobTicket{ID: id, Token: variable(info, cockroach.EnvJobToken)}})
			}
			w.enlist(info, launch.AgentID)
		}
	}
}

// variable is a value of a task's environment.
func variable(info mesos.TaskInfo, name string) string {
	for _, one := range info.Command.GetEnvironment().GetVariables() {
		if one.Name == name {
			return one.GetValue()
		}
	}
	return ""
}

// wake is when the next worker, or secure node, acts, zero when none does by itself. A process that is not told anything notices the time.
func (w *World) wake() time.Time {
	var first time.Time
	switch {
	case !w.alive && w.Now().Before(w.Down):
		first = w.Down
	case w.alive && w.Now().Before(w.Slow):
		first = w.lastTick.Add(time.Second)
	}
	for _, one := range w.jobs.workers {
		if !one.next.IsZero() && (first.IsZero() || one.next.Before(first)) {
			first = one.next
		}
	}
	if next := w.tlsWake(); !next.IsZero() && (first.IsZero() || next.Before(first)) {
		first = next
	}
	return first
}

// work has all workers do what they do now.
func (w *World) work() error {
	w.employ()
	for _, one := range w.jobs.workers {
		if one.stage == over {
			continue
		}
		runs, dying := w.Runs(one.id)
		switch {
		case !runs && one.stage == launched:
			continue
		case !runs:
			one.stage, one.next = over, time.Time{}
			continue
		case one.stage == launched:
			w.begin(one)
		case dying && one.stage == working && one.fate != diesLate:
			w.turnTo(one, ending, 0)
			one.end = tasks.JobEnd{State: tasks.JobCancelled, Problem: "told to stop"}
		}
		if one.next.IsZero() || w.Now().Before(one.next) {
			continue
		}
		if err := w.act(one); err != nil {
			return err
		}
	}
	return nil
}

// begin is the moment in which a worker's command starts.
func (w *World) begin(one *worker) {
	w.turnTo(one, collecting, w.within(4*time.Second))
	one.fate = does
	one.end = tasks.JobEnd{State: tasks.JobSucceeded, Result: &tasks.JobResult{Method: "dump"}}
	if w.jobs.calm {
		return
	}
	switch w.jobs.random.IntN(12) {
	case 0, 1:
		one.fate = diesEarly
	case 2, 3:
		one.fate = diesLate
	case 4:
		one.fate = stays
	case 5, 6:
		one.end = tasks.JobEnd{State: tasks.JobFailed, Problem: dumpFailed, Remedy: "look"}
	}
}

func (w *World) turnTo(one *worker, to stage, in time.Duration) {
	one.stage, one.since, one.next = to, w.Now(), w.Now().Add(in)
	w.tell("the task of %s, %s, comes to stage %d", one.ticket.ID, one.id, to)
}

// within is a time up to the most.
func (w *World) within(most time.Duration) time.Duration {
	return time.Duration(w.jobs.random.Int64N(int64(most)))
}
