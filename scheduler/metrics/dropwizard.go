package metrics

import (
	"encoding/json"
	"net/http"

	dto "github.com/prometheus/client_model/go"
)

// document is Dropwizard's JSON, version 4.0.0.
type document struct {
	Version    string                    `json:"version"`
	Gauges     map[string]gauge          `json:"gauges"`
	Counters   map[string]counter        `json:"counters"`
	Histograms map[string]map[string]any `json:"histograms"`
	Meters     map[string]map[string]any `json:"meters"`
	Timers     map[string]timer          `json:"timers"`
}

type gauge struct {
	Value any `json:"value"`
}

type counter struct {
	Count uint64 `json:"count"`
}

type timer struct {
	Count         uint64  `json:"count"`
	Mean          float64 `json:"mean"`
	P50           float64 `json:"p50"`
	P75           float64 `json:"p75"`
	P95           float64 `json:"p95"`
	P98           float64 `json:"p98"`
	P99           float64 `json:"p99"`
	P999          float64 `json:"p999"`
	DurationUnits string  `json:"duration_units"`
	RateUnits     string  `json:"rate_units"`
}

// Dropwizard serves the JSON that tools of the SDK read (counters.<name>.count, gauges.<name>.value).
func (m *Metrics) Dropwizard() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		body, err := json.MarshalIndent(m.document(), "", "  ")
		if err != nil {
			http.Error(w, "cannot encode the metrics: "+err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
}

func (m *Metrics) document() document {
	state := m.snapshot()
	doc := document{Version: "4.0.0", Gauges: map[string]gauge{}, Counters: map[string]counter{},
		Histograms: map[string]map[string]any{}, Meters: map[string]map[string]any{}, Timers: map[string]timer{}}
	for name, value := range state.Counters {
		doc.Counters[name] = counter{Count: value}
	}
	for name, value := range gauges(state) {
		doc.Gauges[name] = gauge{Value: value}
	}
	for _, name := range []string{"is_suppressed", "is_connected"} {
		doc.Gauges[name] = gauge{Value: doc.Gauges[name].Value == 1.0}
	}
	doc.Timers["offers.process"] = m.offersTimer()
	return doc
}

func (m *Metrics) offersTimer() timer {
	shown := timer{DurationUnits: "seconds", RateUnits: "calls/second"}
	var metric dto.Metric
	if err := m.offers.Write(&metric); err != nil || metric.GetSummary().GetSampleCount() == 0 {
		return shown
	}
	summary := metric.GetSummary()
	shown.Count = summary.GetSampleCount()
	shown.Mean = summary.GetSampleSum() / float64(shown.Count)
	fields := map[float64]*float64{0.5: &shown.P50, 0.75: &shown.P75, 0.95: &shown.P95, 0.98: &shown.P98, 0.99: &shown.P99, 0.999: &shown.P999}
	for _, quantile := range summary.GetQuantile() {
		// A summary without samples in its window says NaN, which JSON cannot hold.
		if field, ok := fields[quantile.GetQuantile()]; ok && quantile.GetValue() == quantile.GetValue() {
			*field = quantile.GetValue()
		}
	}
	return shown
}
