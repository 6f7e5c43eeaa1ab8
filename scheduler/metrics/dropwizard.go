package metrics

import (
	"encoding/json"
	"math"
	"net/http"

	dto "github.com/prometheus/client_model/go"
)

// document is Dropwizard's JSON, version 4.0.0.
type document struct {
	Version    string                  `json:"version"`
	Gauges     map[string]shownGauge   `json:"gauges"`
	Counters   map[string]shownCounter `json:"counters"`
	Histograms map[string]struct{}     `json:"histograms"`
	Meters     map[string]struct{}     `json:"meters"`
	Timers     map[string]shownTimer   `json:"timers"`
}

type shownGauge struct {
	Value any `json:"value"`
}

type shownCounter struct {
	Count uint64 `json:"count"`
}

// shownTimer leaves out the rates that Dropwizard has: who polls the count has them too.
type shownTimer struct {
	Count         uint64  `json:"count"`
	Mean          float64 `json:"mean"`
	P50           float64 `json:"p50"`
	P75           float64 `json:"p75"`
	P95           float64 `json:"p95"`
	P98           float64 `json:"p98"`
	P99           float64 `json:"p99"`
	P999          float64 `json:"p999"`
	DurationUnits string  `json:"duration_units"`
}

// Dropwizard serves the JSON that tools of the SDK read (counters.<name>.count, gauges.<name>.value).
func (m *Metrics) Dropwizard() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		body, err := json.MarshalIndent(m.document(), "", "  ")
		if err != nil {
			http.Error(w, "Couldn't encode the metrics: "+err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		// A client that went away is its own affair.
		_, _ = w.Write(body)
	})
}

func (m *Metrics) document() document {
	now := m.facts()
	doc := document{Version: "4.0.0", Gauges: map[string]shownGauge{}, Counters: map[string]shownCounter{},
		Histograms: map[string]struct{}{}, Meters: map[string]struct{}{}, Timers: map[string]shownTimer{}}
	for _, family := range now.all() {
		if family.unnamed {
			continue
		}
		for _, s := range family.read(now) {
			switch family.kind {
			case counter:
				doc.Counters[family.dotted(s)] = shownCounter{Count: uint64(s.value)}
			case truth:
				doc.Gauges[family.dotted(s)] = shownGauge{Value: s.value != 0}
			default:
				doc.Gauges[family.dotted(s)] = shownGauge{Value: s.value}
			}
		}
	}
	doc.Timers[offersProcess.name] = m.offersTimer()
	return doc
}

// offersTimer reads the summary that Prometheus is shown too.
func (m *Metrics) offersTimer() shownTimer {
	timer := shownTimer{DurationUnits: "seconds"}
	var metric dto.Metric
	if err := m.offers.Write(&metric); err != nil || metric.GetSummary().GetSampleCount() == 0 {
		return timer
	}
	summary := metric.GetSummary()
	timer.Count = summary.GetSampleCount()
	timer.Mean = summary.GetSampleSum() / float64(timer.Count)
	fields := map[float64]*float64{0.5: &timer.P50, 0.75: &timer.P75, 0.95: &timer.P95, 0.98: &timer.P98, 0.99: &timer.P99, 0.999: &timer.P999}
	for _, quantile := range summary.GetQuantile() {
		// A summary without samples in its window says NaN, which JSON cannot hold.
		if field, ok := fields[quantile.GetQuantile()]; ok && !math.IsNaN(quantile.GetValue()) {
			*field = quantile.GetValue()
		}
	}
	return timer
}
