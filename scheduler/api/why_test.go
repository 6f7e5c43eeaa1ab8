package api

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// entries are those of one kind.
func entries(state core.State, kind string) []wire.Waiting {
	return slices.DeleteFunc(whyOf(state).Waiting, func(w wire.Waiting) bool { return w.Kind != kind })
}

// three is three nodes and the metrics pod on the first node's agent, all well until change.
func three(change func(map[string]*tasks.Record)) core.State {
	metrics := metricsRecord()
	metrics.Agent = nodeRecord(0).Agent
	records := map[string]*tasks.Record{}
	for _, record := range []tasks.Record{nodeRecord(0), nodeRecord(1), nodeRecord(2), metrics} {
		records[record.Task] = &record
	}
	if change != nil {
		change(records)
	}
	var list []tasks.Record
	for _, name := range slices.Sorted(maps.Keys(records)) {
		list = append(list, *records[name])
	}
	return stateOf(testTarget(3), list, nil)
}

const second1 = "cockroachdb-1-node-join"

// A node that was ready has complete steps for ever, and still holds the others back while it is not ready.
func TestANodeThatRunsAndIsNotReadyIsShown(t *testing.T) {
	const (
		read = "Read the task's stdout (the helper's own lines), then its stderr and the database's logs (the folder logs of its volume)."
		ends = read + " A node that hangs is ended by its health check after about a minute; one that waits for its peers is ready once they are. pod restart cockroachdb-1 starts it again."
		wait = "Wait: Mesos ends a node that hangs after about a minute, and it is started again. To do it at once: pod restart cockroachdb-1. " + read
	)
	for _, tt := range []struct {
		name         string
		change       func(*tasks.Record)
		text, remedy string // none: not shown
	}{
		{"ready", func(*tasks.Record) {}, "", ""},
		{"the check says no", func(r *tasks.Record) { r.Status.CheckExit = new(int32(1)) },
			"runs on cockroachdb-1.agents.example.org and was ready, but its readiness check says no (exit code 1)", ends},
		{"the check does not end", func(r *tasks.Record) { r.Status.CheckExit, r.Status.Healthy = nil, new(false) },
			"runs on cockroachdb-1.agents.example.org and was ready, but its readiness check has no result, and its health check fails too", wait},
		{"its step says it", func(r *tasks.Record) { *r = recovering(*r) }, "", ""},
		{"never ready, its step says it", func(r *tasks.Record) { *r = unready(*r) }, "", ""},
		{"being stopped", func(r *tasks.Record) { r.Status.CheckExit, r.Stopping = new(int32(1)), noon }, "", ""},
		{"about to be restarted", func(r *tasks.Record) {
			r.Status.CheckExit, r.Asked = new(int32(1)), &tasks.Asked{Verb: tasks.Restart, By: tasks.ByOperator, At: noon}
		}, "", ""},
		{"paused", func(r *tasks.Record) { r.Status.CheckExit, r.Paused, r.Idling = new(int32(1)), true, true }, "", ""},
		{"resumed", func(r *tasks.Record) { r.Status.CheckExit, r.Idling = new(int32(1)), true }, "", ""},
		{"ended", func(r *tasks.Record) { *r = failed(*r, true) }, "", ""},
	} {
		state := three(func(records map[string]*tasks.Record) {
			records[second1].DownAt = noon.Add(-time.Minute)
			tt.change(records[second1])
		})
		got := entries(state, wire.WaitsUnready)
		if tt.text == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", tt.name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Subject != second1 || got[0].Text != tt.text || got[0].Remedy != tt.remedy ||
			got[0].Status != "RUNNING" || !got[0].Since.Equal(noon.Add(-time.Minute)) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// What holds a node back is no reason of its own: the step waits for another node.
func TestANodeThatIsNotReadyIsShownBesideAStepThatWaits(t *testing.T) {
	state := three(func(records map[string]*tasks.Record) { records[second1].Status.CheckExit = new(int32(1)) })
	state.Plans[0].Phases[0].Steps[1].Status = plans.Pending
	state.Plans[0].Phases[0].Steps[1].Reason = plans.Reason{Why: plans.WhyEarlier, Waits: "cockroachdb-0:[node-init]"}
	if got := entries(state, wire.WaitsUnready); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAnnouncedAbsencesAreShown(t *testing.T) {
	const (
		first = "cockroachdb-0.agents.example.org (agent-cockroachdb-0)"
		gate  = "Leave the agent up until the scheduler agrees, which is when all other nodes are ready and the database can spare what is there, for one agent with a node at a time."
		move  = "Leave the agent up until the scheduler agrees, which is when the pods have moved; what they wait for is in the plan recovery."
	)
	for _, tt := range []struct {
		name         string
		absence      core.Absence
		text, remedy string
		since, until time.Time
	}{
		{"short", core.Absence{AgentID: "agent-cockroachdb-0", Start: noon.Add(time.Hour), Duration: 10 * time.Minute},
			"agent " + first + " is announced to be away from 2026-11-22 13:00:00 UTC on, for 10m0s; cockroachdb-0 and metrics-0 are there and left there, " +
				"as for every absence up to MAINTENANCE_MOVE_OVER (1h0m0s); the scheduler does not agree yet", gate, time.Time{}, noon.Add(70 * time.Minute)},
		{"short, agreed, begun", core.Absence{AgentID: "agent-cockroachdb-1", Start: noon.Add(-time.Minute), Duration: time.Hour, Agreed: true},
			"agent cockroachdb-1.agents.example.org (agent-cockroachdb-1) is announced to be away from 2026-11-22 11:59:00 UTC on, for 1h0m0s; cockroachdb-1 is there and left there, " +
				"as for every absence up to MAINTENANCE_MOVE_OVER (1h0m0s); the scheduler agrees", "Take the agent down when it is time.", noon.Add(-time.Minute), noon.Add(59 * time.Minute)},
		{"long", core.Absence{AgentID: "agent-cockroachdb-0", Start: noon.Add(time.Hour), Duration: time.Hour + time.Second},
			"agent " + first + " is announced to be away from 2026-11-22 13:00:00 UTC on, for 1h0m1s; cockroachdb-0 and metrics-0 are there and to be moved before, " +
				"as for every absence longer than MAINTENANCE_MOVE_OVER (1h0m0s); the scheduler does not agree yet", move, time.Time{}, noon.Add(2*time.Hour + time.Second)},
		{"nothing there, and no master", core.Absence{AgentID: "agent-x", Start: noon.Add(time.Hour), Duration: time.Minute},
			"agent agent-x is announced to be away from 2026-11-22 13:00:00 UTC on, for 1m0s; no pod of the service is there; the scheduler does not agree yet",
			"Leave the agent up until the scheduler agrees.", time.Time{}, noon.Add(61 * time.Minute)},
		{"for good", core.Absence{AgentID: "agent-cockroachdb-0", Start: noon.Add(time.Hour)},
			"agent " + first + " is announced to be away from 2026-11-22 13:00:00 UTC on, without an end; cockroachdb-0 and metrics-0 are there and to be moved before, " +
				"as for every absence longer than MAINTENANCE_MOVE_OVER (1h0m0s); the scheduler does not agree yet", move, time.Time{}, time.Time{}},
		{"for good, and begun", core.Absence{AgentID: "agent-x", Start: noon.Add(-time.Hour), Agreed: true},
			"agent agent-x is announced to be away from 2026-11-22 11:00:00 UTC on, without an end; no pod of the service is there; the scheduler agrees",
			"Take the agent down when it is time.", noon.Add(-time.Hour), time.Time{}},
	} {
		state := three(nil)
		state.Settings.MoveOver = time.Hour
		state.Absences = map[string]core.Absence{tt.absence.AgentID: tt.absence}
		got := entries(state, wire.WaitsAbsence)
		if len(got) != 1 || got[0].Subject != tt.absence.AgentID || got[0].Text != tt.text || got[0].Remedy != tt.remedy ||
			!got[0].Since.Equal(tt.since) || !got[0].Until.Equal(tt.until) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// The pods on one agent are named together, and those that are to be replaced are not advised to be.
func TestAnAgentThatIsAwayNamesAllThatIsThere(t *testing.T) {
	for _, tt := range []struct {
		name         string
		replaced     []string
		text, remedy string
	}{
		{"both are left", nil, "where cockroachdb-0 and metrics-0 are",
			"Bring the agent back, or give the place and the data on it up (pod replace cockroachdb-0, pod replace metrics-0)."},
		{"one is replaced", []string{"cockroachdb-0-node-init"}, "where cockroachdb-0 and metrics-0 are; cockroachdb-0 is to be replaced already",
			"Bring the agent back, or give the place and the data on it up (pod replace metrics-0)."},
		{"both are", []string{"cockroachdb-0-node-init", "metrics-0-server"}, "where cockroachdb-0 and metrics-0 are; cockroachdb-0 and metrics-0 are to be replaced already",
			"The plan recovery shows how far that is."},
	} {
		state := three(func(records map[string]*tasks.Record) {
			for _, name := range []string{"cockroachdb-0-node-init", "metrics-0-server"} {
				records[name].Away, records[name].Status.State = noon, tasks.Unreachable
			}
			for _, name := range tt.replaced {
				records[name].Asked = &tasks.Asked{Verb: tasks.Replace, By: tasks.ByOperator, At: noon}
			}
		})
		got := entries(state, wire.WaitsAgent)
		if len(got) != 1 || !strings.HasSuffix(got[0].Text, tt.text) || got[0].Remedy != tt.remedy {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestRemediesNameTheCommandThatHelps(t *testing.T) {
	asked := func(verb tasks.Verb) *tasks.Asked {
		return &tasks.Asked{Verb: verb, By: tasks.ByOperator, At: noon}
	}
	gate := plans.Reason{Why: plans.WhyGate, Waits: "cockroachdb-2-node-join is not ready (TASK_FAILED)"}
	paused := plans.Reason{Why: plans.WhyGate, Waits: "cockroachdb-2-node-join is paused by hand"}
	agent := plans.Reason{Why: plans.WhyAgent, Waits: "a1"}
	const pass = "Bring back what is named, or pass the gate at your own risk "
	for _, tt := range []struct {
		name   string
		change func(own, other *tasks.Record)
		reason plans.Reason
		want   string
	}{
		{"an update", func(_, _ *tasks.Record) {}, gate, pass + "(pod restart cockroachdb-1 --force)."},
		{"a restart", func(own, _ *tasks.Record) { own.Asked = asked(tasks.Restart) }, gate, pass + "(pod restart cockroachdb-1 --force)."},
		{"a replacement", func(own, _ *tasks.Record) { own.Asked = asked(tasks.Replace) }, gate, pass + "(pod replace cockroachdb-1 --force)."},
		{"a pause", func(own, _ *tasks.Record) { own.Asked = asked(tasks.Pause) }, gate, pass + "(debug pod pause cockroachdb-1 --force)."},
		{"a resume", func(own, _ *tasks.Record) { own.Asked = asked(tasks.Resume) }, gate, pass + "(debug pod resume cockroachdb-1 --force)."},
		{"another is paused", func(_, other *tasks.Record) { other.Paused, other.Idling = true, true }, paused,
			"Let that node run again (debug pod resume cockroachdb-2), or pass the gate at your own risk (pod restart cockroachdb-1 --force)."},
		{"its agent may drain", func(_, _ *tasks.Record) {}, agent,
			"Bring the agent back (one that is being drained offers nothing until it is reactivated), or give the place and the data on it up (pod replace cockroachdb-1)."},
		{"its agent is away", func(own, _ *tasks.Record) { own.Away = noon }, agent,
			"Bring the agent back, or give the place and the data on it up (pod replace cockroachdb-1)."},
		{"not ready", func(_, _ *tasks.Record) {}, plans.Reason{Why: plans.WhyReadiness},
			"If it stays so, read the task's stdout (the helper's own lines), then its stderr and the database's logs (the folder logs of its volume); pod restart cockroachdb-1 starts it again."},
		{"delayed", func(_, _ *tasks.Record) {}, plans.Reason{Why: plans.WhyDelay},
			"Read the task's stdout (the helper's own lines), then its stderr and the database's logs (the folder logs of its volume) for why it failed; pod restart cockroachdb-1 ends the delay."},
	} {
		state := three(func(records map[string]*tasks.Record) {
			tt.change(records[second1], records["cockroachdb-2-node-join"])
		})
		step := plans.Step{Task: second1, Pod: tasks.Pod{Type: tasks.NodePod, Index: 1}, Reason: tt.reason}
		if got := stepRemedy(state, step); got != tt.want {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
	metrics := plans.Step{Task: "metrics-0-server", Pod: tasks.Pod{Type: tasks.MetricsPod}, Reason: plans.Reason{Why: plans.WhyDelay}}
	if got := stepRemedy(three(nil), metrics); got != "Read the task's stdout, then its stderr for why it failed; pod restart metrics-0 ends the delay." {
		t.Error(got)
	}
}

func TestAPauseSaysHowFarItIs(t *testing.T) {
	for _, tt := range []struct {
		idling       bool
		state        tasks.State
		text, remedy string
	}{
		{true, tasks.Running, "paused by hand: the task idles in place of its command", "Let it run again (debug pod resume cockroachdb-1)."},
		{true, tasks.Staging, "paused by hand: once the task is up it idles in place of its command", "Let it run again (debug pod resume cockroachdb-1)."},
		{false, tasks.Running, "about to be paused by hand: the task is ended first, and then idles in place of its command", "To take the pause back: debug pod resume cockroachdb-1."},
	} {
		state := three(func(records map[string]*tasks.Record) {
			records[second1].Paused, records[second1].Idling, records[second1].Status.State = true, tt.idling, tt.state
		})
		if got := entries(state, wire.WaitsPaused); len(got) != 1 || got[0].Text != tt.text || got[0].Remedy != tt.remedy {
			t.Errorf("%v %s: %+v", tt.idling, tt.state, got)
		}
	}
}
