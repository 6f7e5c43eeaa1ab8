package core

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// openJobs is how many jobs may wait or run at a time: a scheduler that is asked faster than it works must not grow for ever.
const openJobs = 100

// jobOrder takes a job in. At most one backup or restore works on a database at a time; a scheduled run is taken once.
func (f *frame) jobOrder(e JobOrder) {
	job := e.Job
	if code, message := f.refuseJob(job); code != 0 {
		f.rest = append(f.rest, Reply{Request: e.Request, Code: code, Message: message, Job: job})
		return
	}
	job.State, job.Asked = tasks.JobQueued, f.Now
	f.Facts.Jobs[job.ID] = job
	if job.By == tasks.BySchedule {
		last := maps.Clone(f.Facts.Schedule.Last)
		if last == nil {
			last = map[string]time.Time{}
		}
		last[job.Params.Database] = job.Due
		f.Facts.Schedule.Last = last
	}
	f.log(slog.LevelInfo, "a job is asked for", "job", job.ID, "kind", string(job.Kind), "database", job.Params.Database,
		"bucket", job.Params.Bucket, "dir", job.Params.Dir, "backup_dir", job.Params.BackupDir, "by", job.By)
	f.derive()
	f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusOK, Message: f.heldBack([]string{job.Kind.Task()}), Job: job})
}

// refuseJob says why a job cannot be taken, with its HTTP status; zero when it can.
func (f *frame) refuseJob(job tasks.Job) (int, string) {
	_, _, able := f.Facts.Target().Spec(tasks.AdminInstance, string(job.Kind))
	open := 0
	for _, other := range f.Facts.Jobs {
		if !other.State.Ended() {
			open++
		}
	}
	_, known := f.Facts.Jobs[job.ID]
	due, taken := f.Facts.Schedule.Last[job.Params.Database]
	switch {
	case known, job.By == tasks.BySchedule && taken && !job.Due.After(due):
		return http.StatusAlreadyReported, alreadyDone
	case !slices.Contains(tasks.JobKinds, job.Kind) || !able:
		return http.StatusServiceUnavailable, fmt.Sprintf("this service runs no job of kind %q; its new configuration may have been refused, see the deploy plan", job.Kind)
	case !f.Facts.Cluster.Initialised:
		return http.StatusServiceUnavailable, "there is no database yet: the cluster was not initialised, see the deploy plan"
	case open >= openJobs:
		return http.StatusServiceUnavailable, fmt.Sprintf("%d jobs wait or run already; wait until some have ended, or cancel them", open)
	}
	if other, busy := f.jobOn(job); busy {
		return http.StatusConflict, fmt.Sprintf("the %s %s of %s is %s; wait until it has ended, or cancel it",
			other.Kind, other.ID, other.Params.Target(), other.State)
	}
	return 0, ""
}

// jobOn is the job under way that this one may not run beside.
func (f *frame) jobOn(job tasks.Job) (tasks.Job, bool) {
	for _, id := range slices.Sorted(maps.Keys(f.Facts.Jobs)) {
		if other := f.Facts.Jobs[id]; !other.State.Ended() && collide(job, other) {
			return other, true
		}
	}
	return tasks.Job{}, false
}

// collide says that two jobs work on one database, or that one may remove the backup that the other one reads. A verification reads
// the object store alone.
func collide(a, b tasks.Job) bool {
	one := a.Kind != tasks.JobVerify && b.Kind != tasks.JobVerify && a.Params.Target() == b.Params.Target()
	return one || removes(a, b) || removes(b, a)
}

func removes(a, b tasks.Job) bool {
	return a.Kind == tasks.JobBackup && (a.Params.KeepCount > 0 || a.Params.KeepAge > 0) && b.Kind != tasks.JobBackup &&
		a.Params.Database == b.Params.Database && a.Params.Bucket == b.Params.Bucket && a.Params.Dir == b.Params.Dir
}

// jobCancel ends a job on somebody's wish: one that waits at once, one that runs by way of its task, which cleans up.
func (f *frame) jobCancel(e JobCancel) {
	job, known := f.Facts.Jobs[e.ID]
	switch {
	case !known:
		f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusNotFound, Message: fmt.Sprintf("Job %s not found", e.ID)})
		return
	case job.State.Ended() || !job.Cancelling.IsZero():
		f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusAlreadyReported, Message: alreadyDone, Job: job})
		return
	}
	f.cancelJob(job)
	f.derive()
	f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusOK, Job: f.Facts.Jobs[e.ID]})
}

// cancelJob notes that a job is to end, and ends it where there is no task that could.
func (f *frame) cancelJob(job tasks.Job) {
	job.Cancelling = f.Now
	f.Facts.Jobs[job.ID] = job
	f.log(slog.LevelInfo, "a job is cancelled", "job", job.ID, "kind", string(job.Kind), "database", job.Params.Database)
	record := f.jobRecord(job)
	if record == nil || record.Status.State == tasks.Unreachable {
		f.endJob(job, tasks.JobEnd{State: tasks.JobCancelled})
		return
	}
	f.stopJob(*record)
}

// stopJob lets the task of a job end; the kill leaves as soon as the master is there (stopAgain).
func (f *frame) stopJob(record tasks.Record) {
	if record.Stopped() {
		return
	}
	record.Stopping = f.Now
	f.put(record)
}

// jobRecord is the record of a job's task, nil while it has none.
func (f *frame) jobRecord(job tasks.Job) *tasks.Record {
	if record := f.Facts.Records[job.Kind.Task()]; record != nil && record.Job != nil && record.Job.ID == job.ID {
		return record
	}
	return nil
}

// launchedJob notes that a job has a task.
func (f *frame) launchedJob(work plans.Launch, record tasks.Record) {
	job, known := f.Facts.Jobs[work.Step.ID]
	if !known {
		return
	}
	job.State, job.TaskID, job.Launched, job.Collected = tasks.JobRunning, record.TaskID, f.Now, false
	job.Tries++
	f.Facts.Jobs[job.ID] = job
}
