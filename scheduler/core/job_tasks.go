package core

import (
	"cmp"
	"crypto/subtle"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// jobCollect lets a job's task have its parameters, once for a launch: what is stored says so before the keys leave, so that no
// second asker gets them, whatever happens to this process. With them comes the token for its reports, which stands nowhere else.
func (f *frame) jobCollect(e JobCollect) {
	job, record, code, message := f.jobOf(e.Ticket, e.TaskID, func(own tasks.JobTicket) string { return own.Token })
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
	known := *record
	known.Job = &tasks.JobTicket{ID: job.ID, Token: record.Job.Token, Report: f.ids.Next()}
	if !known.Confirmed {
		f.confirmed(&known)
	}
	f.put(known)
	f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusOK, Job: job, Report: known.Job.Report, Leftovers: f.leftovers(job)})
}

// leftoversMost is how many folders a job is told of; older ones are left to the bucket's own rules.
const leftoversMost = 20

// leftovers are the folders of earlier backups of the same database in the same place that did not succeed, the newest first: parts
// of uploads may lie there that nobody else comes back for.
func (f *frame) leftovers(job tasks.Job) []string {
	if job.Kind != tasks.JobBackup {
		return nil
	}
	var failed []tasks.Job
	for _, other := range f.Facts.Jobs {
		same := other.Params.Database == job.Params.Database && other.Params.Bucket == job.Params.Bucket && other.Params.Dir == job.Params.Dir &&
			other.Params.Endpoint == job.Params.Endpoint
		if same && other.Kind == tasks.JobBackup && other.State.Ended() && other.State != tasks.JobSucceeded && !other.Launched.IsZero() {
			failed = append(failed, other)
		}
	}
	slices.SortFunc(failed, func(a, b tasks.Job) int { return cmp.Or(b.Ended.Compare(a.Ended), cmp.Compare(a.ID, b.ID)) })
	var folders []string
	for _, other := range failed {
		if len(folders) < leftoversMost && other.Params.BackupDir != job.Params.BackupDir && !slices.Contains(folders, other.Params.BackupDir) {
			folders = append(folders, other.Params.BackupDir)
		}
	}
	return folders
}

// jobReported takes what a job's task says of itself. The first end counts; one that is told again is taken again, because the
// answer may have been lost.
func (f *frame) jobReported(e JobReport) {
	job, record, code, message := f.jobOf(e.Ticket, e.TaskID, func(own tasks.JobTicket) string { return own.Report })
	switch {
	case code != 0:
	case e.End == nil && (job.State.Ended() || !job.Cancelling.IsZero()):
		code, message = http.StatusGone, "the job was cancelled"
	case e.End != nil && !e.End.State.Ended():
		code, message = http.StatusBadRequest, "end.state is succeeded, failed or cancelled"
	case e.End != nil && e.End.State == tasks.JobSucceeded && e.End.Result == nil:
		code, message = http.StatusBadRequest, "end.result is missing: a job that succeeded did something"
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

// jobOf finds the job and the task that a ticket is for, by the one of its own tokens that counts for what is asked. A code that is
// not zero refuses it.
func (f *frame) jobOf(ticket tasks.JobTicket, taskID string, counts func(own tasks.JobTicket) string) (tasks.Job, *tasks.Record, int, string) {
	job, known := f.Facts.Jobs[ticket.ID]
	if !known {
		return job, nil, http.StatusGone, "no such job is known any more"
	}
	record := f.jobRecord(job)
	if record == nil || record.TaskID != taskID {
		return job, nil, http.StatusGone, "the job goes on without this task, or has ended"
	}
	own := counts(*record.Job)
	if own == "" || subtle.ConstantTimeCompare([]byte(own), []byte(ticket.Token)) != 1 {
		return job, nil, http.StatusForbidden, "not the token of this task"
	}
	return job, record, 0, ""
}
