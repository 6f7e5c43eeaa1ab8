package metrics

import (
	"cmp"
	"math"
	"slices"

	dto "github.com/prometheus/client_model/go"
)

// bucket is how many observations were at most upper, those of lower buckets included.
type bucket struct {
	upper float64
	count uint64
}

// buckets is a histogram with its total, ordered by upper bound.
type buckets struct {
	list  []bucket
	total uint64
}

func bucketsOf(h *dto.Histogram) buckets {
	b := buckets{total: h.GetSampleCount()}
	for _, one := range h.GetBucket() {
		if !math.IsInf(one.GetUpperBound(), 1) {
			b.list = append(b.list, bucket{one.GetUpperBound(), one.GetCumulativeCount()})
		}
	}
	slices.SortFunc(b.list, func(x, y bucket) int { return cmp.Compare(x.upper, y.upper) })
	return b
}

// atMost is the number of observations up to bound: that of the greatest bucket not above it. CockroachDB leaves empty
// buckets out, so two readings need not have the same bounds.
func (b buckets) atMost(bound float64) uint64 {
	i, found := slices.BinarySearchFunc(b.list, bound, func(one bucket, bound float64) int { return cmp.Compare(one.upper, bound) })
	if found {
		return b.list[i].count
	}
	if i == 0 {
		return 0
	}
	return b.list[i-1].count
}

// since is what was observed after the reading before. A node that restarted counts from zero: then it is b itself.
func (b buckets) since(before buckets) buckets {
	if b.total < before.total {
		return b
	}
	out := buckets{total: b.total - before.total, list: make([]bucket, 0, len(b.list))}
	var highest uint64
	for _, one := range b.list {
		older := before.atMost(one.upper)
		if one.count < older {
			return b
		}
		highest = max(highest, one.count-older) // never falling, also when bounds moved
		out.list = append(out.list, bucket{one.upper, highest})
	}
	return out
}

// quantile estimates the value below which the share q of the observations lies, evenly spread within a bucket as
// Prometheus' histogram_quantile does. ok is false without observations or buckets.
func (b buckets) quantile(q float64) (value float64, ok bool) {
	if b.total == 0 || len(b.list) == 0 {
		return 0, false
	}
	rank := q * float64(b.total)
	lower, below := 0.0, uint64(0)
	for _, one := range b.list {
		if float64(one.count) >= rank && one.count > below {
			return lower + (one.upper-lower)*(rank-float64(below))/float64(one.count-below), true
		}
		lower, below = one.upper, one.count
	}
	return lower, true // beyond the last bound, which is all that is known
}
