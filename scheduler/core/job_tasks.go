package core

import (
	"crypto/subtle"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// jobCollect lets a job's task have its parameters, once for a launch: what is stored says so before the keys leave, so that no
// second asker gets them, whatever happens to this process.
func (f *frame) jobCollect(e JobCollect) {
	job, record, code, message := f.jobOf(e.Ticket, e.TaskID)
	switch {
	case code != 0:
	case job.State.Ended():
		code, message = http.StatusGone, "the job has ended: "+string(job.State)
	case job.Collected:
		code, message = http.StatusGone, "the parameters of this task were collected before; if it was not this task, somebody else used its token"
	case !job.Cancelling.IsZero():
		code, message = http.StatusGone, "the job was cancelled"
	}
	if code != 0 {
		f.reply(e.Request, code, message)
		return
	}
	job.Collected = true
	f.Facts.Jobs[job.ID] = job
	f.heard(*record)
	f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusOK, Job: job})
}

// jobReported takes what a job's task says of itself. The first end counts; one that is told again is taken again, because the
// answer may have been lost.
func (f *frame) jobReported(e JobReport) {
	job, record, code, message := f.jobOf(e.Ticket, e.TaskID)
	switch {
	case code != 0:
	case e.End == nil && (job.State.Ended() || !job.Cancelling.IsZero()):
		code, message = http.StatusGone, "the job was cancelled"
	case e.End != nil && !e.End.State.Ended():
		code, message = http.StatusBadRequest, "end.state is succeeded, failed or cancelled"
	case e.End != nil && job.State.Ended() && (job.State != e.End.State || job.Problem != e.End.Problem):
		code, message = http.StatusGone, "the job has ended otherwise before: "+string(job.State)
	}
	if code != 0 {
		f.reply(e.Request, code, message)
		return
	}
	f.heard(*record)
	switch {
	case job.State.Ended():
		// It was told before.
	case e.End != nil:
		f.endJob(job, *e.End)
		f.derive()
	case e.Progress != nil:
		progress := *e.Progress
		progress.At = f.Now
		f.Progress[job.ID] = progress
	}
	f.reply(e.Request, http.StatusOK, "noted")
}

// heard notes that a task which speaks is there, whether or not a status update has come yet.
func (f *frame) heard(record tasks.Record) {
	if !record.Confirmed {
		f.confirmed(&record)
		f.put(record)
	}
}

// jobOf finds the job and the task that a ticket is for. A code that is not zero refuses it.
func (f *frame) jobOf(ticket tasks.JobTicket, taskID string) (tasks.Job, *tasks.Record, int, string) {
	job, known := f.Facts.Jobs[ticket.ID]
	if !known {
		return job, nil, http.StatusGone, "no such job is known any more"
	}
	record := f.jobRecord(job)
	if record == nil || record.TaskID != taskID {
		return job, nil, http.StatusGone, "the job goes on without this task, or has ended"
	}
	if subtle.ConstantTimeCompare([]byte(record.Job.Token), []byte(ticket.Token)) != 1 {
		return job, nil, http.StatusForbidden, "not the token of this task"
	}
	return job, record, 0, ""
}
