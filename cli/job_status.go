package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// jobStatus shows jobs. It is the same command in both groups: people look for a restore under "restore".
func jobStatus(s *session, group string) *cobra.Command {
	var follow bool
	c := &cobra.Command{
		Use:   "status [id]",
		Short: "Show backups, restores and verifications that run or ran, or one of them",
		Long: `Show the backups, restores and verifications that wait, run and ran, the newest first,
and when the schedule makes the next backup. With an id, or with its beginning, show
all that is known of one. With --follow, follow that one, or the only one that has not
ended, as "backup" does.`,
		Example:           "  " + s.program + " " + group + " status\n  " + s.program + " " + group + " status 5f2a9c1e --follow",
		Args:              perhapsName("id of the job"),
		ValidArgsFunction: s.completeJobs(func(wire.Job) bool { return true }),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 0 && follow:
				id, err := s.openJob(c.Context(), "status", "--follow")
				if err != nil {
					return err
				}
				return s.showJob(c.Context(), id, true)
			case len(args) == 0:
				return s.showJobs(c.Context())
			}
			id, err := s.idOf(c.Context(), args[0])
			if err != nil {
				return err
			}
			return s.showJob(c.Context(), id, follow)
		},
	}
	c.Flags().BoolVarP(&follow, "follow", "f", false, "follow the job to its end")
	return c
}

func (s *session) showJobs(ctx context.Context) error {
	answer, jobs, err := s.allJobs(ctx)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(answer)
	}
	if len(jobs.Jobs) == 0 {
		s.note("No backups, restores or verifications yet.")
	}
	return s.print(func(w io.Writer) error { return render.Jobs(w, jobs, answer.Date) })
}

func (s *session) showJob(ctx context.Context, id string, follow bool) error {
	answer, err := s.ask(ctx, client.Path("jobs", id))
	if err != nil {
		return s.noJob(err, id)
	}
	view, err := viewOf(answer)
	if err != nil {
		return err
	}
	if follow {
		return s.followJob(ctx, view)
	}
	if s.json {
		return s.printJSON(answer)
	}
	return s.print(func(w io.Writer) error { return render.Job(w, view.job, view.now) })
}
