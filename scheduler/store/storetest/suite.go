package storetest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

// Opener opens one and the same place, each time as a process that has just started.
type Opener func() (store.Store, error)

// Run tests an implementation. fresh makes an empty place and returns its opener.
func Run(t *testing.T, fresh func(t *testing.T) Opener) {
	tests := []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"an empty place loads as nothing", emptyPlace},
		{"bytes come back exactly", exactBytes},
		{"values are changed and deleted", changeAndDelete},
		{"keys become paths and paths become keys", keysAndPaths},
		{"faults are refused all at once and nothing is written", refusals},
		{"a batch just under the limit is stored", largestBatch},
		{"buffers belong to the caller", buffers},
		{"apply needs load", needsLoad},
		{"closed is closed", closed},
		{"a cancelled context stores nothing", cancelled},
		{"two writers", twoWriters},
		{"many goroutines", manyGoroutines},
		{"random histories", randomHistories},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, fresh(t)) })
	}
}

// Context ends with the test, or after a minute.
func Context(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// MustOpen opens a store and closes it when the test ends.
func MustOpen(t *testing.T, open Opener) store.Store {
	t.Helper()
	s, err := open()
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	t.Cleanup(func() { MustClose(t, s) })
	return s
}

// MustClose closes a store.
func MustClose(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("closing the store: %v", err)
	}
}

// MustLoad loads a store.
func MustLoad(t *testing.T, s store.Store) map[string][]byte {
	t.Helper()
	got, err := s.Load(Context(t))
	if err != nil {
		t.Fatalf("loading the store: %v", err)
	}
	return got
}

// MustApply applies a batch.
func MustApply(t *testing.T, s store.Store, b store.Batch) {
	t.Helper()
	if err := s.Apply(Context(t), b); err != nil {
		t.Fatalf("applying a batch: %v", err)
	}
}

// Set makes a batch from keys and values in turn.
func Set(pairs ...string) store.Batch {
	b := store.Batch{Set: map[string][]byte{}}
	for i := 0; i < len(pairs); i += 2 {
		b.Set[pairs[i]] = []byte(pairs[i+1])
	}
	return b
}

// Expect compares contents and reports every difference.
func Expect(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	if maps.EqualFunc(got, want, bytes.Equal) {
		return
	}
	for key, value := range want {
		if g, ok := got[key]; !ok {
			t.Errorf("key %q is missing", key)
		} else if !bytes.Equal(g, value) {
			t.Errorf("key %q: got %s, want %s", key, short(g), short(value))
		}
	}
	for key, value := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("key %q should not be there; it holds %s", key, short(value))
		}
	}
}

// ExpectStored opens the place anew and compares what a successor finds.
func ExpectStored(t *testing.T, open Opener, want map[string][]byte) {
	t.Helper()
	s, err := open()
	if err != nil {
		t.Fatalf("opening the store again: %v", err)
	}
	defer MustClose(t, s)
	Expect(t, MustLoad(t, s), want)
}

func short(b []byte) string {
	if len(b) > 60 {
		return fmt.Sprintf("%q… (%d bytes)", b[:60], len(b))
	}
	return fmt.Sprintf("%q", b)
}
