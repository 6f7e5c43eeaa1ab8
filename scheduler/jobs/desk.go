package jobs

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/secrets"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// patience is how long the core may take to answer. It is shorter than the time for which keys are kept without a job.
const patience = 30 * time.Second

// Core is what takes jobs on: run.Loop.
type Core interface {
	Snapshot() core.State
	Ask(ctx context.Context, event core.Asking) (core.Reply, error)
	Tell(ctx context.Context, event core.Event)
}

// Desk takes requests for jobs, and hands their keys to their tasks.
type Desk struct {
	Core Core
	// Keys wait here for the tasks of jobs that people asked for.
	Keys *secrets.Safe
	// Scheduled are the backups that are made by themselves, nil when none are.
	Scheduled *Scheduled
	// Version is the database's by the settings; it counts while no target is in force.
	Version cockroach.Version
	Now     func() time.Time
	// NewID makes a UUID.
	NewID func() string
}

// Order asks for a job. Errors: Faults, or *Refusal with the core's code: 409 another job works on that database, 503 nothing
// is deployed, or there was no answer and nobody knows whether the job was taken.
func (d *Desk) Order(ctx context.Context, request wire.JobRequest) (tasks.Job, error) {
	job, keys, err := Parse(request, d.version(), d.Now())
	if err != nil {
		return tasks.Job{}, err
	}
	job.ID, job.By = d.NewID(), tasks.ByOperator
	if !job.Params.IAM {
		d.Keys.Put(job.ID, keys)
	}
	reply, err := d.ask(ctx, core.JobOrder{Job: job})
	if err != nil {
		// Nobody knows whether it was taken: the keys stay until the next rounds find that there is no such job.
		return tasks.Job{}, err
	}
	if reply.Code != http.StatusOK {
		d.Keys.Drop(job.ID)
		return tasks.Job{}, &Refusal{reply.Code, reply.Message}
	}
	return reply.Job, nil
}

// Cancel asks for a job's end. The error is a *Refusal: 208 it has ended, 404 there is none, 503.
func (d *Desk) Cancel(ctx context.Context, id string) (tasks.Job, error) {
	reply, err := d.ask(ctx, core.JobCancel{ID: id})
	if err != nil {
		return tasks.Job{}, err
	}
	if reply.Code != http.StatusOK {
		return tasks.Job{}, &Refusal{reply.Code, reply.Message}
	}
	if reply.Job.State.Ended() {
		d.Keys.Drop(id)
	}
	return reply.Job, nil
}

// Collect gives a task its job and keys, once: the core says whether it may have them. The error is a *Refusal: 403, 410, 503.
func (d *Desk) Collect(ctx context.Context, event core.JobCollect) (tasks.Job, wire.Keys, error) {
	reply, err := d.ask(ctx, event)
	if err != nil {
		return tasks.Job{}, wire.Keys{}, err
	}
	if reply.Code != http.StatusOK {
		return tasks.Job{}, wire.Keys{}, &Refusal{reply.Code, reply.Message}
	}
	keys, gone := d.keysOf(reply.Job)
	if gone != "" {
		// Whether or not the task is still there to hear it.
		told, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		d.Core.Tell(told, core.JobWithoutKeys{ID: reply.Job.ID})
		return tasks.Job{}, wire.Keys{}, &Refusal{http.StatusGone, gone}
	}
	return reply.Job, keys, nil
}

// Report tells the core how far a job is, or how it ended. The error is a *Refusal: 403, 410, 503.
func (d *Desk) Report(ctx context.Context, event core.JobReport) (string, error) {
	reply, err := d.ask(ctx, event)
	if err != nil {
		return "", err
	}
	if reply.Code != http.StatusOK {
		return "", &Refusal{reply.Code, reply.Message}
	}
	if event.End != nil {
		d.Keys.Drop(event.Ticket.ID)
	}
	return reply.Message, nil
}

// keysOf are the keys for a job that was collected just now; gone says why there are none, where it needs some.
func (d *Desk) keysOf(job tasks.Job) (keys wire.Keys, gone string) {
	switch {
	case job.Params.IAM:
		return wire.Keys{}, ""
	case job.By == tasks.BySchedule:
		if d.Scheduled == nil || d.Scheduled.Keys == (wire.Keys{}) {
			return wire.Keys{}, "the scheduler's settings hold no keys for scheduled backups any more"
		}
		return d.Scheduled.Keys, ""
	}
	if keys, ok := d.Keys.Take(job.ID); ok {
		return keys, ""
	}
	return wire.Keys{}, "the scheduler was restarted after the job was asked for, or the job waited for longer than a day, and its keys " +
		"are held in memory only; start the job again"
}

// errNoAnswer says that the core did not answer in time.
var errNoAnswer = errors.New("the scheduler did not answer in time, and nobody knows whether the request counted; look at the list of jobs")

func (d *Desk) ask(ctx context.Context, event core.Asking) (core.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := d.Core.Ask(ctx, event)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return core.Reply{}, &Refusal{http.StatusServiceUnavailable, errNoAnswer.Error()}
	case err != nil:
		return core.Reply{}, &Refusal{http.StatusServiceUnavailable, err.Error()}
	}
	return reply, nil
}

// version is that of the target in force, which running nodes are brought to.
func (d *Desk) version() cockroach.Version {
	pod, _ := d.Core.Snapshot().Facts.Target().Pod(tasks.NodePod)
	for _, spec := range pod.Tasks {
		if version, err := cockroach.Parse(spec.Env[cockroach.EnvVersion]); err == nil {
			return version
		}
	}
	return d.Version
}
