package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// filters are requests for parts of the plans, those that name nothing among them.
var filters = []string{
	"/v1/debug/plans?plan=recovery", "/v1/debug/plans?plan=deploy&phase=metrics-deploy",
	"/v1/debug/plans?plan=deploy&phase=node-deploy&step=cockroachdb-2:[node-join]",
	"/v1/debug/plans?plan=deploy&phase=82c40aa6-4796-5997-868f-634436922078&step=55725008-aebc-58c5-8d57-fa4610bf1103",
	"/v1/debug/plans?plan=nosuch", "/v1/debug/plans?plan=deploy&phase=nosuch", "/v1/debug/plans?plan=deploy&phase=node-deploy&step=nosuch",
	"/v1/debug/plans?phase=node-deploy", "/v1/debug/plans?plan=deploy&step=x", "/v1/debug/plans?plans=deploy",
	"/v1/debug/taskStatuses", "/v1/debug/taskStatuses?plan=recovery", "/v1/debug/taskStatuses?plan=nosuch",
}

// everythingWaits has one of each thing that does not move: settings refused, no master, both plans paused by hand, a step
// without a place, one in a delay and one at the gate, orders, an agent away, and nodes' words.
func everythingWaits() core.State {
	joined, stopped, away := nodeRecord(1), nodeRecord(2), nodeRecord(3)
	joined.Asked = &tasks.Asked{Verb: tasks.Restart, By: tasks.ByOperator, At: noon.Add(-time.Minute), Force: true}
	stopped = failed(stopped, true)
	stopped.Asked = &tasks.Asked{Verb: tasks.Replace, By: tasks.ByTimeout, At: noon.Add(-time.Hour)}
	away.Away, away.Status.State = noon.Add(-10*time.Minute), tasks.Unreachable
	records := []tasks.Record{nodeRecord(0), joined, stopped, away}
	state := stateOf(testTarget(5), records, func(_ *core.State, view *plans.View) {
		view.Delays["cockroachdb-2-node-join"] = plans.Delay{Failures: 2, Until: noon.Add(20 * time.Second), Message: "exit status 1"}
	})
	state.Faults = []tasks.Fault{{Field: "NODE_COUNT", Value: "4", Message: "cannot shrink from 5", Remedy: "set it to 5 or more"}}
	state.Link = core.Link{Since: noon.Add(-time.Minute), Reason: "connection refused"}
	state.Settings.Replace = core.ReplacePolicy{Enabled: true, After: 20 * time.Minute}
	state.Facts.Hands = map[string]plans.Hand{plans.DeployPlan: {Phases: map[string]bool{"metrics-deploy": true}}, plans.RecoveryPlan: {Interrupted: true}}
	state.Counters = core.Counters{"launches": 4}
	short := func(agent string, have int64) offers.Refusal {
		return offers.Refusal{AgentID: agent, Hostname: agent + ".example.org", Causes: []offers.Cause{
			{Kind: offers.Short, Resource: tasks.Mem, Need: tasks.Whole(3032), Have: tasks.Whole(have)}}}
	}
	taken := short("a2", 1024)
	taken.Causes = append(taken.Causes, offers.Cause{Kind: offers.PortTaken, Port: 26257, Name: "pg"})
	refusals := []offers.Refusal{short("a1", 2048), taken}
	state.Looks = map[string]core.Look{"cockroachdb-4-node-join": {Since: noon.Add(-5 * time.Minute), At: noon.Add(-time.Second),
		Latest:      map[string]core.Refused{"a1": {Refusal: refusals[0], At: noon.Add(-time.Minute)}, "a2": {Refusal: refusals[1], At: noon.Add(-time.Second)}},
		Explanation: offers.Explain(tasks.Requirement{Pod: tasks.Pod{Type: tasks.NodePod, Index: 4}}, refusals)}}
	state.Database = plans.Database{
		"cockroachdb-1-node-join": {Task: "cockroachdb-1-node-join", At: noon.Add(-12 * time.Second), Live: 3, UnderReplicated: 7, Unavailable: 1},
		"cockroachdb-0-node-init": {Task: "cockroachdb-0-node-init", At: noon.Add(-70 * time.Second), Error: "connection refused"},
	}
	// What the gate says is the plans' own affair, so its reasons are put in by hand.
	deploy := &state.Plans[0]
	deploy.Phases[0].Steps[0].Status = plans.Pending
	deploy.Phases[0].Steps[0].Reason = plans.Reason{Why: plans.WhyGate, Waits: "cockroachdb-2-node-join is not ready (TASK_FAILED)"}
	deploy.Phases[0].Steps[1].Status = plans.Pending
	deploy.Phases[0].Steps[1].Reason = plans.Reason{Why: plans.WhyDatabase, Waits: "7 ranges lack a copy"}
	deploy.Phases[0].Steps[2].Status, deploy.Phases[0].Steps[2].Recovery = plans.Pending, plans.Permanent
	deploy.Phases[0].Steps[2].Reason = plans.Reason{Why: plans.WhyDatabase, Waits: "cockroachdb-1-node-join has just become ready", Until: noon.Add(9 * time.Second)}
	deploy.Phases[0].Steps[4].Status = plans.Prepared
	deploy.Phases[0].Steps[4].Reason = plans.Reason{Why: plans.WhyOffers, Detail: state.Looks["cockroachdb-4-node-join"].Explanation.String()}
	return state
}

