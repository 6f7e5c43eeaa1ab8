package bench

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

// frugality counts writes and calls on a virtual clock: what a launch costs the store, and that a deployed service
// that nothing happens to asks nothing and writes nothing.
func frugality(t *testing.T, _ string) []figure {
	w := sim.New(model.Options{}, virtual.Agents(4))
	run := func(done func() bool, most time.Duration) {
		if over, err := w.Run(done, most); err != nil || !over {
			t.Fatalf("%v\n%s", err, w.Describe())
		}
	}
	run(w.Deployed, 5*time.Minute)
	perLaunch := float64(w.Writes) / float64(len(w.Launches()))
	run(func() bool { return w.State().Flow.Suppressed }, 5*time.Minute)
	writes, calls, until := w.Writes, len(w.Calls), w.Now().Add(30*time.Minute)
	run(func() bool { return !w.Now().Before(until) }, time.Hour)
	return []figure{
		{name: "writes for a launch, from nothing to ready", value: perLaunch, limit: 7, unit: "writes", exact: true},
		{name: "writes in half an hour of nothing to do", value: float64(w.Writes - writes), unit: "writes", exact: true},
		{name: "calls in half an hour of nothing to do", value: float64(len(w.Calls) - calls), unit: "calls", exact: true},
	}
}
