package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
)

// jobFollower shows a job until it ends, over restarts of the scheduler, by the rules of follower.
type jobFollower struct {
	look    func(ctx context.Context) (jobView, error)
	display display
	explain func(error) string
}

// display shows how far a job is, and notes in between.
type display interface {
	show(jobView)
	note(string)
	close()
}

// run gives the job's last view. It ends early with ctx's error, or with one that does not pass.
func (f jobFollower) run(ctx context.Context, view jobView) (jobView, error) {
	start := time.Now()
	p := patient{f.display.note, f.explain, "The job goes on"}
	for {
		f.display.show(view)
		if ended(view.job) {
			return view, nil
		}
		pause(ctx, rhythm(time.Since(start)))
		next, err := answered(ctx, &p, f.look)
		if err != nil {
			return view, err
		}
		view = next
	}
}

// rhythm is the pause between two looks: a second, and later more, because a long job changes slowly.
func rhythm(since time.Duration) time.Duration {
	return min(max(since/100, time.Second), 5*time.Second)
}

// followJob shows a job until it ends, and says how it ended. A job that did not succeed is a failure.
func (s *session) followJob(ctx context.Context, view jobView) error {
	c, err := s.connect()
	if err != nil {
		return err
	}
	show := s.display()
	f := jobFollower{
		look: func(ctx context.Context) (jobView, error) {
			answer, err := c.Get(ctx, client.Path("jobs", view.job.ID))
			if err != nil {
				return jobView{}, err
			}
			return viewOf(answer)
		},
		display: show,
		explain: func(err error) string { return s.advise(err).text },
	}
	last, err := f.run(ctx, view)
	show.close()
	if err != nil {
		if lost := s.noJob(err, view.job.ID); lost != err {
			return lost
		}
		s.note(fmt.Sprintf("The %s goes on. Follow it again: %s --follow\nEnd it: %s",
			render.JobName(last.job), s.jobCommand("status", last.job.ID), s.jobCommand("cancel", last.job.ID)))
		return err
	}
	return s.jobEnd(last)
}

// jobEnd prints how a job ended.
func (s *session) jobEnd(last jobView) error {
	var failure error
	if last.job.State != succeeded {
		failure = &jobFailedError{last.job, s.jobCommand("status", last.job.ID)}
	}
	if s.json {
		if err := s.printJSON(last.answer); err != nil {
			return err
		}
		return failure
	}
	if failure != nil {
		return failure
	}
	if err := s.printDone(last.job); err != nil {
		return err
	}
	if last.job.Kind == "backup" {
		s.note("Restore it: " + s.restoreCommand(last.job))
	}
	return nil
}
