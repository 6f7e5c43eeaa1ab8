package api

import (
	"cmp"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// jobsOf are all jobs that are known, the newest first.
func jobsOf(state core.State) []wire.Job {
	var known []tasks.Job
	for _, job := range state.Facts.Jobs {
		known = append(known, job)
	}
	slices.SortFunc(known, func(a, b tasks.Job) int { return cmp.Or(b.Asked.Compare(a.Asked), cmp.Compare(a.ID, b.ID)) })
	var list []wire.Job
	for _, job := range known {
		list = append(list, jobOf(state, job))
	}
	return list
}

// jobOf shows a job. Keys are no part of it, and the token of its task is not shown.
func jobOf(state core.State, job tasks.Job) wire.Job {
	p := job.Params
	shown := wire.Job{ID: job.ID, Kind: string(job.Kind), Database: p.Database, Into: p.Into, State: string(job.State), Bucket: p.Bucket, Dir: p.Dir,
		BackupDir: p.BackupDir, Location: "s3://" + p.Bucket + "/" + p.Dir + "/" + p.BackupDir, By: job.By, Due: timeOf(job.Due), Asked: second(job.Asked),
		Launched: timeOf(job.Launched), Ended: timeOf(job.Ended), Cancelling: !job.Cancelling.IsZero(), Problem: job.Problem, Remedy: job.Remedy}
	if !job.State.Ended() {
		shown.Waiting = jobWaits(state, job)
		if progress, ok := state.Progress[job.ID]; ok {
			shown.Progress = progressOf(progress)
		}
	}
	if job.Result != nil {
		shown.Result = resultOf(*job.Result)
	}
	return shown
}

// jobWaits is what holds a job back, empty while its task works.
func jobWaits(state core.State, job tasks.Job) string {
	step, ok := stepOfJob(state, job)
	if !ok || step.Status == plans.Complete || step.Reason.Why == plans.WhyJob {
		return ""
	}
	return step.Reason.String()
}

// stepOfJob is the step of a job in the plan of its kind.
func stepOfJob(state core.State, job tasks.Job) (plans.Step, bool) {
	for _, phase := range planOf(state, string(job.Kind)).Phases {
		for _, step := range phase.Steps {
			if step.ID == job.ID {
				return step, true
			}
		}
	}
	return plans.Step{}, false
}

func progressOf(p tasks.JobProgress) *wire.JobProgress {
	return &wire.JobProgress{At: second(p.At), Doing: p.Doing, Rows: p.Rows, TotalRows: p.TotalRows, Bytes: p.Bytes, TotalBytes: p.TotalBytes,
		Stored: p.Stored, Fraction: p.Fraction}
}

func resultOf(r tasks.JobResult) *wire.JobResult {
	shown := &wire.JobResult{Method: r.Method, Location: r.Location, Manifest: r.Manifest, Tables: r.Tables, Rows: r.Rows, Bytes: r.Bytes, Stored: r.Stored,
		SHA256: r.SHA256, Snapshot: exactly(r.Snapshot), Version: r.Version, Seconds: r.Took.Seconds(), Notes: r.Notes, Removed: r.Removed}
	if r.Took > 0 {
		shown.BytesPerSecond = float64(r.Bytes) / r.Took.Seconds()
	}
	return shown
}

// timeOf is a time to the second, nil for none.
func timeOf(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = second(at)
	return &at
}

// exactly is a time as it is, nil for none.
func exactly(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}
