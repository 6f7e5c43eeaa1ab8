package model_test

import (
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

// Launches that no recording has: what is changed about a good group, and the master's message.
func TestLaunchProblems(t *testing.T) {
	type group = mesos.Offer_Operation_LaunchGroup
	for _, c := range []struct {
		name   string
		change func(*group)
		want   string
	}{
		{"too little memory for the executor", func(g *group) { g.Executor.Resources[1] = model.Scalar("mem", 31) },
			"Executor 'e' uses less memory (31MB) than the minimum required (32MB)"},
		{"too few cpus for the executor", func(g *group) { g.Executor.Resources[0] = model.Scalar("cpus", 0.005) },
			"Executor 'e' uses less CPUs (0.005) than the minimum required (0.01)"},
		{"another framework's executor", func(g *group) { g.Executor.FrameworkID.Value = "x" },
			"ExecutorInfo has an invalid FrameworkID (Actual: x vs Expected: 00f1ab1f-9af8-4456-a623-726e6da88733-0000)"},
		{"a slash in the executor id", func(g *group) { g.Executor.ExecutorID.Value = "a/b" }, "'a/b' contains invalid characters"},
		{"no task", func(g *group) { g.TaskGroup.Tasks = nil }, ""},
		{"no command", func(g *group) { g.TaskGroup.Tasks[0].Command = nil }, "Task 't' is invalid: Task should have CommandInfo"},
		{"an executor in the task", func(g *group) { g.TaskGroup.Tasks[0].Executor = &mesos.ExecutorInfo{} },
			"Task 't' is invalid: 'TaskInfo.executor' must not be set"},
		{"a check without a type", func(g *group) { g.TaskGroup.Tasks[0].Check = &mesos.CheckInfo{} },
			"Task 't' is invalid: Task uses invalid check: CheckInfo must specify 'type'"},
		{"a command check without a command", func(g *group) { g.TaskGroup.Tasks[0].Check = &mesos.CheckInfo{Type: mesos.CheckInfo_COMMAND} },
			"Task 't' is invalid: Task uses invalid check: Expecting 'command' to be set for COMMAND check"},
		{"a health check without http", func(g *group) { g.TaskGroup.Tasks[0].HealthCheck = &mesos.HealthCheck{Type: mesos.HealthCheck_HTTP} },
			"Task 't' is invalid: Task uses invalid health check: Expecting 'http' to be set for HTTP health check"},
		{"networks on the task", func(g *group) {
			g.TaskGroup.Tasks[0].Container = &mesos.ContainerInfo{NetworkInfos: []mesos.NetworkInfo{{}}}
		}, "Task 't' is invalid: NetworkInfos must not be set on the task"},
		{"the same task twice", func(g *group) { g.TaskGroup.Tasks = append(g.TaskGroup.Tasks, g.TaskGroup.Tasks[0]) },
			"Task 't' is invalid: Task has duplicate ID: t"},
		{"a negative kill grace", func(g *group) {
			g.TaskGroup.Tasks[0].KillPolicy = &mesos.KillPolicy{GracePeriod: &mesos.DurationInfo{Nanoseconds: -1}}
		}, "Task 't' is invalid: Task's 'kill_policy.grace_period' must be non-negative"},
		{"more together than there is", func(g *group) { g.TaskGroup.Tasks[0].Resources[0] = model.Scalar("cpus", 3.95) },
			"Total resources cpus(allocated: db-role):4.05; mem(allocated: db-role):160; disk(allocated: db-role):32 required by task group " +
				"and its executor is more than available ports(allocated: db-role):[1025-32000]; cpus(allocated: db-role):4; " +
				"mem(allocated: db-role):8192; disk(allocated: db-role):100000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, model.Options{}, virtual.Agents(1))
			b.Events()
			op := b.small("t", "e", b.Agents()[0])
			c.change(op.LaunchGroup)
			b.accept(op)
			events := b.Events()
			if len(b.Launches()) != 0 {
				t.Fatal("it was launched")
			}
			if len(events) != len(op.LaunchGroup.TaskGroup.Tasks) {
				t.Fatalf("%d events for %d tasks", len(events), len(op.LaunchGroup.TaskGroup.Tasks))
			}
			for _, e := range events {
				s := e.Update.Status
				if s.GetState() != mesos.TASK_ERROR || s.GetReason() != mesos.REASON_TASK_GROUP_INVALID || s.GetMessage() != c.want || s.UUID != nil {
					t.Errorf("%s %s %q uuid %x\nwant %q", s.GetState(), s.GetReason(), s.GetMessage(), s.UUID, c.want)
				}
			}
			b.Step(2 * time.Second)
			if used := b.Model.State().Agents[0].Used; len(used) != 0 {
				t.Errorf("resources are used: %v", used)
			}
		})
	}
}

