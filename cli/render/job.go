package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// nouns are what kinds of jobs are called in sentences.
var nouns = map[string]string{"backup": "backup", "restore": "restore", "verify": "verification"}

// JobNoun is what a kind of job is called in sentences: "verification".
func JobNoun(kind string) string {
	if noun := nouns[kind]; noun != "" {
		return noun
	}
	return "job " + word(kind)
}

// JobName names a job in a sentence: the restore of "bank" into "bank2".
func JobName(job wire.Job) string {
	name := fmt.Sprintf("%s of %q", JobNoun(job.Kind), job.Database)
	if job.Into != "" && job.Into != job.Database {
		name += fmt.Sprintf(" into %q", job.Into)
	}
	return name
}

// Job writes all that is known of a job. now is the scheduler's clock. Errors are those of w.
func Job(w io.Writer, job wire.Job, now time.Time) error {
	pairs := []Pair{{"id", job.ID}, {"job", JobName(job) + by(job)}, {"state", state(job)}}
	add := func(label, value string) {
		if value != "" {
			pairs = append(pairs, Pair{label, value})
		}
	}
	if job.State == "queued" {
		add("waiting", job.Waiting)
	}
	add("asked", ago(job.Asked, now))
	if job.Launched != nil {
		add("launched", ago(*job.Launched, now))
	}
	if job.Ended != nil {
		add("ended", ago(*job.Ended, now))
	}
	if job.State == "running" {
		add("progress", strings.Join(ProgressParts(job, Pace{}, true), ", "))
		if job.Progress != nil {
			add("heard", ago(job.Progress.At, now))
		}
	}
	add("problem", job.Problem)
	add("try", Sentence(job.Remedy))
	if job.Result == nil {
		add("location", job.Location)
	}
	return Pairs(w, append(pairs, result(job)...))
}

// JobDone writes what a job that succeeded did: a sentence, and its numbers below. Errors are those of w.
func JobDone(w io.Writer, job wire.Job) error {
	if _, err := fmt.Fprintf(w, "The %s succeeded.\n", JobName(job)); err != nil {
		return err
	}
	pairs := result(job)
	for i := range pairs {
		pairs[i].Word = "  " + pairs[i].Word
	}
	return Pairs(w, pairs)
}

// result are the numbers of a job that succeeded, none for others.
func result(job wire.Job) []Pair {
	r := job.Result
	if r == nil {
		return nil
	}
	location := r.Location
	if location == "" {
		location = job.Location
	}
	pairs := []Pair{{"location", location}, {"method", r.Method}, {"tables", Count(int64(r.Tables))}, {"rows", Count(r.Rows)}, {"size", size(r)}}
	add := func(label, value string) {
		if value != "" {
			pairs = append(pairs, Pair{label, value})
		}
	}
	took := duration(time.Duration(r.Seconds * float64(time.Second)))
	if r.BytesPerSecond >= 1 {
		took += ", " + Rate(r.BytesPerSecond)
	}
	add("took", took)
	if r.Snapshot != nil {
		add("shows", Moment(*r.Snapshot))
	}
	add("version", r.Version)
	if r.SHA256 != "" {
		add("checksum", "SHA-256 "+r.SHA256)
	}
	add("manifest", r.Manifest)
	for _, folder := range r.Removed {
		add("removed", folder)
	}
	for _, note := range r.Notes {
		add("note", Sentence(note))
	}
	return pairs
}

func size(r *wire.JobResult) string {
	text := fmt.Sprintf("%s (%s)", Size(r.Bytes), things(r.Bytes, "byte"))
	if r.Stored > 0 && r.Stored != r.Bytes {
		text += ", stored " + Size(r.Stored)
	}
	return text
}

func by(job wire.Job) string {
	switch {
	case job.By == "":
		return ""
	case job.Due != nil:
		return fmt.Sprintf(", asked for by the %s for %s", job.By, Moment(*job.Due))
	case job.By == "schedule":
		return ", asked for by the schedule"
	}
	return ", asked for by " + job.By
}

func state(job wire.Job) string {
	if job.Cancelling && job.Ended == nil {
		return job.State + ", is being cancelled"
	}
	return job.State
}