// pausing has a paused pod, one that is about to be, one that is about to go on, and one that runs.
func pausing() core.State {
	paused, soon, resumed := unready(nodeRecord(0)), nodeRecord(1), nodeRecord(2)
	paused.Paused, paused.Idling = true, true
	soon.Paused = true
	resumed.Idling = true
	state := stateOf(testTarget(3), []tasks.Record{paused, soon, resumed, metricsRecord()}, nil)
	steps := state.Plans[0].Phases[0].Steps
	steps[0].Status, steps[0].Display = plans.Started, plans.Paused
	steps[0].Reason = plans.Reason{Why: plans.WhyPaused, Waits: "cockroachdb-0.agents.example.org", Since: noon}
	steps[1].Status, steps[1].Display, steps[1].Recovery = plans.Pending, plans.Pausing, plans.Transient
	steps[2].Status, steps[2].Display = plans.Starting, plans.Starting
	return state
}

// reconciling is connected and has no answer for two tasks.
func reconciling() core.State {
	state := stateOf(testTarget(3), []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metricsRecord()}, nil)
	state.Reconcile.Waiting = map[string]string{"id-2": "cockroachdb-2-node-join", "id-1": "cockroachdb-1-node-join"}
	return state
}

// interruptedPlan is a deploy plan that somebody has paused, with all that was begun complete.
func interruptedPlan() core.State {
	state := stateOf(testTarget(3), []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metricsRecord()}, func(_ *core.State, view *plans.View) {
		view.Hands = map[string]plans.Hand{plans.DeployPlan: {Interrupted: true}}
	})
	state.Facts.Hands = map[string]plans.Hand{plans.DeployPlan: {Interrupted: true}}
	return state
}

// A plan to back up or to restore is not there yet; its code in /v1/health is the SDK's.
func TestHealthTellsOfPausesBackupsAndRestores(t *testing.T) {
	ready := func(more ...plans.Plan) core.State {
		state := stateOf(testTarget(3), []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metricsRecord()}, nil)
		state.Plans = append(state.Plans, more...)
		return state
	}
	phase, step := ready(), ready()
	phase.Plans[0].Phases[0].Interrupted = true
	step.Plans[0].Phases[0].Steps[0].Status = plans.Waiting
	recovery := interruptedPlan()
	recovery.Plans[1].Phases = []plans.Phase{{Steps: []plans.Step{{Status: plans.Pending}}}}
	pending := interruptedPlan()
	pending.Plans[0].Status, pending.Plans[0].Phases[0].Steps[0].Status = plans.Waiting, plans.Pending
	for _, tt := range []struct {
		name  string
		state core.State
		code  int
	}{
		{"deployed", ready(), 200},
		{"deploy is paused", interruptedPlan(), 207},
		{"a phase is paused", phase, 207},
		{"a step waits for a hand", step, 207},
		{"a pause stands before what recovery does", recovery, 207},
		{"a pending step stands before a pause", pending, 204},
		{"a backup runs", ready(plans.Plan{Name: "backup-s3", Status: plans.InProgress}), 320},
		{"a backup is done", ready(plans.Plan{Name: "backup-s3", Status: plans.Complete}), 200},
		{"a backup waits", ready(plans.Plan{Name: "backup-s3", Status: plans.Waiting}), 200},
		{"a restore runs", ready(plans.Plan{Name: "backup", Status: plans.Started}, plans.Plan{Name: "restore", Status: plans.Starting}), 321},
	} {
		if code, reasons := healthOf(tt.state); code != tt.code {
			t.Errorf("%s: %d, %s", tt.name, code, strings.Join(reasons, "\n"))
		}
	}
	at := serve(t, &fakeSource{state: ready()}, testOptions())
	if got := do(t, http.MethodGet, at+"/v1/health?verbose=maybe", ""); got.status != 400 || !strings.Contains(got.body, "verbose=maybe is neither true nor false") {
		t.Errorf("%v", got)
	}
}

func TestThreadsAreListedAsText(t *testing.T) {
	got := do(t, http.MethodGet, serve(t, &fakeSource{}, testOptions())+"/v1/debug/threads", "")
	if got.status != 200 || got.kind != "text/plain; charset=utf-8" || !strings.Contains(got.body, "goroutine ") || !strings.Contains(got.body, "TestThreadsAreListedAsText") {
		t.Errorf("%d %s", got.status, got.kind)
	}
}

// A decommission step, to come, has no pod; the SDK's answer fails then.
func TestTaskStatusesDoNotNeedAPod(t *testing.T) {
	state := stateOf(testTarget(3), []tasks.Record{nodeRecord(0)}, nil)
	state.Plans = append(state.Plans, plans.Plan{Name: "decommission", Phases: []plans.Phase{{Name: "p", Steps: []plans.Step{{Name: "drain"}}}}})
	got := do(t, http.MethodGet, serve(t, &fakeSource{state: state}, testOptions())+"/v1/debug/taskStatuses?plan=decommission", "")
	if got.status != 200 || !strings.Contains(got.body, "\"name\": \"drain\",\n            \"taskStatus\": []") {
		t.Errorf("%v", got)
	}
}

func TestAPodThatWasGivenUpIsMarked(t *testing.T) {
	for _, givenUp := range []bool{false, true} {
		record := nodeRecord(0)
		if givenUp {
			record.GivenUp = noon
		}
		at := serve(t, &fakeSource{state: stateOf(testTarget(3), []tasks.Record{record}, nil)}, testOptions())
		got := do(t, http.MethodGet, at+"/v1/pod/cockroachdb-0/info", "")
		marked := strings.Contains(got.body, "\"key\": \"permanently-failed\",\n            \"value\": \"true\"")
		if got.status != 200 || marked != givenUp || !strings.Contains(got.body, "\"key\": \"target_configuration\"") {
			t.Errorf("given up %v: %v", givenUp, got)
		}
	}
}
