package api

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everyRoute is what a transcript asks for unless it says otherwise. Pod info has tests of its own (podinfo_test.go),
// because most of it is what tasks/launch makes.
var everyRoute = []string{
	"/v1/plans", "/v1/plan", "/v1/plans/deploy", "/v1/plans/recovery", "/v1/plans/nosuch",
	"/v1/pod", "/v1/pod/status", "/v1/pod/cockroachdb-0/status", "/v1/pod/cockroachdb-7/status",
	"/v1/endpoints", "/v1/endpoints/pg", "/v1/endpoints/http", "/v1/endpoints/inner",
	"/v1/configurations", "/v1/configurations/target", "/v1/configurations/targetId", "/v1/configurations/" + targetID,
	"/v1/configurations/" + oldTargetID, "/v1/configurations/one",
	"/v1/state/frameworkId", "/v1/state/properties", "/v1/state/properties/last-completed-update-type", "/v1/state/properties/cluster",
	"/v1/state/properties/cockroachdb-0-node-init:task-status", "/v1/state/properties/nosuch",
	"/v1/health", "/v1/health?verbose=true", "/v1/version", "/v1/metrics", "/v1/metrics/prometheus",
}

// TestAnswersAreTheGoldenOnes asks a real server on loopback, so that what HTTP itself does to an answer is seen too.
func TestAnswersAreTheGoldenOnes(t *testing.T) {
	three := testTarget(3)
	plansAndHealth := []string{"/v1/plans/deploy", "/v1/plans/recovery", "/v1/pod/status", "/v1/health", "/v1/health?verbose=true"}
	for _, tt := range []struct {
		name   string
		state  core.State
		routes []string
	}{
		{"empty", core.State{}, everyRoute},
		{"unregistered", stateOf(three, nil, func(state *core.State, view *plans.View) {
			state.Facts.FrameworkID, state.Link, view.Master = "", core.Link{}, "not connected yet"
		}), everyRoute},
		{"deploying", stateOf(three, []tasks.Record{nodeRecord(0), unready(nodeRecord(1))}, func(_ *core.State, view *plans.View) {
			view.Looks["cockroachdb-2-node-join"] = "3 agents have too little memory (most: 1024 MB, needed: 3032 MB)"
		}), plansAndHealth},
		{"prepared", stateOf(three, nil, func(_ *core.State, view *plans.View) {
			view.Looks["cockroachdb-0-node-init"] = "3 agents have too little memory (most: 1024 MB, needed: 3032 MB)"
		}), plansAndHealth},
		{"delayed", stateOf(three, []tasks.Record{failed(nodeRecord(0), false)}, func(_ *core.State, view *plans.View) {
			view.Delays["cockroachdb-0-node-init"] = plans.Delay{Failures: 3, Until: noon.Add(20 * time.Second), Message: "exit status 1"}
		}), plansAndHealth},
		{"starting", stateOf(testTarget(1), []tasks.Record{unready(nodeRecord(0)), staged(metricsRecord())}, nil), plansAndHealth},
		{"deployed", stateOf(three, []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metricsRecord()}, func(state *core.State, _ *plans.View) {
			state.Facts.Deployed = true
			state.Facts.Cluster = core.Cluster{Initialised: true, ID: "5e5d7e5c-0000-4000-8000-0000000000cc"}
		}), everyRoute},
		{"refused", stateOf(three, []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metricsRecord()}, func(_ *core.State, view *plans.View) {
			view.Faults = []string{"Field: 'NODE_COUNT'; Value: '2'; Message: 'cannot shrink from 3'; Fatal: false"}
		}), plansAndHealth},
		{"recovering", stateOf(three, []tasks.Record{nodeRecord(0), failed(nodeRecord(1), true), nodeRecord(2), metricsRecord()}, nil),
			append([]string{"/v1/pod/cockroachdb-1/status", "/v1/endpoints/pg"}, plansAndHealth...)},
		{"recovering-delayed", stateOf(three, []tasks.Record{nodeRecord(0), failed(nodeRecord(1), true), nodeRecord(2), metricsRecord()}, func(_ *core.State, view *plans.View) {
			view.Delays["cockroachdb-1-node-join"] = plans.Delay{Failures: 1, Until: noon.Add(5 * time.Second), Message: "exit status 1"}
		}), plansAndHealth},
		{"recovering-started", stateOf(three, []tasks.Record{nodeRecord(0), recovering(nodeRecord(1)), nodeRecord(2), metricsRecord()}, nil), plansAndHealth},
		{"twelve-pods", stateOf(testTarget(12), twelve(), nil), []string{"/v1/pod", "/v1/pod/status", "/v1/endpoints/pg"}},
		{"addresses", stateOf(byAddress(three), []tasks.Record{nodeRecord(0), withoutIPs(nodeRecord(1))}, nil), []string{"/v1/endpoints/pg", "/v1/endpoints/http"}},
		{"virtual-network", stateOf(onNetwork(three), []tasks.Record{inContainer(nodeRecord(0), "9.0.2.130"), inContainer(nodeRecord(1), "fd01::82")}, nil),
			[]string{"/v1/endpoints/pg", "/v1/configurations/target"}},
		{"waiting", everythingWaits(), append([]string{"/v1/debug/why", "/v2/debug/offers", "/v1/debug/reservations"}, plansAndHealth...)},
		{"nothing-waits", stateOf(three, []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metricsRecord()}, nil),
			[]string{"/v1/debug/why", "/v2/debug/offers", "/v1/debug/offers", "/v1/debug/reservations", "/v1/debug/reservations?details=true", "/v1/debug/plans", "/v1/debug/taskStatuses", "/v1/events"}},
		{"without-anything", core.State{}, []string{"/v1/debug/why", "/v2/debug/offers", "/v1/debug/reservations", "/v1/debug/reservations?details=true", "/v1/debug/plans", "/v1/debug/taskStatuses", "/v1/events"}},
		{"debug-plans", everythingWaits(), filters},
		{"paused", pausing(), append([]string{"/v1/pod/cockroachdb-1/status", "/v1/debug/why", "/v1/debug/plans?plan=deploy"}, plansAndHealth...)},
		{"reconciling", reconciling(), []string{"/v1/debug/why"}},
		{"interrupted", interruptedPlan(), append([]string{"/v1/debug/why"}, plansAndHealth...)},
		{"events", journalTo(3), []string{"/v1/events", "/v1/events?after=2", "/v1/events?limit=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(Handler(&fakeSource{state: tt.state}, testOptions()))
			defer server.Close()
			var transcript bytes.Buffer
			for _, route := range tt.routes {
				answered := do(t, http.MethodGet, server.URL+route, "")
				fmt.Fprintf(&transcript, "GET %s\n%s\n\n", route, answered)
			}
			golden(t, "testdata/"+tt.name+".golden.txt", transcript.Bytes())
		})
	}
}

