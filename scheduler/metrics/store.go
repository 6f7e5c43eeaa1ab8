package metrics

import (
	"context"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

// Applier is the part of a store that is measured.
type Applier interface {
	Apply(ctx context.Context, batch store.Batch) error
}

// Store measures every write to a store, and changes nothing of it.
func (m *Metrics) Store(to Applier) Applier { return measuredStore{to, m} }

type measuredStore struct {
	to Applier
	m  *Metrics
}

// Apply writes and measures.
func (s measuredStore) Apply(ctx context.Context, batch store.Batch) error {
	start := s.m.sources.Now()
	err := s.to.Apply(ctx, batch)
	s.m.latency.Observe(s.m.sources.Now().Sub(start).Seconds())
	s.m.writes.add(batch, err)
	return err
}

// written is what was written since the process started.
type written struct{ done, failed, keys, bytes float64 }

// writes counts. Unlike the core's counters it is written by the loop and read by others at the same time.
type writes struct {
	lock  sync.Mutex
	total written
}

func (w *writes) add(batch store.Batch, err error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if err != nil {
		w.total.failed++
		return
	}
	w.total.done++
	w.total.keys += float64(len(batch.Set) + len(batch.Delete))
	for _, value := range batch.Set {
		w.total.bytes += float64(len(value))
	}
}

func (w *writes) read() written {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.total
}
