package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// agentDirVariable makes this test binary an agent that runs one task until it is killed.
const agentDirVariable = "PROCESS_TEST_AGENT_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(agentDirVariable); dir != "" {
		runAgentForEver(dir)
	}
	os.Exit(m.Run())
}

func runAgentForEver(dir string) {
	agent, err := New(Options{WorkDir: dir, Report: &recorder{}})
	if err != nil {
		panic(err)
	}
	if err := agent.Launch(pod(one("a", descendantsEverywhere))); err != nil {
		panic(err)
	}
	select {}
}

// descendantsEverywhere is a task with processes that a process group, a session or a parent would each miss one of.
const descendantsEverywhere = `echo $$ > first
sh -c 'echo $$ > child; exec sleep 60' &
setsid sh -c 'echo $$ > session; trap "" TERM; while :; do sleep 1; done' &
(setsid sh -c 'echo $$ > orphan; exec sleep 60' & )
trap '' TERM
wait`

var descendantFiles = []string{"first", "child", "session", "orphan"}

func descendantPids(t *testing.T, sandbox string) []int {
	t.Helper()
	var pids []int
	for _, file := range descendantFiles {
		pids = append(pids, readPid(t, filepath.Join(sandbox, file)))
	}
	t.Cleanup(func() { // a test that fails leaves nothing either
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	return pids
}

func expectGone(t *testing.T, pids []int) {
	t.Helper()
	for i, pid := range pids {
		eventually(t, "the end of process "+descendantFiles[i], func() bool { return !alive(pid) })
	}
}

func TestNothingSurvivesASIGKILLOfTheAgent(t *testing.T) {
	dir := t.TempDir()
	program := exec.Command("/proc/self/exe")
	program.Env = append(os.Environ(), agentDirVariable+"="+dir)
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	pids := descendantPids(t, filepath.Join(dir, "slaves/agent-S0/frameworks/fw/executors/pod/runs/run-1/tasks/a"))
	for i, pid := range pids {
		if !alive(pid) {
			t.Errorf("process %s is not alive before the kill: the test would prove nothing", descendantFiles[i])
		}
	}
	if err := program.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()
	expectGone(t, pids)
}

func TestNothingSurvivesTheTask(t *testing.T) {
	for name, end := range map[string]func(*Agent, int){
		"killed task":      func(a *Agent, _ int) { a.Kill("fw", "pod", "a", 0) },
		"stopped agent":    func(a *Agent, _ int) { a.Stop() },
		"first one killed": func(_ *Agent, first int) { _ = syscall.Kill(first, syscall.SIGKILL) },
	} {
		t.Run(name, func(t *testing.T) {
			agent, _ := newAgent(t, nil)
			launch(t, agent, pod(one("a", descendantsEverywhere)))
			pids := descendantPids(t, sandboxOf(agent, "a"))
			end(agent, pids[0])
			expectGone(t, pids)
		})
	}
}

func TestATasksEndIsReportedAfterItsProcessesAreGone(t *testing.T) {
	agent, seen := newAgent(t, nil)
	launch(t, agent, pod(one("a", descendantsEverywhere)))
	pids := descendantPids(t, sandboxOf(agent, "a"))
	seen.last(t, "a", mesos.TASK_RUNNING)
	agent.Kill("fw", "pod", "a", 0)
	seen.last(t, "a", mesos.TASK_KILLED)
	for i, pid := range pids {
		if alive(pid) {
			t.Errorf("process %s is alive although the task has ended", descendantFiles[i])
		}
	}
}
