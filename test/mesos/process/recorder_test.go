package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// patience is how long a test polls for something that real processes do.
const patience = 60 * time.Second

// recorder is a Reporter that keeps everything.
type recorder struct {
	mu       sync.Mutex
	statuses []mesos.TaskStatus
	exits    []string // executor=status
}

func (r *recorder) TaskStatus(_, _ string, status mesos.TaskStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statuses = append(r.statuses, status)
}

func (r *recorder) ExecutorExited(_, _, executorID string, waitStatus int32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exits = append(r.exits, fmt.Sprintf("%s=%d", executorID, waitStatus))
}

func (r *recorder) of(task string) []mesos.TaskStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	var of []mesos.TaskStatus
	for _, status := range r.statuses {
		if status.TaskID.Value == task {
			of = append(of, status)
		}
	}
	return of
}

func (r *recorder) exited() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.exits...)
}

// words renders statuses for comparison: state, health, check result, reason, message.
func words(statuses []mesos.TaskStatus) []string {
	var all []string
	for _, status := range statuses {
		word := status.GetState().String()
		if status.Healthy != nil {
			word += fmt.Sprintf(" healthy=%t", *status.Healthy)
		}
		if command := status.GetCheckStatus().GetCommand(); command != nil {
			word += " check="
			if command.ExitCode != nil {
				word += strconv.Itoa(int(*command.ExitCode))
			}
		}
		if status.Reason != nil {
			word += " " + status.Reason.String()
		}
		if status.Message != nil {
			word += ": " + *status.Message
		}
		all = append(all, word)
	}
	return all
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within %s: %s", patience, what)
}

// latest is a task's last status so far, and an empty one before the first.
func (r *recorder) latest(task string) mesos.TaskStatus {
	all := r.of(task)
	if len(all) == 0 {
		return mesos.TaskStatus{}
	}
	return all[len(all)-1]
}

// last waits for a task's status that is of the wanted state and returns it.
func (r *recorder) last(t *testing.T, task string, state mesos.TaskState) mesos.TaskStatus {
	t.Helper()
	var found mesos.TaskStatus
	eventually(t, task+" "+state.String(), func() bool {
		found = r.latest(task)
		return found.State != nil && *found.State == state
	})
	return found
}

func newAgent(t *testing.T, change func(*Options)) (*Agent, *recorder) {
	t.Helper()
	seen := &recorder{}
	options := Options{WorkDir: t.TempDir(), IP: "127.0.0.2", Port: 5052, Report: seen}
	if change != nil {
		change(&options)
	}
	agent, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agent.Stop)
	return agent, seen
}

func shell(value string) *mesos.CommandInfo { return &mesos.CommandInfo{Value: &value} }

func pod(tasks ...mesos.TaskInfo) Group {
	group := Group{AgentID: "agent-S0", FrameworkID: "fw", ContainerID: "run-1", Tasks: tasks, NestedIDs: map[string]string{},
		Executor: mesos.ExecutorInfo{Type: mesos.ExecutorInfo_DEFAULT, ExecutorID: mesos.ExecutorID{Value: "pod"}}}
	for _, task := range tasks {
		group.NestedIDs[task.TaskID.Value] = "nested-" + task.TaskID.Value
	}
	return group
}

func one(id, command string) mesos.TaskInfo {
	return mesos.TaskInfo{Name: id, TaskID: mesos.TaskID{Value: id}, Command: shell(command)}
}

func launch(t *testing.T, agent *Agent, group Group) {
	t.Helper()
	if err := agent.Launch(group); err != nil {
		t.Fatal(err)
	}
}

// sandboxOf is a task's folder as the layout promises it, also when the task has ended.
func sandboxOf(agent *Agent, task string) string {
	return filepath.Join(agent.options.WorkDir, "slaves/agent-S0/frameworks/fw/executors/pod/runs/run-1/tasks", task)
}

func readPid(t *testing.T, file string) int {
	t.Helper()
	var pid int
	eventually(t, "a process id in "+filepath.Base(file), func() bool {
		data, err := os.ReadFile(file)
		if err != nil {
			return false
		}
		pid, err = strconv.Atoi(strings.TrimSpace(string(data)))
		return err == nil
	})
	return pid
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }
