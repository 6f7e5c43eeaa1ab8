package plans

import (
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func recovering(index int, state tasks.State) *tasks.Record {
	spec := "node-join"
	if index == 0 {
		spec = "node-init"
	}
	r := record(tasks.NodePod, index, spec, state, -1, true)
	r.Recovering = true
	return r
}

func recoveryLaunches(v View) []string {
	var tasks []string
	for _, launch := range Next(v, Derive(v)).Launches {
		if launch.Plan == RecoveryPlan {
			tasks = append(tasks, launch.Step.Task)
		}
	}
	return tasks
}

func TestRecoveryBringsAllNodesBackAtOnce(t *testing.T) {
	v := view(recovering(0, tasks.Failed), recovering(1, tasks.Killed), recovering(2, tasks.Lost))
	plan := Recovery(v, Deploy(v))
	same(t, lines(plan), []string{
		"recovery PENDING",
		"cockroachdb-0:[node-init] PENDING",
		"  cockroachdb-0:[node-init] PENDING waits for agent host-cockroachdb-0 (Scockroachdb-0): it holds the pod's reservations and has to offer them",
		"cockroachdb-1:[node-join] PENDING",
		"  cockroachdb-1:[node-join] PENDING waits for agent host-cockroachdb-1 (Scockroachdb-1): it holds the pod's reservations and has to offer them",
		"cockroachdb-2:[node-join] PENDING",
		"  cockroachdb-2:[node-join] PENDING waits for agent host-cockroachdb-2 (Scockroachdb-2): it holds the pod's reservations and has to offer them",
	})
	same(t, recoveryLaunches(v), []string{"cockroachdb-0-node-init", "cockroachdb-1-node-join", "cockroachdb-2-node-join"})
}

func TestRecoveryIsCompleteWhenNothingFailed(t *testing.T) {
	v := view(record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true))
	v.Recovered = []string{"cockroachdb-0-node-init"}
	same(t, lines(Recovery(v, Deploy(v))), []string{
		"recovery COMPLETE", "cockroachdb-0:[node-init] COMPLETE", "  cockroachdb-0:[node-init] COMPLETE"})
	if got := Recovery(view(), Deploy(view())); got.Status != Complete || len(got.Phases) != 0 {
		t.Errorf("got %v, want an empty complete plan", lines(got))
	}
}

func TestAnUnreachableTaskIsNeverLaunchedBeside(t *testing.T) {
	v := view(recovering(0, tasks.Unreachable))
	same(t, recoveryLaunches(v), nil)
	step := Recovery(v, Deploy(v)).Phases[0].Steps[0]
	if step.Reason.Why != WhyAgent {
		t.Errorf("got reason %q, want one that names the agent", step.Reason)
	}
}

func TestARolloutStopsOneNodeAtATime(t *testing.T) {
	three := func() View {
		v := view(record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true),
			record(tasks.NodePod, 1, "node-join", tasks.Running, 0, true),
			record(tasks.NodePod, 2, "node-join", tasks.Running, 0, true),
			record(tasks.MetricsPod, 0, "server", tasks.Running, 0, true))
		v.Target = target("t2", 3)
		return v
	}
	tests := []struct {
		name   string
		change func(View)
		want   []string
	}{
		{"all ready: the first one stops", func(View) {}, []string{"cockroachdb-0-node-init"}},
		{"another one is down: nobody stops", func(v View) { v.Records["cockroachdb-2-node-join"].Status.State = tasks.Failed }, nil},
		{"another one is not ready: nobody stops", func(v View) {
			one := int32(1)
			v.Records["cockroachdb-1-node-join"].Status.CheckExit = &one
		}, nil},
		{"the first one is stopping already", func(v View) { v.Records["cockroachdb-0-node-init"].Stopping = noon }, nil},
		{"another one is being stopped: nobody stops", func(v View) { v.Records["cockroachdb-1-node-join"].Stopping = noon }, nil},
		{"a node says for a moment that it is not ready while another is down: nobody stops", func(v View) {
			one := int32(1)
			v.Records["cockroachdb-0-node-init"].Status.CheckExit = &one
			v.Records["cockroachdb-2-node-join"].Status.State = tasks.Failed
		}, nil},
		{"a node that was never ready under an older target is stopped out of turn", func(v View) {
			one := int32(1)
			v.Records["cockroachdb-1-node-join"].Status.CheckExit = &one
			v.Records["cockroachdb-1-node-join"].Reached = false
		}, []string{"cockroachdb-1-node-join"}},
		{"metrics does not matter", func(v View) { v.Records["metrics-0-server"].Status.State = tasks.Failed }, []string{"cockroachdb-0-node-init"}},
		{"the first one is new and ready: the second stops", func(v View) { v.Records["cockroachdb-0-node-init"].TargetID = "t2" },
			[]string{"cockroachdb-1-node-join"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := three()
			tt.change(v)
			var got []string
			for _, stop := range Next(v, Derive(v)).Stops {
				got = append(got, stop.Step.Task)
			}
			same(t, got, tt.want)
		})
	}
}

// What is down is launched out of turn, under the newest target: no gate opens for the others before it is up.
func TestARolloutLaunchesWhatIsDownOutOfTurn(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*tasks.Record)
		want   []string
	}{
		{"it ended under the older target", func(r *tasks.Record) { r.Status.State = tasks.Failed }, []string{"cockroachdb-2-node-join"}},
		{"it ended under the newest target before it was ready", func(r *tasks.Record) {
			r.TargetID, r.Reached, r.Status.State = "t2", false, tasks.Gone
		}, []string{"cockroachdb-2-node-join"}},
		{"it cannot be reached", func(r *tasks.Record) { r.Status.State = tasks.Unreachable }, nil},
		{"it is starting under the newest target", func(r *tasks.Record) { r.TargetID, r.Reached, r.Status.State = "t2", false, tasks.Starting }, nil},
		{"it waits out a delay", func(r *tasks.Record) { r.Status.State, r.Task = tasks.Failed, "delayed" }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			last := record(tasks.NodePod, 2, "node-join", tasks.Running, 0, true)
			v := view(record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true), record(tasks.NodePod, 1, "node-join", tasks.Running, 0, true), last)
			v.Target = target("t2", 3)
			if tt.change(last); last.Task == "delayed" {
				last.Task = "cockroachdb-2-node-join"
				v.Delays[last.Task] = Delay{Failures: 1, Until: noon.Add(time.Minute)}
			}
			work := Next(v, Derive(v))
			var got []string
			for _, launch := range work.Launches {
				got = append(got, launch.Step.Task)
				if launch.TargetID != "t2" {
					t.Errorf("%s is launched under %s", launch.Step.Task, launch.TargetID)
				}
			}
			same(t, got, tt.want)
			if len(work.Stops) > 0 {
				t.Errorf("stops %v while a node is down", work.Stops)
			}
		})
	}
}

func TestTheGateSaysWhatItWaitsFor(t *testing.T) {
	v := view(record(tasks.NodePod, 0, "node-init", tasks.Running, 0, true), record(tasks.NodePod, 1, "node-join", tasks.Failed, 0, true))
	ok, reason := MayStop(v, "cockroachdb-0-node-init")
	if want := "held back: cockroachdb-1-node-join is not ready (TASK_FAILED)"; ok || reason.String() != want {
		t.Errorf("got %v %q, want a refusal %q", ok, reason, want)
	}
	v.Records["cockroachdb-1-node-join"].Stopping = noon
	if ok, _ := MayStop(v, "metrics-0-server"); !ok {
		t.Error("the gate held back a task that is not the database")
	}
}
