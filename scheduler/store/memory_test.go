package store_test

import (
	"errors"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/storetest"
)

func TestMemoryFaults(t *testing.T) {
	own := errors.New("disk on fire")
	tests := []struct {
		name string
		nth  int
		when store.Moment
		err  error
		want string // the value that a successor finds, after writing 1, 2, 3 in turn until the fault
	}{
		{"before the first", 1, store.BeforeWriting, nil, ""},
		{"after the first", 1, store.AfterWriting, nil, "1"},
		{"before the third", 3, store.BeforeWriting, own, "2"},
		{"after the third", 3, store.AfterWriting, own, "3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			disk := store.NewMemory()
			disk.FailApply(tt.nth, tt.when, tt.err)
			wanted := tt.err
			if wanted == nil {
				wanted = store.ErrOrdered
			}
			s := disk.Open()
			storetest.MustLoad(t, s)
			for i, value := range []string{"1", "2", "3"} {
				storetest.MustApply(t, s, store.Batch{}) // nothing to write: does not count
				err := s.Apply(storetest.Context(t), storetest.Set("a", value))
				if i+1 < tt.nth {
					if err != nil {
						t.Fatal(err)
					}
					continue
				}
				if !errors.Is(err, wanted) {
					t.Fatalf("apply %d: got %v, want %v", i+1, err, wanted)
				}
				break
			}
			if err := s.Apply(storetest.Context(t), storetest.Set("a", "9")); !errors.Is(err, store.ErrNotLoaded) {
				t.Errorf("after the fault: got %v, want ErrNotLoaded", err)
			}
			next := disk.Open()
			if got := string(storetest.MustLoad(t, next)["a"]); got != tt.want {
				t.Errorf("the successor finds %q, want %q", got, tt.want)
			}
			storetest.MustApply(t, next, storetest.Set("a", "done"))
			if got := string(disk.Contents()["a"]); got != "done" {
				t.Errorf("Contents has %q", got)
			}
		})
	}
}

func TestMemoryWrites(t *testing.T) {
	disk := store.NewMemory()
	s := disk.Open()
	storetest.MustLoad(t, s)
	storetest.MustApply(t, s, storetest.Set("a", "1"))
	storetest.MustApply(t, s, storetest.Set("a", "1"))
	storetest.MustApply(t, s, store.Batch{Delete: []string{"b"}})
	if disk.Writes() != 1 {
		t.Errorf("%d writes, want 1: equal values are not written", disk.Writes())
	}
}

func TestMemoryURL(t *testing.T) {
	s := storetest.MustOpen(t, opener("memory:"))
	storetest.MustLoad(t, s)
	storetest.MustApply(t, s, storetest.Set("a", "1"))
	storetest.Expect(t, storetest.MustLoad(t, s), storetest.Set("a", "1").Set)
}
