package metrics

import "github.com/prometheus/client_golang/prometheus"

// collector reads the facts when Prometheus asks.
type collector struct{ facts func() *facts }

// Describe sends nothing: which counters there are follows from what has happened (an "unchecked" collector, see the
// documentation of prometheus.Collector).
func (c collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends every family in our form, and those of the SDK also in its own: one name for each value, all of them gauges.
func (c collector) Collect(out chan<- prometheus.Metric) {
	now := c.facts()
	for _, family := range now.all() {
		ours := prometheus.NewDesc(family.promName(), family.help, family.labels, nil)
		for _, s := range family.read(now) {
			out <- constant(ours, family.valueType(), s.value, s.labels...)
			if family.sdk {
				out <- constant(prometheus.NewDesc(flat(family.dotted(s)), family.help, nil, nil), prometheus.GaugeValue, s.value)
			}
		}
	}
}

// constant is a metric of now. One that Prometheus refuses is an error of the whole page, so that it is seen.
func constant(description *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) prometheus.Metric {
	metric, err := prometheus.NewConstMetric(description, kind, value, labels...)
	if err != nil {
		return prometheus.NewInvalidMetric(description, err)
	}
	return metric
}
