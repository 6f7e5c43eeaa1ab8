package metrics

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// A gauge is a value of now: a number, or a truth that Prometheus shows as 0 or 1 and Dropwizard as false or true.
type gauge struct {
	number float64
	truth  bool
	// isTruth says which of the two counts.
	isTruth bool
}

// value is what Prometheus gets.
func (g gauge) value() float64 {
	if g.isTruth && g.truth {
		return 1
	}
	return g.number
}

// json is what Dropwizard gets.
func (g gauge) json() any {
	if g.isTruth {
		return g.truth
	}
	return g.number
}

// gauges are the values of now: the SDK's is_suppressed and plan_status.<plan>, and a few of ours.
func gauges(state core.State) map[string]gauge {
	truth := func(holds bool) gauge { return gauge{truth: holds, isTruth: true} }
	count := func(n int) gauge { return gauge{number: float64(n)} }
	ready := 0
	for _, record := range state.Facts.Records {
		if record.Ready() {
			ready++
		}
	}
	values := map[string]gauge{
		"is_suppressed": truth(state.Flow.Suppressed),
		"is_connected":  truth(state.Link.Connected),
		"records":       count(len(state.Facts.Records)),
		"delays":        count(len(state.Delays)),
		"tasks_ready":   count(ready),
	}
	for _, plan := range state.Plans {
		values["plan_status."+plan.Name] = count(planValue(plan.Status))
	}
	return values
}

// planValue is the SDK's number for a plan's status: -1 error, 0 complete, 1 waiting, 2 active. The SDK has no number
// for a delay; 3 is ours.
func planValue(status plans.Status) int {
	switch status {
	case plans.Error:
		return -1
	case plans.Complete:
		return 0
	case plans.Waiting, plans.Pending:
		return 1
	case plans.Delayed:
		return 3
	}
	return 2
}
