package sim

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var endedStays = Invariant{Name: "ended-stays", begin: beginEndedStays,
	Says: "A job that has ended never changes again, and one whose task was told that its end is taken has that end in the store."}

func beginEndedStays() check {
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case JobStored:
			switch {
			case at.Before == nil || !at.Before.State.Ended():
			case at.After == nil && w.Settings.Uninstall:
				// It goes with the service.
			case at.After == nil:
				return fmt.Errorf("the job %s, which %s, is forgotten", at.ID, at.Before.State)
			case !reflect.DeepEqual(*at.Before, *at.After):
				return fmt.Errorf("the job %s, which %s, changes: %+v, before %+v", at.ID, at.Before.State, *at.After, *at.Before)
			}
		case Answered:
			report, is := at.Event.(core.JobReport)
			if !is || report.End == nil || at.Reply.Code != http.StatusOK {
				return nil
			}
			if job := w.Job(report.Ticket.ID); job.State != report.End.State || job.Problem != report.End.Problem {
				return fmt.Errorf("the end of the job %s is taken as %s (%s), and it is %s (%s) in the store", report.Ticket.ID, report.End.State,
					report.End.Problem, job.State, job.Problem)
			}
		}
		return nil
	}
}
