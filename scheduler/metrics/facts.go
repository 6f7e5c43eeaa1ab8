package metrics

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// facts are what the families read: one look at everything.
type facts struct {
	core.State
	now time.Time
	// sources are asked for what is not in the state; each may be missing.
	sources Sources
	writes  written
}

func (m *Metrics) facts() *facts {
	f := &facts{State: m.sources.Snapshot(), now: m.sources.Now(), sources: m.sources}
	f.writes = m.writes.read()
	return f
}

// age is the seconds since a time, and no sample for a time that has not come.
func (f *facts) age(since time.Time) []sample {
	if since.IsZero() {
		return nil
	}
	// A clock that was set back makes no negative ages.
	return one(max(0, f.now.Sub(since).Seconds()))
}

// count is a counter of the core, 0 before it counted anything: a series that begins at zero shows its first event.
func count(name string) func(*facts) []sample {
	return func(f *facts) []sample { return one(float64(f.Counters[name])) }
}

// counts are the counters of the core under a prefix, those in known always.
func counts(name string, known ...string) func(*facts) []sample {
	return func(f *facts) []sample {
		values := map[string]float64{}
		for _, label := range known {
			values[label] = 0
		}
		for key, n := range f.Counters {
			if label, ok := cutDot(key, name); ok {
				values[label] = float64(n)
			}
		}
		return byLabel(values)
	}
}

// podTypes are those of the target, so that a type that has nothing still has its zero.
func (f *facts) podTypes() []tasks.PodSpec { return f.Facts.Target().Pods }
