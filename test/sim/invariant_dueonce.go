package sim

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var dueOnce = Invariant{Name: "due-once", begin: beginDueOnce,
	Says: "For each time of the schedule at most one backup of a database is taken on, and none for a time before one that was."}

func beginDueOnce() check {
	last := map[string]time.Time{}
	return func(_ *World, at Moment) error {
		stored, is := at.(JobStored)
		if !is || stored.Before != nil || stored.After == nil || stored.After.By != tasks.BySchedule {
			return nil
		}
		job := stored.After
		if before, taken := last[job.Params.Database]; taken && !job.Due.After(before) {
			return fmt.Errorf("the backup %s of %s for %s is taken on, and one for %s was before", job.ID, job.Params.Database, job.Due, before)
		}
		last[job.Params.Database] = job.Due
		return nil
	}
}
