package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// jobView is a job as the scheduler answered it, at a time of its clock.
type jobView struct {
	job    wire.Job
	now    time.Time
	answer client.Answer
}

// errNoName: the answer is JSON, and no job.
var errNoName = errors.New("the answer of the scheduler names no job")

func viewOf(answer client.Answer) (jobView, error) {
	job, err := client.Decode[wire.Job](answer)
	if err == nil && job.ID == "" {
		err = errNoName
	}
	return jobView{job, answer.Date, answer}, err
}

// States of a job that never change again.
const (
	succeeded = "succeeded"
	failed    = "failed"
	cancelled = "cancelled"
)

func ended(job wire.Job) bool {
	return job.State == succeeded || job.State == failed || job.State == cancelled
}

// startJob asks for a job and, unless told otherwise, follows it to its end.
func (s *session) startJob(ctx context.Context, request wire.JobRequest, wait bool) error {
	c, err := s.connect()
	if err != nil {
		return err
	}
	answer, err := c.Post(ctx, client.Path("jobs"), request, http.StatusBadRequest)
	if err != nil {
		if ctx.Err() != nil {
			s.note("Broken off before the scheduler answered: it is not known whether the job was taken. See: " + s.program + " backup status")
		}
		err = meaning(err, http.StatusConflict, "the scheduler does not take this job now", "See what runs: "+s.program+" backup status")
		return s.noJobs(err)
	}
	if answer.Status == http.StatusBadRequest {
		return refusedJob(c, answer)
	}
	view, err := viewOf(answer)
	if err != nil {
		return err
	}
	if wait {
		return s.followJob(ctx, view)
	}
	if s.json {
		return s.printJSON(answer)
	}
	if err := s.printText(fmt.Sprintf("The %s has been asked for: job %s.\n", render.JobName(view.job), render.Text(view.job.ID))); err != nil {
		return err
	}
	s.note("Follow it: " + s.jobCommand("status", view.job.ID) + " --follow")
	return nil
}

// jobCommand is a command line about a job.
func (s *session) jobCommand(verb, id string) string {
	return s.program + " backup " + verb + " " + shellWord(id)
}

// noJobs words a scheduler that has no jobs yet.
func (s *session) noJobs(err error) error {
	err = meaning(err, http.StatusNotImplemented, "this scheduler makes no backups", "Update the service: "+s.program+" version shows what runs.")
	return meaning(err, http.StatusNotFound, "the scheduler knows no backups: it is older than this plug-in", "Update the service: "+s.program+" version shows what runs.")
}

// noJob words a job that the scheduler does not have.
func (s *session) noJob(err error, id string) error {
	return meaning(err, http.StatusNotFound, fmt.Sprintf("there is no job %q", id),
		"See what there is (old jobs are forgotten after a while): "+s.program+" backup status")
}

// allJobs asks for the jobs that the scheduler remembers, the newest first.
func (s *session) allJobs(ctx context.Context) (client.Answer, wire.Jobs, error) {
	answer, err := s.ask(ctx, client.Path("jobs"))
	if err != nil {
		return answer, wire.Jobs{}, s.noJobs(err)
	}
	jobs, err := client.Decode[wire.Jobs](answer)
	return answer, jobs, err
}

// wholeID is how many characters an id has.
const wholeID = 36

// idOf finds the job whose id begins with what a person gave, as the table shows it.
func (s *session) idOf(ctx context.Context, begun string) (string, error) {
	if len(begun) >= wholeID {
		return begun, nil
	}
	_, jobs, err := s.allJobs(ctx)
	if err != nil {
		return "", err
	}
	var fitting []string
	for _, job := range jobs.Jobs {
		if strings.HasPrefix(job.ID, begun) {
			fitting = append(fitting, job.ID)
		}
	}
	switch len(fitting) {
	case 0:
		return begun, nil // the scheduler may know more, and says so if not
	case 1:
		return fitting[0], nil
	}
	return "", fmt.Errorf("%q is the beginning of %d jobs: %s", begun, len(fitting), strings.Join(fitting, ", "))
}
