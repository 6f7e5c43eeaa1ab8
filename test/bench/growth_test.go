package bench

import (
	"math"
	"testing"
	"time"
)

// growth measures how the time of a frame grows with agents and with wanted pods under a rule that balances over racks,
// where schedulers become quadratic: what is counted by rack has to be counted once for a pod, not once for an offer.
func growth(t *testing.T, _ string) []figure {
	agents, pods := []int{100, 1000, many}, []int{3, 30, 300}
	took := map[[2]int]time.Duration{}
	for _, a := range agents {
		event := flat(t, fleet(0, a, small))
		for _, p := range pods {
			best := time.Duration(math.MaxInt64)
			for range max(1, min(rounds, 100_000/(a*p))) {
				s := newStage(t, count(p), "NODE_DEPLOY_STRATEGY=parallel", "NODE_PLACEMENT=rack:GROUP_BY:100")
				s.took = 0
				s.take(event)
				if len(s.state.Looks) != p {
					t.Fatalf("%d pods were held against the offers, want %d", len(s.state.Looks), p)
				}
				best = min(best, s.took)
			}
			t.Logf("%6d agents, %3d pods: %s", a, p, best)
			took[[2]int{a, p}] = best
		}
	}
	overAgents := slope(agents, pods, func(a, p int) time.Duration { return took[[2]int{a, p}] })
	overPods := slope(pods, agents, func(p, a int) time.Duration { return took[[2]int{a, p}] })
	// A line has the exponent 1, a square 2. The allowance is for memory: a small frame finds its in the processor's caches.
	return []figure{
		{name: "GROUP_BY over racks, growth over 100 to 10,000 agents", value: overAgents, limit: 1.25, unit: "exponent", exact: true},
		{name: "GROUP_BY over racks, growth over 3 to 300 pods", value: overPods, limit: 1.25, unit: "exponent", exact: true},
		{name: "frame of 10,000 offers, 300 pods wanted, GROUP_BY", value: milliseconds(took[[2]int{many, 300}]), limit: 6000, unit: "ms"},
	}
}

// slope is the exponent e of time = c * x^e between the first and the last x, the mean over the others.
func slope(x, others []int, time func(x, other int) time.Duration) (mean float64) {
	first, last := x[0], x[len(x)-1]
	for _, other := range others {
		mean += math.Log(float64(time(last, other))/float64(time(first, other))) / math.Log(float64(last)/float64(first))
	}
	return mean / float64(len(others))
}

func TestTheSlopeTellsALineFromASquare(t *testing.T) {
	x, others := []int{10, 100, 1000}, []int{3, 7}
	for want, of := range map[float64]func(x, other int) int{
		1: func(x, other int) int { return x * other * other }, 2: func(x, other int) int { return x * x * other },
		0: func(_, other int) int { return other },
	} {
		got := slope(x, others, func(x, other int) time.Duration { return time.Duration(of(x, other)) })
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}