func TestSecondGroupOnOneExecutor(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	agent := b.Agents()[0]
	other := b.small("c", "e", agent)
	other.LaunchGroup.Executor.Resources[1] = model.Scalar("mem", 64)
	b.Events()
	b.accept(b.small("a", "e", agent), b.small("b", "e", agent), other)
	launches := b.Launches()
	if len(launches) != 2 || launches[0].ContainerID != launches[1].ContainerID {
		t.Fatalf("launches: %v", launches)
	}
	events := b.Events()
	if len(events) != 1 || !strings.HasPrefix(events[0].Update.Status.GetMessage(), "ExecutorInfo is not compatible with existing ExecutorInfo") {
		t.Errorf("another ExecutorInfo under the same id: %v", events)
	}
	var cpus float64
	for _, r := range b.Model.State().Agents[0].Used {
		if r.Name == "cpus" {
			cpus += r.Scalar.Value
		}
	}
	if cpus != 2.1 { // two tasks, one executor
		t.Errorf("%v cpus used, want 2.1", cpus)
	}
}

func TestKillGrace(t *testing.T) {
	for _, c := range []struct {
		name       string
		own, call  time.Duration // negative: none
		dies, want time.Duration
		signal     string
	}{
		{"the executor's own", -1, -1, time.Minute, 3 * time.Second, "Killed"},
		{"the task's", 20 * time.Second, -1, time.Minute, 20 * time.Second, "Killed"},
		{"the call's", 20 * time.Second, 5 * time.Second, time.Minute, 5 * time.Second, "Killed"},
		{"in good time", 20 * time.Second, -1, 2 * time.Second, 2 * time.Second, "Terminated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			policy := func(d time.Duration) *mesos.KillPolicy {
				if d < 0 {
					return nil
				}
				return &mesos.KillPolicy{GracePeriod: &mesos.DurationInfo{Nanoseconds: int64(d)}}
			}
			b := start(t, model.Options{}, virtual.Agents(1))
			b.Script(virtual.Script{Dies: c.dies})
			op := b.small("t", "e", b.Agents()[0])
			op.LaunchGroup.TaskGroup.Tasks[0].KillPolicy = policy(c.own)
			b.accept(op)
			b.Step(time.Second)
			for range 2 {
				for _, e := range b.Events() {
					if e.Type == scheduler.Event_UPDATE {
						b.ack(e)
					}
				}
			}
			from := b.Now()
			b.must(&scheduler.Call{Type: scheduler.Call_KILL, Kill: &scheduler.Call_Kill{TaskID: mesos.TaskID{Value: "t"}, KillPolicy: policy(c.call)}})
			var message string
			b.RunUntil(func() bool {
				for _, e := range b.Events() {
					if e.Type == scheduler.Event_UPDATE && e.Update.Status.GetState() == mesos.TASK_KILLED {
						message = e.Update.Status.GetMessage()
					}
				}
				return message != ""
			}, time.Minute)
			if took := b.Now().Sub(from); took != c.want || message != "Command terminated with signal "+c.signal {
				t.Errorf("after %s: %q, want after %s with %s", took, message, c.want, c.signal)
			}
		})
	}
}
