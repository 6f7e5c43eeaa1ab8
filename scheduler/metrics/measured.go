package metrics

import (
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/prometheus/client_golang/prometheus"
)

// Families that are measured. Their read is empty: the values are in the collectors of the same name.
var (
	offersProcess = family{name: "offers.process", kind: timer, sdk: true,
		help: "Seconds from an OFFERS event to its last effect, the write included."}
	frameDuration = family{prom: "frame_duration_seconds", kind: histogram, labels: []string{"event"}, unnamed: true,
		help: "Seconds from an event to its last effect, the write included, by kind of event."}
	storeDuration = family{prom: "store_write_duration_seconds", kind: histogram, unnamed: true,
		help: "Seconds that a write to the store took."}
)

func (m *Metrics) measure() {
	m.offers = prometheus.NewSummary(prometheus.SummaryOpts{Name: flat(offersProcess.name), Help: offersProcess.help,
		Objectives: map[float64]float64{0.5: 0.05, 0.75: 0.02, 0.95: 0.005, 0.98: 0.002, 0.99: 0.001, 0.999: 0.0001}})
	// 0.1 ms to 6.5 s: a tick takes little, a write to ZooKeeper milliseconds, and one that waits for an election seconds.
	buckets := prometheus.ExponentialBuckets(0.0001, 4, 9)
	m.frames = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: frameDuration.promName(), Help: frameDuration.help, Buckets: buckets},
		frameDuration.labels)
	m.latency = prometheus.NewHistogram(prometheus.HistogramOpts{Name: storeDuration.promName(), Help: storeDuration.help, Buckets: buckets})
}

// Frame takes the time of one frame: from an event to its last effect.
func (m *Metrics) Frame(event core.Event, took time.Duration) {
	m.frames.WithLabelValues(eventName(event)).Observe(took.Seconds())
	if _, ok := event.(core.Offered); ok {
		m.offers.Observe(took.Seconds())
	}
}

// eventName is an event's type in words with underscores: database_seen.
func eventName(event core.Event) string {
	var words strings.Builder
	for i, r := range reflect.TypeOf(event).Name() {
		if unicode.IsUpper(r) && i > 0 {
			words.WriteByte('_')
		}
		words.WriteRune(unicode.ToLower(r))
	}
	return words.String()
}
