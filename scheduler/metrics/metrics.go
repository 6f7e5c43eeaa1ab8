package metrics

import (
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/certs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Sources are asked each time that somebody looks at the metrics, from any goroutine. Snapshot and Now must be there;
// without one of the others its metrics are left out.
type Sources struct {
	// Snapshot is the state after the last frame.
	Snapshot func() core.State
	Now      func() time.Time
	// Version is the scheduler's, Database the version of CockroachDB that the environment asks for.
	Version, Database string
	Lock              Lock
	// Heard is when the master was last heard, zero when it never was.
	Heard func() time.Time
	// Scheduled are the backups that are made by themselves.
	Scheduled *jobs.Scheduled
	// Certificates counts those that were issued and refused.
	Certificates func() map[certs.Count]uint64
	// Refused is how many requests to the API had no good token; Expires is when the API's certificate does, nil without TLS.
	Refused func() uint64
	Expires func() time.Time
	// Queued is how many calls to the master and how many events wait.
	Queued func() (calls, events int)
}

// Lock is what is shown of scheduler/leader.
type Lock interface {
	Held() bool
	// Since is when it was taken.
	Since() time.Time
	// Left is the time until it is given up unless it is confirmed again; false for a lock without such an end.
	Left() (time.Duration, bool)
}

// Metrics measures what has to be measured, and shows it with what the sources say.
type Metrics struct {
	registry *prometheus.Registry
	sources  Sources
	offers   prometheus.Summary
	frames   *prometheus.HistogramVec
	latency  prometheus.Histogram
	writes   writes
}

// New makes metrics over sources. They have a registry of their own, so that several can live in a process.
func New(sources Sources) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), sources: sources}
	m.measure()
	m.registry.MustRegister(collector{m.facts}, m.offers, m.frames, m.latency,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Prometheus serves the text format.
func (m *Metrics) Prometheus() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
