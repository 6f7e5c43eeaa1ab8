package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Jobs writes a table of jobs, the newest first, and the schedule below it. now is the scheduler's clock. Errors are those
// of w.
func Jobs(w io.Writer, jobs wire.Jobs, now time.Time) error {
	var out strings.Builder
	if len(jobs.Jobs) > 0 {
		length := ShortID(jobs.Jobs)
		var rows [][]string
		for _, job := range jobs.Jobs {
			rows = append(rows, jobRow(job, now, length))
		}
		table(&out, "", []string{"id", "job", "database", "state", "asked", "took", "rows", "size", "backup dir", "what it says"}, rows)
	}
	if next := jobs.Schedule; next != nil {
		if len(jobs.Jobs) > 0 {
			out.WriteString("\n")
		}
		var databases []string
		for _, database := range next.Databases {
			databases = append(databases, clean(database))
		}
		fmt.Fprintf(&out, "Schedule %s: the next backup of %s to %s is due %s.\n",
			clean(next.Cron), strings.Join(databases, ", "), clean(next.Location), ahead(next.Next, now))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func jobRow(job wire.Job, now time.Time, length int) []string {
	row := []string{job.ID[:min(length, len(job.ID))], job.Kind, job.Database, job.State, Moment(job.Asked), "-", "-", "-", job.BackupDir, ""}
	if job.By == "schedule" {
		row[1] += " (scheduled)"
	}
	if job.Into != "" && job.Into != job.Database {
		row[2] += " into " + job.Into
	}
	if job.Cancelling && job.Ended == nil {
		row[3] += ", is being cancelled"
	}
	switch {
	case job.Launched == nil:
	case job.Ended != nil:
		row[5] = duration(job.Ended.Sub(*job.Launched))
	default:
		row[5] = duration(now.Sub(*job.Launched))
	}
	switch {
	case job.Result != nil:
		row[6], row[7] = Count(job.Result.Rows), Size(job.Result.Bytes)
	case job.Progress != nil:
		row[6], row[7] = Count(job.Progress.Rows), Size(job.Progress.Bytes)
	}
	row[9] = says(job)
	return row
}

func says(job wire.Job) string {
	switch job.State {
	case "queued":
		return job.Waiting
	case "running":
		text := ""
		if job.Progress != nil {
			text = job.Progress.Doing
			if done, known := Fraction(job.Progress); known {
				text += fmt.Sprintf(" (%d %%)", int(done*100))
			}
		}
		return text
	}
	return job.Problem
}

// leastID is how many characters of an id are shown at least.
const leastID = 8

// ShortID is how many characters of the ids of these jobs tell each from the others.
func ShortID(jobs []wire.Job) int {
	longest := leastID
	for i, a := range jobs {
		for _, b := range jobs[:i] {
			longest = max(longest, common(a.ID, b.ID)+1)
		}
	}
	return longest
}

func common(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
