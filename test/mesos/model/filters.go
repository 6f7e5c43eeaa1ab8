package model

import (
	"math"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// filterKey is what a refusal is about.
type filterKey struct{ agent, role string }

// filter holds back offers that are a subset of what was refused, until its time (observed: declining two partial offers
// does not hold back the merged one).
type filter struct {
	refused pile.Pile
	until   time.Time
}

const maxRefusal = 365 * 24 * time.Hour

// refusal is the time a call refuses for: the default when unset or senseless, a year at most (master's source).
func (m *Model) refusal(filters *mesos.Filters) time.Duration {
	if filters == nil || filters.RefuseSeconds == nil {
		return m.options.RefuseFor
	}
	s := *filters.RefuseSeconds
	if math.IsNaN(s) || s < 0 {
		return m.options.RefuseFor
	}
	if s > maxRefusal.Seconds() {
		return maxRefusal
	}
	return time.Duration(s * float64(time.Second))
}

// refuse notes that a framework does not want these resources for a while. A filter lasts at least one allocation interval,
// so that it outlives the next pass (master's source); refusing for no time at all makes none.
func (m *Model) refuse(f *framework, a *agent, role string, refused pile.Pile, d time.Duration) {
	if d <= 0 || len(refused) == 0 {
		return
	}
	d = max(d, m.options.AllocationInterval)
	entry := &filter{refused: refused, until: m.now.Add(d)}
	key := filterKey{a.id, role}
	f.filters[key] = append(f.filters[key], entry)
	m.at(entry.until, func() {
		list := f.filters[key]
		for n := range list {
			if list[n] != entry {
				continue
			}
			if f.filters[key] = append(list[:n], list[n+1:]...); len(list) == 1 {
				delete(f.filters, key)
			}
			m.nominate(a)
			return
		}
	})
}

func (f *framework) refuses(a *agent, role string, offered pile.Pile) bool {
	for _, entry := range f.filters[filterKey{a.id, role}] {
		if entry.refused.Contains(offered) {
			return true
		}
	}
	return false
}

// clearFilters drops a role's filters.
func (f *framework) clearFilters(role string) {
	for key := range f.filters {
		if key.role == role {
			delete(f.filters, key)
		}
	}
}
