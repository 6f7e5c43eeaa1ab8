package metrics

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// ownPage is the page without the runtime's and the process's metrics, which are different each time.
func ownPage(t *testing.T, m *Metrics) []byte {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(collector{m.facts}, m.offers, m.frames, m.latency)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(&page, family); err != nil {
			t.Fatal(err)
		}
	}
	return page.Bytes()
}

func TestPrometheusIsTheGoldenOne(t *testing.T) {
	golden(t, "testdata/prometheus.golden.txt", ownPage(t, measured(t)))
	golden(t, "testdata/prometheus-empty.golden.txt", ownPage(t, empty()))
}

func TestThePageIsWellNamed(t *testing.T) {
	problems, err := promlint.New(bytes.NewReader(ownPage(t, measured(t)))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
}

// served is what a scraper reads, by family.
func served(t *testing.T, m *Metrics) map[string]bool {
	t.Helper()
	answer := httptest.NewRecorder()
	m.Prometheus().ServeHTTP(answer, httptest.NewRequest("GET", "/v1/metrics/prometheus", nil))
	if answer.Code != 200 || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Errorf("%d %s", answer.Code, answer.Header())
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return keys(families)
}

// No series may be named after an agent, a task or a host, and there may not be many.
func TestThereAreFewSeries(t *testing.T) {
	page := string(ownPage(t, measured(t)))
	if strings.Contains(page, "__1") || strings.Contains(page, "-node-join") || strings.Contains(page, "cockroachdb-") {
		t.Errorf("a task or pod stands on the page:\n%s", page)
	}
	if series := strings.Count(page, "\n") - strings.Count(page, "# "); series > 300 {
		t.Errorf("%d series", series)
	}
}

// A name that Prometheus would refuse must not take the whole page down.
func TestOddNamesAreMadeFit(t *testing.T) {
	sources := testSources()
	sources.Snapshot = func() core.State {
		return core.State{Counters: core.Counters{"operation.a b-c/é": 1, "of the-future": 2}}
	}
	found := served(t, New(sources))
	for _, name := range []string{"operation_a_b_c__", "cockroachdb_scheduler_of_the_future_total"} {
		if !found[name] {
			t.Errorf("%s is not on the page", name)
		}
	}
}
