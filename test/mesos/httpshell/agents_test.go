package httpshell

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)

// runTask starts one task of a pod on agent 0 and returns its process id once it runs.
func runTask(t *testing.T, cluster *Cluster, c *client) (agentID string, pid int) {
	t.Helper()
	agentID = cluster.AgentID(0)
	c.call(accept(c.offer(agentID), reserveAll(), launchGroup(c, agentID, "pod", task(agentID, "a", "echo $$ > pid; exec sleep 60"))))
	c.status("a", mesos.TASK_RUNNING)
	sandbox, found := cluster.Hands(0).Sandbox(c.framework.ID.Value, "pod", "a")
	if !found {
		t.Fatal("the running task has no sandbox")
	}
	eventually(t, "the task's process id", func() bool {
		data, err := os.ReadFile(filepath.Join(sandbox, "pid"))
		if err == nil {
			_, err = fmt.Sscan(string(data), &pid)
		}
		return err == nil
	})
	return agentID, pid
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestATaskSurvivesItsAgentsRestart(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	agent, pid := runTask(t, cluster, c)
	if err := cluster.AgentDown(0); err != nil {
		t.Fatal(err)
	}
	unreachable := c.status("a", mesos.TASK_UNREACHABLE)
	if unreachable.UUID != nil || !alive(pid) {
		t.Errorf("uuid %v, process alive %t; want an update of the master and a living process", unreachable.UUID, alive(pid))
	}
	if err := cluster.AgentReturn(0); err != nil {
		t.Fatal(err)
	}
	back := c.status("a", mesos.TASK_RUNNING)
	if back.GetReason() != mesos.REASON_AGENT_REREGISTERED {
		t.Errorf("reason: got %s", back.GetReason())
	}
	c.call(calls.Kill("a", agent))
	c.status("a", mesos.TASK_KILLED)
}

func TestWhatHappensWhileTheAgentIsDownIsToldLater(t *testing.T) {
	cluster := startCluster(t, func(c *Cluster) { c.Model.AgentPingTimeouts = 10_000 })
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	_, pid := runTask(t, cluster, c)
	if err := cluster.AgentDown(0); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the process", func() bool { return !alive(pid) })
	if err := cluster.AgentReturn(0); err != nil {
		t.Fatal(err)
	}
	failed := c.status("a", mesos.TASK_FAILED)
	if got := failed.GetMessage(); got != "Command terminated with signal Killed" {
		t.Errorf("message: got %q", got)
	}
}

func TestARebootEndsEverything(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	_, pid := runTask(t, cluster, c)
	if err := cluster.AgentReboot(0); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the process", func() bool { return !alive(pid) })
	if err := cluster.AgentReturn(0); err != nil {
		t.Fatal(err)
	}
	failed := c.status("a", mesos.TASK_FAILED)
	if failed.GetReason() != mesos.REASON_EXECUTOR_TERMINATED {
		t.Errorf("reason: got %s", failed.GetReason())
	}
}

func TestAnExecutorThatIsKilled(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	_, pid := runTask(t, cluster, c)
	cluster.Hands(0).KillExecutor(c.framework.ID.Value, "pod")
	failed := c.status("a", mesos.TASK_FAILED)
	if failed.GetReason() != mesos.REASON_EXECUTOR_TERMINATED || failed.GetMessage() != "Executor terminated" {
		t.Errorf("got %s %q", failed.GetReason(), failed.GetMessage())
	}
	eventually(t, "the end of the process", func() bool { return !alive(pid) })
}

func TestAnAgentThatLosesItsMetadata(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	old, pid := runTask(t, cluster, c)
	if err := cluster.AgentLost(0); err != nil {
		t.Fatal(err)
	}
	lost := c.status("a", mesos.TASK_LOST)
	if lost.GetReason() != mesos.REASON_AGENT_REMOVED {
		t.Errorf("reason: got %s", lost.GetReason())
	}
	eventually(t, "the end of the process", func() bool { return !alive(pid) })
	if cluster.AgentID(0) == old {
		t.Error("the agent has kept its id")
	}
	c.framework.Name = "still here"
	runTask(t, cluster, c) // the new id's tasks run on the same machine
}

func TestTeardownEndsTheTasks(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	_, pid := runTask(t, cluster, c)
	if status, text := c.try(&scheduler.Call{Type: scheduler.Call_TEARDOWN}); status != 202 {
		t.Fatalf("TEARDOWN: %d %q", status, text)
	}
	if err := c.awaitEnd(); err != nil {
		t.Errorf("the stream's end: %v", err)
	}
	eventually(t, "the end of the process", func() bool { return !alive(pid) })
}

func TestAMasterFailover(t *testing.T) {
	for _, media := range encodings {
		cluster := startCluster(t, nil)
		c := newClient(t, cluster.URL(), media)
		c.subscribe()
		agent, pid := runTask(t, cluster, c)
		id := c.framework.ID.Value
		cluster.MasterFailover()
		if err := c.awaitEnd(); err != nil {
			t.Errorf("the stream's end: %v", err)
		}
		c.subscribe()
		if c.framework.ID.Value != id || !alive(pid) {
			t.Errorf("framework id %q after %q, process alive %t", c.framework.ID.Value, id, alive(pid))
		}
		c.offer(agent) // the agent is back, under its id
		c.call(calls.Reconcile(calls.ReconcileTasks(map[string]string{"a": agent})))
		running := c.status("a", mesos.TASK_RUNNING)
		if running.GetReason() != mesos.REASON_RECONCILIATION {
			t.Errorf("reason: got %s", running.GetReason())
		}
		c.call(calls.Kill("a", agent))
		c.status("a", mesos.TASK_KILLED)
	}
}

func TestChecksOverHTTP(t *testing.T) {
	for _, media := range encodings {
		cluster := startCluster(t, nil)
		c := newClient(t, cluster.URL(), media)
		c.subscribe()
		agent := cluster.AgentID(0)
		// The file is made once the check has said no, however slow the machine is.
		file := filepath.Join(t.TempDir(), "ready")
		zero, often, ready := 0.0, 0.02, "test -e "+file
		checked := task(agent, "a", "exec sleep 60")
		checked.Check = &mesos.CheckInfo{Type: mesos.CheckInfo_COMMAND, DelaySeconds: &zero, IntervalSeconds: &often,
			Command: &mesos.CheckInfo_Command{Command: mesos.CommandInfo{Value: &ready}}}
		c.call(accept(c.offer(agent), reserveAll(), launchGroup(c, agent, "pod", checked)))
		var results []string
		for len(results) < 3 {
			running := c.status("a", mesos.TASK_RUNNING)
			result := "none"
			if code := running.GetCheckStatus().GetCommand().ExitCode; code != nil {
				result = fmt.Sprint(*code)
				if err := os.WriteFile(file, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			results = append(results, result)
		}
		if got := strings.Join(results, " "); got != "none 1 0" {
			t.Errorf("%s: results of the check: got %q, want none, 1, 0", media, got)
		}
	}
}

func TestACommandTaskOverHTTP(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaJSON)
	c.subscribe()
	agent := cluster.AgentID(0)
	offer := c.offer(agent)
	plain := task(agent, "plain", "test \"$MESOS_TASK_ID\" = plain -a \"$MESOS_SANDBOX\" = \"$MESOS_DIRECTORY\"")
	for i := range plain.Resources {
		plain.Resources[i].Reservations = nil
	}
	c.call(accept(offer, mesos.Offer_Operation{Type: mesos.Offer_Operation_LAUNCH,
		Launch: &mesos.Offer_Operation_Launch{TaskInfos: []mesos.TaskInfo{plain}}}))
	c.status("plain", mesos.TASK_FINISHED)
}

// An agent here cannot run a framework's own executor: the task fails like one whose container does not start.
func TestACustomExecutorFails(t *testing.T) {
	cluster := startCluster(t, nil)
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	agent := cluster.AgentID(0)
	offer := c.offer(agent)
	plain := task(agent, "a", "true")
	plain.Command = nil
	value := "./my-executor"
	plain.Executor = &mesos.ExecutorInfo{Type: mesos.ExecutorInfo_CUSTOM, ExecutorID: mesos.ExecutorID{Value: "mine"},
		FrameworkID: c.framework.ID, Command: &mesos.CommandInfo{Value: &value}}
	for i := range plain.Resources {
		plain.Resources[i].Reservations = nil
	}
	c.call(accept(offer, mesos.Offer_Operation{Type: mesos.Offer_Operation_LAUNCH,
		Launch: &mesos.Offer_Operation_Launch{TaskInfos: []mesos.TaskInfo{plain}}}))
	failed := c.status("a", mesos.TASK_FAILED)
	if failed.GetReason() != mesos.REASON_CONTAINER_LAUNCH_FAILED || !strings.Contains(failed.GetMessage(), "executor type CUSTOM") {
		t.Errorf("got %s %q", failed.GetReason(), failed.GetMessage())
	}
	eventually(t, "the resources to be free again", func() bool {
		for _, state := range cluster.Server().State().Agents {
			if state.ID == agent {
				return len(state.Used) == 0
			}
		}
		return false
	})
}

func TestAContextStopsTheCluster(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cluster := &Cluster{WorkDir: t.TempDir(), Agents: Agents(1)}
	if err := cluster.Start(ctx); err != nil {
		t.Fatal(err)
	}
	defer cluster.Stop()
	c := newClient(t, cluster.URL(), mediaProtobuf)
	c.subscribe()
	_, pid := runTask(t, cluster, c)
	cancel()
	eventually(t, "the end of the process", func() bool { return !alive(pid) })
	_ = c.awaitEnd()
}

func TestAClusterThatCannotBe(t *testing.T) {
	cluster := &Cluster{Agents: []Agent{{IP: "nowhere", CPUs: -1, Ports: []uint64{1}, MountDisks: map[string]float64{"/abs": 1}}}}
	err := cluster.Start(context.Background())
	if err == nil {
		t.Fatal("it started")
	}
	for _, want := range []string{"WorkDir is empty", `IP "nowhere"`, "CPUs -1", "Ports [1]", `mount disk "/abs"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error misses %q: %v", want, err)
		}
	}
	taken := startCluster(t, nil)
	second := &Cluster{WorkDir: t.TempDir(), Listen: strings.TrimPrefix(taken.URL(), "http://")}
	if err := second.Start(context.Background()); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("a second master at the same address: got %v", err)
	}
}
