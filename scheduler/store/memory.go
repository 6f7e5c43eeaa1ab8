package store

import (
	"context"
	"errors"
	"sync"
)

// Moment says when an ordered fault strikes.
type Moment int

// The two moments of a fault.
const (
	// BeforeWriting fails the Apply with nothing stored: a full disk, a refused write.
	BeforeWriting Moment = iota
	// AfterWriting fails the Apply although everything is stored: the process that crashed, or the answer that got lost.
	AfterWriting
)

// ErrOrdered is the error of faults ordered with FailApply without one of their own.
var ErrOrdered = errors.New("fault ordered by a test")

// Memory is state that lives in this process, for tests. It plays the disk: Open gives a Store on it, and a second Open
// is the successor that finds what was stored and shuts the first one out with its Load, as in ZooKeeper.
//
//	disk := store.NewMemory()
//	first := disk.Open()
//	disk.FailApply(3, store.AfterWriting, nil) // the third Apply from now is stored, and fails
//	…
//	second := disk.Open() // the scheduler that was started again
type Memory struct {
	mu      sync.Mutex
	values  map[string][]byte
	writer  int // the handle that claimed last
	handles int
	applies int
	faults  map[int]memoryFault
	writes  int
}

type memoryFault struct {
	when Moment
	err  error
}

// NewMemory returns an empty disk.
func NewMemory() *Memory {
	return &Memory{values: map[string][]byte{}, faults: map[int]memoryFault{}}
}

// Open returns a Store on this disk.
func (m *Memory) Open() Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.handles++
	return &ledger{back: &memoryHandle{disk: m, id: m.handles}}
}

// FailApply makes the nth Apply from now (1 is the next) fail with err, or ErrOrdered when err is nil. Only an Apply
// that has something to write counts, on whichever handle. Several faults may be ordered.
func (m *Memory) FailApply(nth int, when Moment, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		err = ErrOrdered
	}
	m.faults[m.applies+nth] = memoryFault{when, err}
}

// Contents returns a copy of what is stored.
func (m *Memory) Contents() map[string][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return copyOf(m.values)
}

// Writes is the number of batches stored so far. A batch of equal values is not one.
func (m *Memory) Writes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

// memoryHandle is one process's view of a Memory.
type memoryHandle struct {
	disk *Memory
	id   int
}

func (h *memoryHandle) load(ctx context.Context) (map[string][]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	h.disk.writer = h.id
	return copyOf(h.disk.values), nil
}

func (h *memoryHandle) commit(ctx context.Context, _ map[string][]byte, c change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m := h.disk
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.writer != h.id {
		return &ConflictError{Where: "the state in memory"}
	}
	m.applies++
	fault, failing := m.faults[m.applies]
	delete(m.faults, m.applies)
	if failing && fault.when == BeforeWriting {
		return fault.err
	}
	m.values = c.after(m.values)
	m.writes++
	if failing {
		return fault.err
	}
	return nil
}

func (h *memoryHandle) close() error { return nil }
