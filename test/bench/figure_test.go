package bench

import (
	"slices"
	"testing"
	"time"
)

// rounds is how often what is cheap is measured. The median counts, and the table shows least and most.
const rounds = 5

// sampled makes a figure of several measurements: their median, least and most.
func sampled(f figure, values []float64) figure {
	sorted := slices.Sorted(slices.Values(values))
	f.value, f.least, f.most = sorted[len(sorted)/2], sorted[0], sorted[len(sorted)-1]
	return f
}

// repeated measures a duration in ms as often as rounds says.
func repeated(f figure, once func() time.Duration) figure {
	values := make([]float64, rounds)
	for i := range values {
		values[i] = milliseconds(once())
	}
	f.unit = "ms"
	return sampled(f, values)
}

func TestASampledFigureIsItsMedian(t *testing.T) {
	values := []float64{5, 1, 9, 3, 4}
	got := sampled(figure{name: "x"}, values)
	if got.value != 4 || got.least != 1 || got.most != 9 || got.name != "x" {
		t.Errorf("got %+v", got)
	}
	if values[0] != 5 {
		t.Error("the measurements were put in order in place")
	}
}
