package metrics

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var update = flag.Bool("update", false, "write the golden files anew")

func testState() core.State {
	running := func(state tasks.State) *tasks.Record { return &tasks.Record{Status: tasks.Status{State: state}} }
	return core.State{
		Facts: core.Facts{Records: map[string]*tasks.Record{"cockroachdb-0-node-init": running(tasks.Running),
			"cockroachdb-1-node-join": running(tasks.Failed), "metrics-0-server": running(tasks.Running)}},
		Link: core.Link{Connected: true}, Flow: core.Flow{Suppressed: true},
		Delays: map[string]plans.Delay{"cockroachdb-1-node-join": {Failures: 1}},
		Plans:  []plans.Plan{{Name: "deploy", Status: plans.Complete}, {Name: "recovery", Status: plans.Delayed}},
		Counters: core.Counters{"offers.received": 7, "offers.processed": 5, "declines.long": 4, "revives": 2, "suppresses": 1,
			"operation.launch_group": 3, "task_status.task_running": 2, "revives.throttles": 1},
	}
}

// measured is a source of metrics with two offer frames and one other behind it.
func measured() *Metrics {
	m := New(testState)
	m.Frame(core.Offered{}, 250*time.Millisecond)
	m.Frame(core.Offered{}, 250*time.Millisecond)
	m.Frame(core.Tick{}, time.Millisecond)
	return m
}

func TestPrometheusShowsTheSnapshot(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(collector{testState})
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
	golden(t, "testdata/prometheus.golden.txt", page.Bytes())
	if err := testutil.GatherAndCompare(measured().registry, strings.NewReader(`
# HELP offers_process Seconds from an OFFERS event to its last effect.
# TYPE offers_process summary
offers_process{quantile="0.5"} 0.25
offers_process{quantile="0.75"} 0.25
offers_process{quantile="0.95"} 0.25
offers_process{quantile="0.98"} 0.25
offers_process{quantile="0.99"} 0.25
offers_process{quantile="0.999"} 0.25
offers_process_sum 0.5
offers_process_count 2
`), "offers_process"); err != nil {
		t.Error(err)
	}
	if err := testutil.GatherAndCompare(measured().registry, strings.NewReader(`
# HELP frame_seconds Seconds from an event to its last effect.
# TYPE frame_seconds histogram
frame_seconds_bucket{le="0.0001"} 0
frame_seconds_bucket{le="0.0004"} 0
frame_seconds_bucket{le="0.0016"} 1
frame_seconds_bucket{le="0.0064"} 1
frame_seconds_bucket{le="0.0256"} 1
frame_seconds_bucket{le="0.1024"} 1
frame_seconds_bucket{le="0.4096"} 3
frame_seconds_bucket{le="1.6384"} 3
frame_seconds_bucket{le="6.5536"} 3
frame_seconds_bucket{le="+Inf"} 3
frame_seconds_sum 0.501
frame_seconds_count 3
`), "frame_seconds"); err != nil {
		t.Error(err)
	}
}

// The SDK's names for counters stay as they are, so the one complaint that may come is that they lack _total.
func TestThePageParsesAndIsWellNamed(t *testing.T) {
	problems, err := testutil.GatherAndLint(measured().registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		if problem.Text != `counter metrics should have "_total" suffix` {
			t.Errorf("%s: %s", problem.Metric, problem.Text)
		}
	}
	answer := httptest.NewRecorder()
	measured().Prometheus().ServeHTTP(answer, httptest.NewRequest("GET", "/v1/metrics/prometheus", nil))
	if answer.Code != 200 || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Errorf("%d %s", answer.Code, answer.Header())
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"offers_received", "operation_launch_group", "task_status_task_running", "is_suppressed", "plan_status_deploy",
		"offers_process", "frame_seconds", "go_goroutines", "process_resident_memory_bytes"} {
		if families[name] == nil {
			t.Errorf("%s is not on the page", name)
		}
	}
}

func TestDropwizardIsTheGoldenOne(t *testing.T) {
	answer := httptest.NewRecorder()
	measured().Dropwizard().ServeHTTP(answer, httptest.NewRequest("GET", "/v1/metrics", nil))
	if answer.Code != 200 || answer.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %s", answer.Code, answer.Header())
	}
	golden(t, "testdata/dropwizard.golden.json", answer.Body.Bytes())
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test -update and look at the difference. Got:\n%s", file, got)
	}
}

// Before the first frame there is nothing to show, and NaN must not get into the JSON.
func TestAnEmptySchedulerHasMetricsToo(t *testing.T) {
	m := New(func() core.State { return core.State{} })
	answer := httptest.NewRecorder()
	m.Dropwizard().ServeHTTP(answer, httptest.NewRequest("GET", "/v1/metrics", nil))
	var read struct {
		Counters map[string]any
		Gauges   map[string]struct{ Value any }
		Timers   map[string]struct{ Count int }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if read.Counters == nil || len(read.Counters) != 0 || read.Gauges["is_suppressed"].Value != false || read.Timers["offers.process"].Count != 0 {
		t.Errorf("%s", answer.Body)
	}
	if _, err := m.registry.Gather(); err != nil {
		t.Error(err)
	}
}

func TestPlanValues(t *testing.T) {
	for status, want := range map[plans.Status]int{
		plans.Error: -1, plans.Complete: 0, plans.Waiting: 1, plans.Pending: 1, plans.Prepared: 2, plans.Starting: 2, plans.Started: 2,
		plans.InProgress: 2, plans.Delayed: 3,
	} {
		if got := planValue(status); got != want {
			t.Errorf("%s: %d, want %d", status, got, want)
		}
	}
}

// A name that Prometheus would refuse must not take the whole page down.
func TestOddNamesAreMadeFit(t *testing.T) {
	state := core.State{Counters: core.Counters{"operation.a b-c/é": 1}}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector{func() core.State { return state }})
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "operation_a_b_c__" {
			return
		}
	}
	t.Errorf("%v", families)
}
