package sim

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var oneWorker = Invariant{Name: "one-worker", begin: beginOneWorker,
	Says: "Never do two tasks work at a backup or a restore of one database on agents that can be reached. The one exception is a " +
		"task whose job ended while its agent could not be reached: it is told to end when it is back, and does."}

// longestOrphan is how long a task may work on whose job has ended, once it can be reached again.
const longestOrphan = 10 * time.Minute

func beginOneWorker() check {
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case JobStored:
			return endedAtWork(w, at)
		case Turned:
			return noTwoAtWork(w)
		}
		return nil
	}
}

// endedAtWork says what is wrong with the end of a job whose task works.
func endedAtWork(w *World, at JobStored) error {
	if at.Before == nil || at.Before.State.Ended() || at.After == nil || !at.After.State.Ended() || w.Settings.Uninstall {
		return nil // being removed, all end at once, and no other task comes
	}
	for _, one := range w.jobs.workers {
		if one.id == at.After.TaskID && w.atWork(one) && w.hasBeenThere(one.agent) {
			return fmt.Errorf("the job %s is %s (%s) while %s works at it on %s, which can be reached", at.ID, at.After.State, at.After.Problem,
				one.id, one.agent)
		}
	}
	return nil
}

// noTwoAtWork looks for two tasks at one database.
func noTwoAtWork(w *World) error {
	at := map[string]*worker{}
	for _, one := range w.jobs.workers {
		if !w.atWork(one) || w.outOfReach(one.agent) {
			continue
		}
		if job := w.Job(one.ticket.ID); job.State.Ended() {
			if since := later(job.Ended, w.back[one.agent]); w.alive && w.Now().Sub(since) > longestOrphan {
				return fmt.Errorf("%s works on, although its job %s has ended since %s", one.id, job.ID, w.Now().Sub(since))
			}
			continue
		}
		if one.job.Kind == tasks.JobVerify {
			continue
		}
		database := one.job.Params.Target()
		if other := at[database]; other != nil {
			return fmt.Errorf("%s and %s work at the database %s at one time", other.id, one.id, database)
		}
		at[database] = one
	}
	return nil
}

// atWork says that a worker has what it needs and has not ended.
func (w *World) atWork(one *worker) bool {
	if one.stage != working {
		return false
	}
	runs, _ := w.Runs(one.id)
	return runs
}

// outOfReach says that an agent cannot be reached, or does not count any more.
func (w *World) outOfReach(agent string) bool {
	away := w.away[agent]
	return w.gone[agent] || !away.IsZero() && !w.back[agent].After(away)
}

// hasBeenThere says that an agent can be reached for so long that the process knows.
func (w *World) hasBeenThere(agent string) bool {
	return !w.outOfReach(agent) && (w.away[agent].IsZero() || w.Now().Sub(w.back[agent]) > hearing)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
