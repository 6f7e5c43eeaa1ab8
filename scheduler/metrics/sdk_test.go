package metrics

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

// sdkNames are the SDK's metrics (dcos-sdk.md, section 11) with where its JSON has them, and what the test's state counts.
var sdkNames = []struct {
	section, name string
	want          any
}{
	{"counters", "offers.received", 7.},
	{"counters", "offers.processed", 5.},
	{"counters", "declines.short", 0.},
	{"counters", "declines.long", 4.},
	{"counters", "revives", 2.},
	{"counters", "revives.throttles", 1.},
	{"counters", "suppresses", 1.},
	{"counters", "operation.reserve", 0.},
	{"counters", "operation.unreserve", 0.},
	{"counters", "operation.create", 0.},
	{"counters", "operation.destroy", 0.},
	{"counters", "operation.launch_group", 3.},
	{"counters", "task_status.task_running", 2.},
	{"gauges", "is_suppressed", true},
	{"gauges", "plan_status.deploy", -1.},
	{"gauges", "plan_status.recovery", 3.},
	{"timers", "offers.process", 2.},
}

func TestTheSDKsNamesAreThereInBothForms(t *testing.T) {
	answer := httptest.NewRecorder()
	measured(t).Dropwizard().ServeHTTP(answer, httptest.NewRequest("GET", "/v1/metrics", nil))
	var read map[string]json.RawMessage
	if err := json.Unmarshal(answer.Body.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	prometheus := served(t, measured(t))
	for _, tt := range sdkNames {
		var section map[string]struct{ Count, Value any }
		if err := json.Unmarshal(read[tt.section], &section); err != nil {
			t.Fatal(err)
		}
		got := section[tt.name].Count
		if tt.section == "gauges" {
			got = section[tt.name].Value
		}
		if got != tt.want {
			t.Errorf("%s %s: got %v, want %v", tt.section, tt.name, got, tt.want)
		}
		if !prometheus[flat(tt.name)] {
			t.Errorf("%s is not on Prometheus' page", flat(tt.name))
		}
	}
}

func TestDropwizardIsTheGoldenOne(t *testing.T) {
	answer := httptest.NewRecorder()
	measured(t).Dropwizard().ServeHTTP(answer, httptest.NewRequest("GET", "/v1/metrics", nil))
	if answer.Code != 200 || answer.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %s", answer.Code, answer.Header())
	}
	golden(t, "testdata/dropwizard.golden.json", answer.Body.Bytes())
}

// Before the first frame there is nothing to show, and NaN must not get into the JSON.
func TestAnEmptySchedulerHasMetricsToo(t *testing.T) {
	answer := httptest.NewRecorder()
	empty().Dropwizard().ServeHTTP(answer, httptest.NewRequest("GET", "/v1/metrics", nil))
	var read struct {
		Counters map[string]struct{ Count *int }
		Gauges   map[string]struct{ Value any }
		Timers   map[string]struct{ Count int }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if count := read.Counters["offers.processed"].Count; count == nil || *count != 0 {
		t.Errorf("%s", answer.Body)
	}
	if _, known := read.Gauges["database.unavailable"]; known || read.Gauges["is_suppressed"].Value != false || read.Timers["offers.process"].Count != 0 {
		t.Errorf("%s", answer.Body)
	}
	served(t, empty())
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

// A lock that is not kept in ZooKeeper has no end to show.
func TestALockWithoutAnEnd(t *testing.T) {
	sources := testSources()
	sources.Lock = lock{limited: false}
	gauges := New(sources).document().Gauges
	if _, shown := gauges["lock_left"]; shown || gauges["lock_held"].Value != true || gauges["lock_age"].Value != 60. {
		t.Errorf("%v", gauges)
	}
}