// An answer, as a transcript shows it.
type answered struct {
	status int
	kind   string
	body   string
	header http.Header
}

func (a answered) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s\n%s", a.status, a.kind, a.body))
}

// do makes one request. No redirect is followed, and no answer under /v1 may be HTML.
func do(t *testing.T, method, url, body string) answered {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	kind := response.Header.Get("Content-Type")
	if strings.Contains(kind, "html") || (kind == "" && len(read) > 0) {
		t.Errorf("%s %s: content type %q", method, url, kind)
	}
	return answered{response.StatusCode, kind, string(read), response.Header}
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

// unready runs, and its readiness check says no.
func unready(record tasks.Record) tasks.Record {
	record.Reached, record.Status.CheckExit = false, new(int32(1))
	return record
}

// staged was launched a moment ago; Mesos has said nothing yet.
func staged(record tasks.Record) tasks.Record {
	record.Reached, record.Confirmed = false, false
	record.Status = tasks.Status{State: tasks.Staging}
	return record
}

// failed has ended; once is whether it was ready before.
func failed(record tasks.Record, once bool) tasks.Record {
	record.Reached, record.Recovering = once, once
	record.Status = tasks.Status{State: tasks.Failed, Source: "SOURCE_AGENT", Reason: "REASON_CONTAINER_LIMITATION_MEMORY",
		Message: "Memory limit exceeded", At: noon, Since: noon}
	return record
}

// recovering runs again, and is not ready yet.
func recovering(record tasks.Record) tasks.Record {
	record = unready(record)
	record.Reached, record.Recovering = true, true
	return record
}

func withoutIPs(record tasks.Record) tasks.Record {
	record.Status.IPs, record.LastIPs, record.Agent.IP = nil, nil, ""
	return record
}

func inContainer(record tasks.Record, address string) tasks.Record {
	record.Status.IPs, record.LastIPs = []string{address}, []string{address}
	return record
}

func twelve() []tasks.Record {
	var records []tasks.Record
	for index := range 12 {
		records = append(records, nodeRecord(index))
	}
	return append(records, metricsRecord())
}

func byAddress(target tasks.Target) tasks.Target {
	target.Service.Discovery = tasks.DiscoverAddress
	return target
}

func onNetwork(target tasks.Target) tasks.Target {
	target.Pods = slices.Clone(target.Pods)
	target.Pods[0].Network = "dcos"
	return target
}
