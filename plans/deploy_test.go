package plans

import (
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func target(id string, nodes int) tasks.Target {
	return tasks.Target{ID: id, Service: tasks.Service{Name: "cockroachdb"}, Pods: []tasks.PodSpec{
		{Type: tasks.NodePod, Count: nodes, Tasks: []tasks.TaskSpec{
			{Name: "node-init", Goal: tasks.GoalRunning, Instances: tasks.FirstInstance},
			{Name: "node-join", Goal: tasks.GoalRunning, Instances: tasks.OtherInstance},
		}},
		{Type: tasks.MetricsPod, Count: 1, Tasks: []tasks.TaskSpec{
			{Name: "server", Goal: tasks.GoalRunning, Instances: tasks.EveryInstance},
		}},
	}}
}

// record is a task in a state, reached or not, with a readiness check whose last exit code is given (-1: none yet).
func record(podType string, index int, spec string, state tasks.State, exit int32, reached bool) *tasks.Record {
	pod := tasks.Pod{Type: podType, Index: index}
	r := &tasks.Record{Pod: pod, Spec: spec, Task: pod.Task(spec), TaskID: "id-" + pod.Task(spec), TargetID: "t1",
		Agent: tasks.Agent{ID: "S" + pod.String(), Hostname: "host-" + pod.String()}, Reached: reached, Confirmed: true,
		Status: tasks.Status{State: state, Since: noon, HasCheck: true}}
	if exit >= 0 {
		r.Status.CheckExit = &exit
	}
	if reached {
		r.ReadyAt = noon.Add(-time.Hour)
	}
	return r
}

func view(records ...*tasks.Record) View {
	v := View{Now: noon, Target: target("t1", 3), Records: map[string]*tasks.Record{}, Delays: map[string]Delay{},
		Looks: map[string]string{}}
	for _, r := range records {
		v.Records[r.Task] = r
	}
	return v
}

// lines are the steps of a plan as text, which is what tables compare.
func lines(plan Plan) []string {
	list := []string{plan.Name + " " + string(plan.Status)}
	for _, phase := range plan.Phases {
		list = append(list, phase.Name+" "+string(phase.Status))
		for _, step := range phase.Steps {
			list = append(list, strings.TrimRight("  "+step.Name+" "+string(step.Status)+" "+step.Reason.String(), " "))
		}
	}
	return list
}

func TestDeployByTheStateOfItsTasks(t *testing.T) {
	ready0 := record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true)
	tests := []struct {
		name string
		view View
		want []string
	}{
		{"nothing yet", view(), []string{
			"deploy PENDING", "node-deploy PENDING",
			"  cockroachdb-0:[node-init] PENDING waits for an offer",
			"  cockroachdb-1:[node-join] PENDING waits for cockroachdb-0:[node-init]",
			"  cockroachdb-2:[node-join] PENDING waits for cockroachdb-0:[node-init]",
			"metrics-deploy PENDING",
			"  metrics-0:[server] PENDING waits for cockroachdb-0:[node-init]"}},
		{"launched", view(record(tasks.NodePod, 0, "node-init", tasks.Staging, -1, false)), []string{
			"deploy STARTING", "node-deploy STARTING",
			"  cockroachdb-0:[node-init] STARTING launched on host-cockroachdb-0: TASK_STAGING",
			"  cockroachdb-1:[node-join] PENDING waits for cockroachdb-0:[node-init]",
			"  cockroachdb-2:[node-join] PENDING waits for cockroachdb-0:[node-init]",
			"metrics-deploy PENDING",
			"  metrics-0:[server] PENDING waits for cockroachdb-0:[node-init]"}},
		{"runs, not ready, second behind it", view(ready0, record(tasks.NodePod, 1, "node-join", tasks.Running, 1, false)), []string{
			"deploy IN_PROGRESS", "node-deploy IN_PROGRESS",
			"  cockroachdb-0:[node-init] COMPLETE",
			"  cockroachdb-1:[node-join] STARTED runs on host-cockroachdb-1, its readiness check says no (exit code 1) since 12:00:00 UTC",
			"  cockroachdb-2:[node-join] PENDING waits for cockroachdb-1:[node-join]",
			"metrics-deploy PENDING",
			"  metrics-0:[server] PENDING waits for cockroachdb-1:[node-join]"}},
		{"all there", view(ready0, record(tasks.NodePod, 1, "node-join", tasks.Running, 0, true),
			record(tasks.NodePod, 2, "node-join", tasks.Running, 0, true),
			record(tasks.MetricsPod, 0, "server", tasks.Running, 0, true)), []string{
			"deploy COMPLETE", "node-deploy COMPLETE",
			"  cockroachdb-0:[node-init] COMPLETE", "  cockroachdb-1:[node-join] COMPLETE", "  cockroachdb-2:[node-join] COMPLETE",
			"metrics-deploy COMPLETE", "  metrics-0:[server] COMPLETE"}},
		{"a node that was ready and died stays complete here: recovery has it", view(ready0,
			record(tasks.NodePod, 1, "node-join", tasks.Failed, 0, true),
			record(tasks.NodePod, 2, "node-join", tasks.Running, 0, true),
			record(tasks.MetricsPod, 0, "server", tasks.Running, 0, true)), []string{
			"deploy COMPLETE", "node-deploy COMPLETE",
			"  cockroachdb-0:[node-init] COMPLETE", "  cockroachdb-1:[node-join] COMPLETE", "  cockroachdb-2:[node-join] COMPLETE",
			"metrics-deploy COMPLETE", "  metrics-0:[server] COMPLETE"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { same(t, lines(Deploy(tt.view)), tt.want) })
	}
}

func TestAFailingTaskIsDelayedWithItsReason(t *testing.T) {
	v := view(record(tasks.NodePod, 0, "node-init", tasks.Failed, -1, false))
	v.Delays["cockroachdb-0-node-init"] = Delay{Failures: 3, Until: noon.Add(20 * time.Second), Message: "Command exited with status 1"}
	step := Deploy(v).Phases[0].Steps[0]
	if step.Status != Delayed {
		t.Errorf("got %s, want DELAYED", step.Status)
	}
	want := "failed 3 times, next try at 12:00:20 UTC: Command exited with status 1"
	if got := step.Reason.String(); got != want {
		t.Errorf("got reason %q, want %q", got, want)
	}
	v.Now = noon.Add(20 * time.Second)
	if got := Deploy(v).Phases[0].Steps[0].Status; got != Pending {
		t.Errorf("after the delay: got %s, want PENDING", got)
	}
}

func TestRefusedOffersMakeAStepPreparedAndSayWhy(t *testing.T) {
	v := view()
	v.Looks["cockroachdb-0-node-init"] = "2 agents: 2 lack mem"
	plan := Deploy(v)
	if plan.Status != InProgress {
		t.Errorf("plan: got %s, want IN_PROGRESS", plan.Status)
	}
	step := plan.Phases[0].Steps[0]
	if got, want := string(step.Status)+" "+step.Reason.String(), "PREPARED waits for an offer: 2 agents: 2 lack mem"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestIdsOfElementsStayTheSame(t *testing.T) {
	first, second := Deploy(view()), Deploy(view(record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true)))
	if first.Phases[0].Steps[1].ID != second.Phases[0].Steps[1].ID {
		t.Error("the id of a step changed with its status")
	}
	if first.Phases[0].Steps[1].ID == first.Phases[0].Steps[2].ID {
		t.Error("two steps have one id")
	}
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
