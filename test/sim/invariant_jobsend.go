package sim

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var jobsEnd = Invariant{Name: "jobs-end", begin: beginJobsEnd,
	Says: "Once faults stop, every job ends in bounded time, and nothing of its task is left; a job whose keys are kept never fails " +
		"for want of them, and one that was cancelled ends as cancelled, or as its task says."}

func beginJobsEnd() check {
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case JobStored:
			switch after := at.After; {
			case after == nil || after.State != tasks.JobFailed:
			case after.KeysKept && strings.Contains(after.Problem, "in memory only"):
				return fmt.Errorf("the job %s fails for want of keys that are kept", at.ID)
			case !after.Cancelling.IsZero() && after.Problem != dumpFailed:
				return fmt.Errorf("the job %s was cancelled, and fails: %s", at.ID, after.Problem)
			}
		case Settled:
			return allEnded(w)
		}
		return nil
	}
}

// allEnded says which job has not ended, or is not rid of its task.
func allEnded(w *World) error {
	for _, id := range w.open() {
		return fmt.Errorf("the job %s is %s", id, w.Job(id).State)
	}
	for _, name := range w.names() {
		if record := w.records[name]; record.Job != nil {
			return fmt.Errorf("%s, the task of the job %s, which %s, is %s", name, record.Job.ID, w.Job(record.Job.ID).State, record.Status.State)
		}
	}
	return nil
}
