package core

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	// jobTries is how often a job is launched whose task ends before it has fetched its parameters.
	jobTries = 3
	// jobLost is how long a job's agent may be out of reach until the job is given up.
	jobLost = 15 * time.Minute
	// jobLeaves is how long a task may go on whose job has ended.
	jobLeaves = time.Minute
	// jobHistory is how many ended jobs are kept, beside the last good backup of each database.
	jobHistory = 100
)

// endJob notes how a job ended.
func (f *frame) endJob(job tasks.Job, end tasks.JobEnd) {
	job.State, job.Ended, job.Problem, job.Remedy, job.Result = end.State, f.Now, end.Problem, end.Remedy, end.Result
	f.Facts.Jobs[job.ID] = job
	delete(f.Progress, job.ID)
	delete(f.Delays, job.Kind.Task())
	delete(f.Looks, job.Kind.Task())
	f.Counters.add("jobs."+string(job.Kind)+"."+string(job.State), 1)
	facts := []any{"job", job.ID, "kind", string(job.Kind), "database", job.Params.Database}
	level := slog.LevelInfo
	switch {
	case job.State == tasks.JobFailed:
		level = slog.LevelError
		facts = append(facts, "problem", job.Problem, "remedy", job.Remedy)
	case job.Result != nil:
		facts = append(facts, "location", job.Result.Location, "tables", job.Result.Tables, "rows", job.Result.Rows, "bytes", job.Result.Bytes,
			"took", job.Result.Took.String())
	}
	f.log(level, "a job "+string(job.State), facts...)
	f.forgetJobs()
}

// jobChanged takes in a change of a job's task. The record goes with the task; what it held is a stray then.
func (f *frame) jobChanged(record tasks.Record) {
	if !record.Status.State.Ended() {
		f.put(record)
		if job, known := f.Facts.Jobs[record.Job.ID]; known && !job.State.Ended() && !job.Cancelling.IsZero() && record.Status.State == tasks.Unreachable {
			// As when it is cancelled while the agent is away: nobody waits for a task that cannot be told.
			f.endJob(job, tasks.JobEnd{State: tasks.JobCancelled})
		}
		return
	}
	f.puts++
	delete(f.Facts.Records, record.Task)
	delete(f.Looks, record.Task)
	f.sweepAnew()
	job, known := f.Facts.Jobs[record.Job.ID]
	if !known || job.State.Ended() {
		return
	}
	said := fmt.Sprintf("the task ended without a word (%s)", taskWords(record.Status))
	switch {
	case !job.Cancelling.IsZero():
		f.endJob(job, tasks.JobEnd{State: tasks.JobCancelled})
	case job.Collected:
		f.endJob(job, tasks.JobEnd{State: tasks.JobFailed, Problem: said,
			Remedy: "its log is in the sandbox of " + record.Task + "; ask for the job again: it cleans up what this one left"})
	case job.Tries >= jobTries:
		f.endJob(job, tasks.JobEnd{State: tasks.JobFailed, Problem: fmt.Sprintf("%s, %d times before it began", said, job.Tries),
			Remedy: "see the sandbox of " + record.Task + " on " + record.Agent.Hostname})
	default:
		job.State = tasks.JobQueued
		f.Facts.Jobs[job.ID] = job
		switch record.Status.State {
		case tasks.Failed, tasks.Errored, tasks.Finished, tasks.Killed:
			f.delay(record)
		}
	}
}

// taskWords are a status in words.
func taskWords(status tasks.Status) string {
	text := string(status.State)
	if message := tasks.ExitMeaning(status.Message); message != "" {
		text += ": " + message
	}
	return text
}

// watchJobs gives up jobs whose agent stays away, and ends tasks whose job has ended. Before reconciliation is done nobody knows
// whether an agent is still away, and a task whose record goes would be waited for without ever being asked for again.
func (f *frame) watchJobs() {
	if f.notReady() != "" {
		return
	}
	for _, kind := range tasks.JobKinds {
		record := f.Facts.Records[kind.Task()]
		if record == nil || record.Job == nil {
			continue
		}
		job, known := f.Facts.Jobs[record.Job.ID]
		away := record.Status.State == tasks.Unreachable && f.Now.Sub(record.Status.Since) >= jobLost
		over := !known || job.State.Ended()
		switch {
		case away:
			// Should the task be there after all, it is told that its job is over, and killed as a stranger.
			f.puts++
			delete(f.Facts.Records, record.Task)
			f.sweepAnew()
			if !over {
				f.endJob(job, tasks.JobEnd{State: tasks.JobFailed, Problem: fmt.Sprintf("its agent %s cannot be reached since %s", record.Agent.Hostname,
					record.Status.Since.UTC().Format("15:04:05 UTC")), Remedy: "ask for the job again"})
			}
		case over && record.Status.State.Alive() && f.Now.Sub(job.Ended) >= jobLeaves:
			f.stopJob(*record)
		}
	}
}

// jobWithoutKeys fails a job whose keys are gone before its task had them.
func (f *frame) jobWithoutKeys(e JobWithoutKeys) {
	if job, known := f.Facts.Jobs[e.ID]; known && !job.State.Ended() {
		f.endJob(job, keysGone)
		f.derive()
	}
}

var keysGone = tasks.JobEnd{State: tasks.JobFailed,
	Problem: "its keys were gone before its task had fetched them: those of a person are held in the scheduler's memory only, those of " +
		"the schedule stand in the settings", Remedy: "ask for the job again; for scheduled backups see BACKUP_AWS_ACCESS_KEY_ID and BACKUP_AWS_SECRET_ACCESS_KEY"}

// forgetJobs keeps the history bounded: the newest ended jobs, and the newest good backup of each database.
func (f *frame) forgetJobs() {
	var ended []tasks.Job
	for _, job := range f.Facts.Jobs {
		if job.State.Ended() {
			ended = append(ended, job)
		}
	}
	slices.SortFunc(ended, func(a, b tasks.Job) int { return cmp.Or(b.Ended.Compare(a.Ended), cmp.Compare(a.ID, b.ID)) })
	good := map[string]bool{}
	for i, job := range ended {
		if job.Kind == tasks.JobBackup && job.State == tasks.JobSucceeded && !good[job.Params.Database] {
			good[job.Params.Database] = true
			continue
		}
		if i >= jobHistory {
			delete(f.Facts.Jobs, job.ID)
		}
	}
}

// startJobs puts jobs right for a new process: a launch that was stored counts, and one whose keys are gone cannot be carried out.
func (f *frame) startJobs() {
	for _, record := range f.Facts.Records {
		if record.Job == nil {
			continue
		}
		if job, known := f.Facts.Jobs[record.Job.ID]; known && job.State == tasks.JobQueued {
			job.State, job.TaskID, job.Launched, job.Collected = tasks.JobRunning, record.TaskID, record.Launched, false
			job.Tries++
			f.Facts.Jobs[job.ID] = job
		}
	}
	for _, job := range f.Facts.Jobs {
		if job.State == tasks.JobQueued && !job.KeysKept {
			f.endJob(job, keysGone)
		}
	}
	if cron := f.Settings.Schedule; cron != f.Facts.Schedule.Cron {
		f.Facts.Schedule.Cron, f.Facts.Schedule.Since = cron, f.Now
		if cron == "" {
			f.Facts.Schedule = ScheduleFacts{}
		}
	}
}
