package s3

import "testing"

func TestFiveTebibytesFitIntoTenThousandParts(t *testing.T) {
	for _, first := range []int64{minPart, minPart + 1, 16 << 20, 100 << 20, 1 << 30, maxPart} {
		g := newGrowth(first)
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
		if later := (growth{first, g.step + 1}); g.step < maxParts && later.capacity() >= maxObject {
			t.Errorf("first part %d: doubling every %d parts would do", first, g.step+1)
		}
	}
	if got := newGrowth(minPart).step; got != 997 {
		t.Errorf("the standard doubles every %d parts: the documentation says 997", got)
	}
}

func TestBuffersStayWithinTheMemory(t *testing.T) {
	for _, test := range []struct {
		size, first int64
		parallel    int
		want        int
	}{
		{5 << 20, 5 << 20, 4, 5},
		{10 << 20, 5 << 20, 4, 5},
		{20 << 20, 5 << 20, 4, 3},
		{40 << 20, 5 << 20, 4, 2},
		{80 << 20, 5 << 20, 4, 1},
		{5 << 20, 5 << 20, 1, 2},
		{64 << 20, 64 << 20, 8, 9}, // as asked for
		{128 << 20, 64 << 20, 8, 4},
	} {
		if got := buffers(test.size, test.first, test.parallel); got != test.want {
			t.Errorf("%d MiB (first %d), %d in flight: %d buffers, want %d", test.size>>20, test.first>>20, test.parallel, got, test.want)
		}
	}
}
