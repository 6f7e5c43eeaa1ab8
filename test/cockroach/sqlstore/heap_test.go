package sqlstore

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestHeapAgainstAModel does the same to a heap of very small leaves, most of them
// sealed, and to a map per moment, and compares every moment, also through
// snapshots.
func TestHeapAgainstAModel(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s := New(&Memory{}, "app")
		s.pool.leaf, s.pool.most = 200, 1000
		s.pool.horizon = -1
		id := s.newHeap()
		now := map[string]string{}
		var past []map[string]string
		for at := int64(1); at <= 150; at++ {
			h := s.Heaps[id]
			for range rng.IntN(4) + 1 {
				key := fmt.Sprintf("k%03d", rng.IntN(80))
				if rng.IntN(10) == 0 {
					key = fmt.Sprintf("m%05d", at) // in order, as loads come
				}
				_, there := now[key]
				switch {
				case !there:
					row := fmt.Sprint("row ", at)
					if ok, err := h.insert(at, []byte(key), []byte(row)); err != nil || !ok {
						t.Fatalf("insert %s: %v %v", key, ok, err)
					}
					now[key] = row
				case rng.IntN(2) == 0:
					if err := h.remove(at, []byte(key)); err != nil {
						t.Fatal(err)
					}
					delete(now, key)
					if rng.IntN(4) == 0 && strings.HasPrefix(key, "k") {
						// Taken back, as when a statement fails.
						if err := h.restore(at, []byte(key)); err != nil {
							t.Fatal(err)
						}
						if row, _ := visibleAt(t, h, at)[key]; row != "" {
							now[key] = row
						}
					}
				default:
					if ok, _ := h.insert(at, []byte(key), nil); ok {
						t.Fatalf("%s was taken twice", key)
					}
				}
			}
			copied := map[string]string{}
			for k, v := range now {
				copied[k] = v
			}
			past = append(past, copied)
			if at%40 == 0 {
				b, err := s.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Restore(b); err != nil {
					t.Fatal(err)
				}
				s.pool.horizon = -1
			}
		}
		for i, want := range past {
			at := int64(i + 1)
			got := visibleAt(t, s.Heaps[id], at)
			n, err := s.Heaps[id].count(at)
			if err != nil || int(n) != len(want) || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("seed %d, moment %d: %d rows\n%v\nwant %d\n%v", seed, at, n, got, len(want), want)
			}
		}
	}
}

// visibleAt scans in pieces, as a dump does, and checks the order.
func visibleAt(t *testing.T, h *heap, at int64) map[string]string {
	t.Helper()
	got := map[string]string{}
	var after []byte
	for more := true; more; {
		more = false
		n := 0
		err := h.scan(at, after, func(key, row []byte) (bool, error) {
			if after != nil && string(key) <= string(after) {
				t.Fatalf("%s came after %s", key, after)
			}
			got[string(key)], after = string(row), slices.Clone(key)
			n++
			more = n == 7
			return !more, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return got
}
