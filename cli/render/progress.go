package render

import (
	"fmt"
	"math"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Pace is how fast a job goes; zero for what is not known.
type Pace struct {
	BytesPerSecond float64
	// Left is how long the rest takes at this pace.
	Left time.Duration
}

// Fraction is how much of a job is done, from 0 to 1; known is false where nobody knows how much there is to do.
func Fraction(p *wire.JobProgress) (done float64, known bool) {
	switch {
	case p == nil:
		return 0, false
	case p.Fraction > 0:
		done = p.Fraction
	case p.TotalBytes > 0:
		done = float64(p.Bytes) / float64(p.TotalBytes)
	case p.TotalRows > 0:
		done = float64(p.Rows) / float64(p.TotalRows)
	default:
		return 0, false
	}
	if math.IsNaN(done) {
		return 0, false
	}
	return min(max(done, 0), 1), true
}

// ProgressParts says how far a job is, in parts that stand one after the other with commas between, the first ones being
// those to keep where there is little room. With totals, each number has how much there is to do beside it.
func ProgressParts(job wire.Job, pace Pace, totals bool) []string {
	switch p := job.Progress; {
	case job.State == "queued":
		return []string{queued(job)}
	case job.State != "running":
		return []string{word(job.State)}
	case p == nil:
		return []string{cancelling(job) + "has been launched, no word from it yet"}
	default:
		return append([]string{cancelling(job) + word(p.Doing)}, numbers(p, pace, totals)...)
	}
}

func queued(job wire.Job) string {
	if job.Waiting == "" {
		return cancelling(job) + "waits for its turn"
	}
	return cancelling(job) + clean(job.Waiting)
}

func cancelling(job wire.Job) string {
	if job.Cancelling {
		return "is being cancelled; "
	}
	return ""
}

func numbers(p *wire.JobProgress, pace Pace, totals bool) []string {
	var parts []string
	if done, known := Fraction(p); totals && known {
		parts = append(parts, fmt.Sprintf("%d %%", int(done*100)))
	}
	if p.Rows > 0 {
		rows := things(p.Rows, "row")
		if totals && p.TotalRows > 0 {
			rows = fmt.Sprintf("%s of %s", Count(p.Rows), things(p.TotalRows, "row"))
		}
		parts = append(parts, rows)
	}
	if p.Bytes > 0 {
		bytes := Size(p.Bytes)
		if totals && p.TotalBytes > 0 {
			bytes += " of " + Size(p.TotalBytes)
		}
		parts = append(parts, bytes)
	}
	if pace.BytesPerSecond >= 1 {
		parts = append(parts, Rate(pace.BytesPerSecond))
	}
	if pace.Left > 0 {
		parts = append(parts, duration(pace.Left)+" left")
	}
	if totals && p.Stored > 0 {
		parts = append(parts, Size(p.Stored)+" stored")
	}
	return parts
}
