package core

import (
	"log/slog"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// stable is how long a task has to run until its earlier failures are forgotten. Getting ready is not enough: a task
// that gets ready and then crashes, over and over, is a crash loop too.
const stable = time.Minute

// forgetFailures clears the delays of tasks that have been running for a while.
func (f *frame) forgetFailures() {
	for task := range f.Delays {
		record := f.Facts.Records[task]
		if record != nil && record.Status.State == tasks.Running && f.Now.Sub(record.Status.Since) >= stable {
			delete(f.Delays, task)
		}
	}
}

// delay slows a task down that failed: first the first delay, then longer by a factor up to the longest.
func (f *frame) delay(record tasks.Record) {
	old := f.Delays[record.Task]
	wait := f.Settings.BackOff.wait(old.Failures)
	message := tasks.ExitMeaning(record.Status.Message)
	if message == "" {
		message = record.Status.Reason
	}
	if message == "" {
		message = string(record.Status.State)
	}
	f.Delays[record.Task] = plans.Delay{Failures: old.Failures + 1, Until: f.Now.Add(wait), Message: message}
	f.log(slog.LevelWarn, "task failed, its next launch is delayed", "task", record.Task, "id", record.TaskID,
		"failures", old.Failures+1, "delay", wait.String(), "message", message)
}

// wait is the delay after this many earlier failures.
func (b BackOff) wait(failures int) time.Duration {
	wait := b.First
	for range failures {
		wait = time.Duration(float64(wait) * b.Factor)
		if wait >= b.Most {
			return b.Most
		}
	}
	return min(wait, b.Most)
}
