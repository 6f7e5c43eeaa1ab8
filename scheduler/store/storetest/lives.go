package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

func needsLoad(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	if err := s.Apply(Context(t), Set("a", "1")); !errors.Is(err, store.ErrNotLoaded) {
		t.Fatalf("Apply before Load: got %v, want ErrNotLoaded", err)
	}
	Expect(t, MustLoad(t, s), nil)
	MustApply(t, s, Set("a", "1"))
}

func closed(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	MustLoad(t, s)
	MustApply(t, s, Set("a", "1"))
	MustClose(t, s)
	MustClose(t, s)
	if err := s.Apply(Context(t), Set("a", "2")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Apply after Close: got %v, want ErrClosed", err)
	}
	if _, err := s.Load(Context(t)); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Load after Close: got %v, want ErrClosed", err)
	}
	ExpectStored(t, open, Set("a", "1").Set)
}

func cancelled(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	MustLoad(t, s)
	MustApply(t, s, Set("a", "1"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Apply(ctx, Set("a", "2")); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: got %v, want context.Canceled inside", err)
	}
	if err := s.Apply(Context(t), Set("a", "3")); !errors.Is(err, store.ErrNotLoaded) {
		t.Errorf("Apply after a failed one: got %v, want ErrNotLoaded", err)
	}
	if _, err := s.Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Load: got %v, want context.Canceled inside", err)
	}
	Expect(t, MustLoad(t, s), Set("a", "1").Set)
	MustApply(t, s, Set("a", "4"))
	MustClose(t, s)
	ExpectStored(t, open, Set("a", "4").Set)
}

// twoWriters: either the second is not let in, or its Load shuts the first one out.
func twoWriters(t *testing.T, open Opener) {
	first := MustOpen(t, open)
	MustLoad(t, first)
	MustApply(t, first, Set("a", "first"))

	second, err := open()
	if err != nil {
		if !errors.Is(err, store.ErrLocked) {
			t.Fatalf("second Open: got %v, want ErrLocked or success", err)
		}
		MustApply(t, first, Set("a", "still first"))
		MustClose(t, first)
		ExpectStored(t, open, Set("a", "still first").Set)
		return
	}
	t.Cleanup(func() { MustClose(t, second) })
	MustApply(t, first, Set("b", "first, the second has not claimed it yet"))
	Expect(t, MustLoad(t, second), Set("a", "first", "b", "first, the second has not claimed it yet").Set)
	if err := first.Apply(Context(t), Set("a", "too late", "c", "too late")); !errors.Is(err, store.ErrConflict) {
		t.Fatalf("the former writer's Apply: got %v, want ErrConflict", err)
	}
	MustApply(t, second, Set("a", "second"))
	if err := first.Apply(Context(t), Set("a", "much too late")); !errors.Is(err, store.ErrNotLoaded) {
		t.Fatalf("the former writer's next Apply: got %v, want ErrNotLoaded", err)
	}
	MustClose(t, second)
	ExpectStored(t, open, Set("a", "second", "b", "first, the second has not claimed it yet").Set)
}

func manyGoroutines(t *testing.T, open Opener) {
	s := MustOpen(t, open)
	MustLoad(t, s)
	want := map[string][]byte{}
	var wg sync.WaitGroup
	for i := range 8 {
		key := fmt.Sprintf("records/%d", i)
		want[key] = []byte("3")
		wg.Go(func() {
			for n := 1; n <= 3; n++ {
				if err := s.Apply(Context(t), Set(key, fmt.Sprint(n))); err != nil {
					t.Errorf("%s: %v", key, err)
				}
			}
		})
	}
	wg.Wait()
	MustClose(t, s)
	ExpectStored(t, open, want)
}

// randomHistories compares a store that is closed and opened in between with a map.
func randomHistories(t *testing.T, open Opener) {
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, seed))
	names := []string{"a", "b", "a/x", "a/y", "b/x", "a/x/1", "a/x/2", "c/d/e"}
	want := map[string][]byte{}
	s := MustOpen(t, open)
	MustLoad(t, s)
	refused, applied := 0, 0
	for step := range 120 {
		b := store.Batch{Set: map[string][]byte{}}
		for range 1 + rng.IntN(3) {
			name := names[rng.IntN(len(names))]
			if _, twice := b.Set[name]; !twice && rng.IntN(2) == 0 {
				b.Delete = append(b.Delete, name)
			} else {
				b.Set[name] = fmt.Appendf(nil, "%d", rng.IntN(3))
			}
		}
		err := s.Apply(Context(t), b)
		switch {
		case errors.Is(err, store.ErrBatch):
			refused++
		case err != nil:
			t.Fatalf("step %d, batch %+v: %v", step, b, err)
		default:
			applied++
			for _, name := range b.Delete {
				delete(want, name)
			}
			maps.Copy(want, b.Set)
		}
		if step%20 == 19 {
			MustClose(t, s)
			s = MustOpen(t, open)
			Expect(t, MustLoad(t, s), want)
		}
	}
	if refused == 0 || applied < 20 {
		t.Errorf("the history is too tame: %d batches applied, %d refused", applied, refused)
	}
}
