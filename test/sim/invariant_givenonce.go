package sim

import (
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var givenOnce = Invariant{Name: "given-once", begin: beginGivenOnce,
	Says: "The parameters of a job are given out at most once, the store says so first, and from then on the job is never " +
		"launched again; nor is one that somebody cancelled."}

func beginGivenOnce() check {
	given := map[string]string{}
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Answered:
			collect, is := at.Event.(core.JobCollect)
			if !is || at.Reply.Code != http.StatusOK {
				return nil
			}
			id := collect.Ticket.ID
			if to := given[id]; to != "" {
				return fmt.Errorf("the job %s is given to %s, and was given to %s before", id, collect.TaskID, to)
			}
			if job := w.Job(id); !job.Collected || job.TaskID != collect.TaskID {
				return fmt.Errorf("the job %s is given to %s, and that is not stored", id, collect.TaskID)
			}
			given[id] = collect.TaskID
		case Leaving:
			accept, is := at.Call.(core.Accept)
			if !is || accept.Launch == nil || accept.Launch.Record.Job == nil {
				return nil
			}
			id, task := accept.Launch.Record.Job.ID, accept.Launch.Record.TaskID
			if to := given[id]; to != "" {
				return fmt.Errorf("the job %s is launched as %s, and was given to %s before", id, task, to)
			}
			if !w.Job(id).Cancelling.IsZero() {
				return fmt.Errorf("the job %s is launched as %s, and was cancelled before", id, task)
			}
		}
		return nil
	}
}
