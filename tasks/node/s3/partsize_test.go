package s3

import (
	"strings"
	"testing"
)

func TestFiveTebibytesFitIntoTenThousandParts(t *testing.T) {
	for _, first := range []int64{minPart, minPart + 1, 16 << 20, 100 << 20, 1 << 30, maxPart} {
		g := newGrowth(first, 0)
		var sum, last int64
		for number := 1; number <= maxParts; number++ {
			size := g.size(number)
			if size < last || size < first || size > maxPart {
				t.Fatalf("first part %d: part %d has %d after %d", first, number, size, last)
			}
			sum, last = sum+size, size
		}
		if sum < maxObject || sum != g.capacity() {
			t.Errorf("first part %d: room for %d, capacity says %d", first, sum, g.capacity())
		}
		if later := (growth{first, g.step + 1, maxPart}); g.step < maxParts && later.capacity() >= maxObject {
			t.Errorf("first part %d: doubling every %d parts would do", first, g.step+1)
		}
	}
	if got := newGrowth(minPart, 0).step; got != 997 {
		t.Errorf("the standard doubles every %d parts: the documentation says 997", got)
	}
}

func TestBuffersStayWithinTheMemory(t *testing.T) {
	for _, test := range []struct {
		size, first int64
		limit       int64
		parallel    int
		want        int
	}{
		{5 << 20, 5 << 20, 0, 4, 5},
		{10 << 20, 5 << 20, 0, 4, 5},
		{20 << 20, 5 << 20, 0, 4, 3},
		{40 << 20, 5 << 20, 0, 4, 2},
		{80 << 20, 5 << 20, 0, 4, 1},
		{5 << 20, 5 << 20, 0, 1, 2},
		{64 << 20, 64 << 20, 0, 8, 9}, // as asked for
		{128 << 20, 64 << 20, 0, 8, 4},
		{5 << 20, 5 << 20, 16 << 20, 4, 3},
		{16 << 20, 5 << 20, 16 << 20, 4, 1},
	} {
		if got := buffers(test.size, test.first, test.limit, test.parallel); got != test.want {
			t.Errorf("%d MiB (first %d), %d in flight: %d buffers, want %d", test.size>>20, test.first>>20, test.parallel, got, test.want)
		}
	}
}

// TestNoPartIsBeyondTheMemory: whatever is written, buffers take no more than the task has for them, and a task of the standard size
// has room for more than a tebibyte.
func TestNoPartIsBeyondTheMemory(t *testing.T) {
	for limit, room := range map[int64]int64{8 << 20: 70 << 30, 64 << 20: 440 << 30, 320 << 20: 3 << 39, 832 << 20: 2 << 40, 6 << 30: maxObject} {
		g := newGrowth(minPart, limit)
		for number := 1; number <= maxParts; number++ {
			size := g.size(number)
			if take := size * int64(buffers(size, g.first, limit, standardParallel)); take > limit {
				t.Fatalf("%d MiB: part %d takes %d MiB", limit>>20, number, take>>20)
			}
		}
		if got := g.capacity(); got < room {
			t.Errorf("%d MiB: room for %d GiB, want %d", limit>>20, got>>30, room>>30)
		}
	}
}

// TestAnObjectBeyondTheMemorySaysWhatToSet instead of a process that is killed.
func TestAnObjectBeyondTheMemorySaysWhatToSet(t *testing.T) {
	for limit, remedy := range map[int64]string{320 << 20: "BACKUP_MEM_MB", 0: "the native method"} {
		c, err := newClient(Options{Region: "us-west-1", Keys: Keys{"a", "b", ""}, Memory: limit}, brisk)
		if err != nil {
			t.Fatal(err)
		}
		u, err := c.Upload(t.Context(), "b", "k", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		u.id, u.parts = "1", maxParts
		if err := u.send(); err == nil || !strings.Contains(err.Error(), remedy) || limit > 0 && !strings.Contains(err.Error(), "1.5 TiB") {
			t.Errorf("%d MiB: %v", limit>>20, err)
		}
	}
	if _, err := New(Options{Region: "us-west-1", Keys: Keys{"a", "b", ""}, Memory: 1 << 20}); err == nil || !strings.Contains(err.Error(), "does not hold one part") {
		t.Errorf("memory for less than a part: %v", err)
	}
}
