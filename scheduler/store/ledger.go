package store

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
)

// backend is what an implementation has to do; ledger does the rest for all of them.
type backend interface {
	// load claims the store and reads everything.
	load(ctx context.Context) (map[string][]byte, error)
	// commit makes one change durable, whole or not at all. The change is checked, not empty, and holds only real
	// differences from before; both maps must not be kept or changed.
	commit(ctx context.Context, before map[string][]byte, c change) error
	close() error
}

// change is a batch reduced to what differs. Keys are sorted.
type change struct {
	set    map[string][]byte
	delete []string
}

// after is the content once the change has happened. The values are shared.
func (c change) after(before map[string][]byte) map[string][]byte {
	next := maps.Clone(before)
	if next == nil {
		next = map[string][]byte{}
	}
	for _, key := range c.delete {
		delete(next, key)
	}
	maps.Copy(next, c.set)
	return next
}

// ledger is the Store in front of a backend: it checks batches, remembers the last known values, leaves out what is equal,
// and stops after a failure.
type ledger struct {
	mu     sync.Mutex
	back   backend
	known  map[string][]byte // nil: not loaded
	closed bool
}

// Load implements Store.
func (l *ledger) Load(ctx context.Context) (map[string][]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, ErrClosed
	}
	l.known = nil
	loaded, err := l.back.load(ctx)
	if err != nil {
		return nil, err
	}
	l.known = loaded
	return copyOf(loaded), nil
}

// Apply implements Store.
func (l *ledger) Apply(ctx context.Context, b Batch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return ErrClosed
	case l.known == nil:
		return ErrNotLoaded
	}
	if err := check(l.known, b); err != nil {
		return err
	}
	c := reduce(l.known, b)
	if len(c.set) == 0 && len(c.delete) == 0 {
		return nil
	}
	if err := l.back.commit(ctx, l.known, c); err != nil {
		l.known = nil
		return err
	}
	l.known = c.after(l.known)
	return nil
}

// Close implements Store.
func (l *ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed, l.known = true, nil
	return l.back.close()
}

// reduce leaves of a batch what differs from the known content. Values are copied: the caller may reuse its buffers.
func reduce(known map[string][]byte, b Batch) change {
	c := change{set: map[string][]byte{}}
	for key, value := range b.Set {
		if old, ok := known[key]; !ok || !bytes.Equal(old, value) {
			c.set[key] = append([]byte{}, value...)
		}
	}
	for _, key := range b.Delete {
		if _, ok := known[key]; ok {
			c.delete = append(c.delete, key)
		}
	}
	slices.Sort(c.delete)
	c.delete = slices.Compact(c.delete)
	return c
}

// copyOf copies keys and values; an empty value is an empty slice, never nil.
func copyOf(m map[string][]byte) map[string][]byte {
	out := make(map[string][]byte, len(m))
	for key, value := range m {
		out[key] = append([]byte{}, value...)
	}
	return out
}

func sortedKeys(m map[string][]byte) []string {
	return slices.Sorted(maps.Keys(m))
}
