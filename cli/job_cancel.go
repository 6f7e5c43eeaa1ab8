package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func jobCancel(s *session, group string) *cobra.Command {
	return &cobra.Command{
		Use:   "cancel [id]",
		Short: "End a backup, restore or verification that waits or runs",
		Long: `End a job that waits or runs: the one with this id, or with this beginning of it, or
the only one that has not ended. A cancelled backup leaves nothing in the bucket that
counts as a backup. A cancelled restore leaves the part of the database that it had
restored.`,
		Example:           "  " + s.program + " " + group + " cancel 5f2a9c1e",
		Args:              perhapsName("id of the job"),
		ValidArgsFunction: s.completeJobs(func(job wire.Job) bool { return !ended(job) }),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := "", error(nil)
			if len(args) == 0 {
				id, err = s.openJob(c.Context(), "cancel", "")
			} else {
				id, err = s.idOf(c.Context(), args[0])
			}
			if err != nil {
				return err
			}
			return s.cancelJob(c.Context(), id)
		},
	}
}

func (s *session) cancelJob(ctx context.Context, id string) error {
	answer, err := s.tell(ctx, client.Path("jobs", id, "cancel"), nil)
	if err != nil {
		return s.noJob(s.endsAlready(err, id), id)
	}
	if s.json {
		return s.printJSON(answer)
	}
	view, err := viewOf(answer)
	if errors.Is(err, errNoName) { // the answer is a message
		view.job.ID, err = id, nil
	}
	if err != nil {
		return err
	}
	if view.job.State == cancelled {
		return s.printText(fmt.Sprintf("The %s has been cancelled.\n", render.JobName(view.job)))
	}
	if err := s.printClean(fmt.Sprintf("The job %s is being cancelled.\n", view.job.ID)); err != nil {
		return err
	}
	s.note("Follow it: " + s.jobCommand("status", view.job.ID) + " --follow")
	return nil
}

// endsAlready words the answer that a job has ended, or is to end already: the job itself.
func (s *session) endsAlready(err error, id string) error {
	e, ok := errors.AsType[*client.StatusError](err)
	if !ok || e.Status != http.StatusAlreadyReported {
		return err
	}
	var job wire.Job
	text := fmt.Sprintf("the job %q has ended, or is being cancelled already", id)
	if err := json.Unmarshal([]byte(e.Body), &job); err == nil && job.ID != "" {
		text = fmt.Sprintf("the %s is being cancelled already", render.JobName(job))
		if ended(job) {
			text = fmt.Sprintf("the %s has ended already (%s)", render.JobName(job), job.State)
		}
	}
	return &meantError{text: text, remedy: "See how it is: " + s.jobCommand("status", id), err: &client.StatusError{Query: e.Query, Status: e.Status}}
}
