package metrics

import (
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics measures frames and shows a snapshot's counters.
type Metrics struct {
	registry *prometheus.Registry
	snapshot func() core.State
	offers   prometheus.Summary
	frames   prometheus.Histogram
}

// New makes metrics over a source of snapshots. They have a registry of their own, so that several can live in a process.
func New(snapshot func() core.State) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		snapshot: snapshot,
		offers: prometheus.NewSummary(prometheus.SummaryOpts{Name: "offers_process",
			Help:       "Seconds from an OFFERS event to its last effect.",
			Objectives: map[float64]float64{0.5: 0.05, 0.75: 0.02, 0.95: 0.005, 0.98: 0.002, 0.99: 0.001, 0.999: 0.0001}}),
		frames: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "frame_seconds",
			Help: "Seconds from an event to its last effect.", Buckets: prometheus.ExponentialBuckets(0.0001, 4, 9)}),
	}
	m.registry.MustRegister(collector{snapshot: snapshot}, m.offers, m.frames,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Frame takes the time of one frame: from an event to its last effect.
func (m *Metrics) Frame(event core.Event, took time.Duration) {
	m.frames.Observe(took.Seconds())
	if _, ok := event.(core.Offered); ok {
		m.offers.Observe(took.Seconds())
	}
}

// Prometheus serves the text format.
func (m *Metrics) Prometheus() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
