package api

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// removal is a service of three nodes on its way out: the first has ended and was given back, the second ends, the agent of
// the third is lost. Over is the same, once the master has removed the framework.
func removal(over bool) core.State {
	stored := stateOf(testTarget(3), []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2)}, nil).Facts
	for name, record := range stored.Records {
		changed := *record
		changed.TaskID = "cockroachdb__" + name + "__1"
		changed.Held = nil
		for _, held := range record.Held {
			labels := []tasks.Label{{Key: tasks.LabelFrameworkID, Value: frameworkID}, {Key: tasks.LabelResourceID, Value: held.ID() + "-" + record.Pod.String()}}
			held.Resource.Reservations = []tasks.Reservation{{Dynamic: true, Role: "cockroachdb-role", Principal: "cockroachdb-principal", Labels: labels}}
			changed.Held = append(changed.Held, held)
		}
		stored.Records[name] = &changed
	}
	zero, two := stored.Records["cockroachdb-0-node-init"], stored.Records["cockroachdb-2-node-join"]
	state, _ := core.Start(stored, tasks.Target{}, targetID, noon, core.Settings{Uninstall: true})
	take := func(event core.Event) {
		state, _ = core.Frame(state, core.Input{Now: state.Now.Add(time.Second), Event: event})
	}
	take(core.Subscribed{FrameworkID: frameworkID, MasterVersion: "1.12.0"})
	take(core.Updated{TaskID: zero.TaskID, AgentID: zero.Agent.ID, Status: tasks.Status{State: tasks.Killed}})
	take(core.Updated{TaskID: two.TaskID, AgentID: two.Agent.ID, Status: tasks.Status{State: tasks.Unreachable}})
	offer := offers.Offer{IDs: []string{"o1"}, Agent: zero.Agent}
	for _, held := range zero.Held[:2] {
		offer.Resources = append(offer.Resources, held.Resource)
	}
	take(core.Offered{Offers: []offers.Offer{offer}})
	if over {
		take(core.MasterError{Message: "Framework has been removed"})
	}
	return state
}

// TestAnswersOfAServiceThatIsRemoved: DC/OS waits for exactly 200 of the plan deploy, and for the framework's id to be what it
// was, or not to be read.
func TestAnswersOfAServiceThatIsRemoved(t *testing.T) {
	nothing, _ := core.Start(core.Facts{}, testTarget(3), targetID, noon, core.Settings{Uninstall: true})
	for name, state := range map[string]core.State{"removing": removal(false), "removed": removal(true), "nothing-to-remove": nothing} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(Handler(&fakeSource{state: state}, testOptions()))
			defer server.Close()
			var transcript bytes.Buffer
			for _, route := range []string{"/v1/plans", "/v1/plans/deploy", "/v1/state/frameworkId", "/v1/health", "/v1/health?verbose=true",
				"/v1/debug/why", "/v1/pod", "/v1/configurations/targetId", "/v1/debug/plans"} {
				fmt.Fprintf(&transcript, "GET %s\n%s\n\n", route, do(t, http.MethodGet, server.URL+route, ""))
			}
			golden(t, "testdata/"+name+".golden.txt", transcript.Bytes())
			plan := do(t, http.MethodGet, server.URL+"/v1/plans/"+plans.DeployPlan, "")
			health := do(t, http.MethodGet, server.URL+"/v1/health", "")
			if want := map[string]int{"removing": 202, "removed": 200, "nothing-to-remove": 200}[name]; plan.status != want || health.status != want {
				t.Errorf("plan %d, health %d, want %d", plan.status, health.status, want)
			}
		})
	}
}
