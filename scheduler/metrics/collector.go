package metrics

import (
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/prometheus/client_golang/prometheus"
)

// collector reads a snapshot when Prometheus asks.
type collector struct{ snapshot func() core.State }

// Describe sends nothing: which counters there are follows from what has happened (an "unchecked" collector, see the
// documentation of prometheus.Collector).
func (c collector) Describe(chan<- *prometheus.Desc) {}

func (c collector) Collect(out chan<- prometheus.Metric) {
	state := c.snapshot()
	for name, value := range state.Counters {
		send(out, promName(name), "Counted since the scheduler started.", prometheus.CounterValue, float64(value))
	}
	for name, value := range gauges(state) {
		send(out, promName(name), "State of the scheduler.", prometheus.GaugeValue, value)
	}
}

func send(out chan<- prometheus.Metric, name, help string, kind prometheus.ValueType, value float64) {
	out <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, nil, nil), kind, value)
}

// promName follows the SDK: dots become underscores.
func promName(name string) string {
	return strings.NewReplacer(".", "_", "-", "_").Replace(name)
}

// gauges are the values of now, by the SDK's names and a few of ours.
func gauges(state core.State) map[string]float64 {
	values := map[string]float64{
		"is_suppressed": truth(state.Flow.Suppressed),
		"is_connected":  truth(state.Link.Connected),
		"records":       float64(len(state.Facts.Records)),
		"delays":        float64(len(state.Delays)),
	}
	ready := 0
	for _, record := range state.Facts.Records {
		if record.Ready() {
			ready++
		}
	}
	values["tasks_ready"] = float64(ready)
	for _, plan := range state.Plans {
		values["plan_status."+plan.Name] = planValue(plan.Status)
	}
	return values
}

// planValue is the SDK's number for a plan's status: -1 error, 0 complete, 1 waiting, 2 active. The SDK has no number
// for a delay; 3 is ours.
func planValue(status plans.Status) float64 {
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

func truth(value bool) float64 {
	if value {
		return 1
	}
	return 0
}
