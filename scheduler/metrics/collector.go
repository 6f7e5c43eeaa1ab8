package metrics

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/prometheus/client_golang/prometheus"
)

// collector reads a snapshot when Prometheus asks.
type collector struct{ snapshot func() core.State }

// Describe sends nothing: which counters there are follows from what has happened (an "unchecked" collector, see the
// documentation of prometheus.Collector).
func (c collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends one snapshot's counters and gauges. Counters keep the SDK's names, so they have no _total at the end.
func (c collector) Collect(out chan<- prometheus.Metric) {
	state := c.snapshot()
	for name, count := range state.Counters {
		out <- constant(name, prometheus.CounterValue, float64(count))
	}
	for name, gauge := range gauges(state) {
		out <- constant(name, prometheus.GaugeValue, gauge.value())
	}
}

func constant(name string, kind prometheus.ValueType, value float64) prometheus.Metric {
	description := prometheus.NewDesc(promName(name), meaning(name), nil, nil)
	metric, err := prometheus.NewConstMetric(description, kind, value)
	if err != nil {
		return prometheus.NewInvalidMetric(description, err)
	}
	return metric
}
