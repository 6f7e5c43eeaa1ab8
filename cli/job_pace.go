package cli

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/render"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// paceWindow is the time over which a pace is measured: long enough that the parts of an upload, which end in bursts, do
// not make it jump.
const paceWindow = 30 * time.Second

// pace measures how fast a job goes, by the times that the job itself gave with its progress: neither the clock of this
// machine nor the time that an answer took counts.
type pace struct{ seen []wire.JobProgress }

// add takes the latest progress in and gives the pace.
func (p *pace) add(latest *wire.JobProgress) render.Pace {
	if latest == nil {
		return render.Pace{}
	}
	if n := len(p.seen); n == 0 || p.seen[n-1] != *latest {
		if n > 0 && (latest.Bytes < p.seen[n-1].Bytes || !latest.At.After(p.seen[n-1].At)) {
			p.seen = nil // the job was launched again, and begins at nothing
		}
		p.seen = append(p.seen, *latest)
	}
	// One that is older than the window stays, so that the window is full.
	for len(p.seen) > 2 && latest.At.Sub(p.seen[1].At) >= paceWindow {
		p.seen = p.seen[1:]
	}
	first := p.seen[0]
	took := latest.At.Sub(first.At)
	if took <= 0 {
		return render.Pace{}
	}
	result := render.Pace{BytesPerSecond: float64(latest.Bytes-first.Bytes) / took.Seconds()}
	before, _ := render.Fraction(&first)
	if done, known := render.Fraction(latest); known && done > before {
		result.Left = time.Duration((1 - done) / (done - before) * float64(took))
	}
	return result
}
