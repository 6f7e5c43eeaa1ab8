package process

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func TestHowATaskEnds(t *testing.T) {
	no := false
	shellCommand := func(value string) *mesos.CommandInfo { return shell(value) }
	program := func(args ...string) *mesos.CommandInfo {
		return &mesos.CommandInfo{Shell: &no, Value: &args[0], Arguments: args}
	}
	ran := func(end string) []string { return []string{"TASK_STARTING", "TASK_RUNNING", end} }
	for name, test := range map[string]struct {
		command *mesos.CommandInfo
		want    []string
	}{
		"clean":             {shellCommand("true"), ran("TASK_FINISHED: Command exited with status 0")},
		"exit code":         {shellCommand("exit 3"), ran("TASK_FAILED: Command exited with status 3")},
		"signal":            {shellCommand("kill -9 $$"), ran("TASK_FAILED: Command terminated with signal Killed")},
		"core signal":       {shellCommand("ulimit -c 0; kill -SEGV $$"), ran("TASK_FAILED: Command terminated with signal Segmentation fault")},
		"program":           {program("sh", "-c", "exit 4"), ran("TASK_FAILED: Command exited with status 4")},
		"program by path":   {program("/bin/sh", "-c", "exit 5"), ran("TASK_FAILED: Command exited with status 5")},
		"unknown program":   {program("no-such-program"), []string{"TASK_STARTING", `TASK_FAILED: find "no-such-program" on the task's PATH: no such program`}},
		"no such file":      {program("./nothing"), []string{"TASK_STARTING", "TASK_FAILED: Failed to execute command: fork/exec ./nothing: no such file or directory"}},
		"empty command":     {&mesos.CommandInfo{}, []string{"TASK_STARTING", "TASK_FAILED: the command has no value: there is nothing to run"}},
		"reads no input":    {shellCommand("cat"), ran("TASK_FINISHED: Command exited with status 0")},
		"ignores no SIGHUP": {shellCommand("kill -HUP $$"), ran("TASK_FAILED: Command terminated with signal Hangup")},
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			launch(t, agent, pod(mesos.TaskInfo{TaskID: mesos.TaskID{Value: "a"}, Command: test.command}))
			eventually(t, "the executor's exit", func() bool { return len(seen.exited()) == 1 })
			if got := words(seen.of("a")); !reflect.DeepEqual(got, test.want) {
				t.Errorf("statuses\n got %q\nwant %q", got, test.want)
			}
			if got := seen.exited(); got[0] != "pod=0" {
				t.Errorf("executor exit: got %v, want a clean one", got)
			}
		})
	}
}

func TestHowATaskIsKilled(t *testing.T) {
	for name, test := range map[string]struct {
		command string
		grace   time.Duration
		want    string
	}{
		"obeys":            {"touch ready; exec sleep 60", -1, "TASK_KILLED: Command terminated with signal Terminated"},
		"ends by itself":   {"trap 'exit 0' TERM; touch ready; while :; do sleep 0.01; done", time.Minute, "TASK_KILLED: Command exited with status 0"},
		"does not listen":  {"trap '' TERM; touch ready; while :; do sleep 0.01; done", 50 * time.Millisecond, "TASK_KILLED: Command terminated with signal Killed"},
		"child holds back": {"trap 'exit 7' TERM; (trap '' TERM; sleep 60) & touch ready; while :; do sleep 0.01; done", time.Minute, "TASK_KILLED: Command exited with status 7"},
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			launch(t, agent, pod(one("a", test.command)))
			eventually(t, "the task to be ready", func() bool {
				_, err := os.Stat(filepath.Join(sandboxOf(agent, "a"), "ready"))
				return err == nil
			})
			agent.Kill("fw", "pod", "a", test.grace)
			agent.Kill("fw", "pod", "a", 0) // a second kill changes nothing
			seen.last(t, "a", mesos.TASK_KILLED)
			if got := words(seen.of("a")); got[len(got)-1] != test.want {
				t.Errorf("got %q, want %q", got[len(got)-1], test.want)
			}
		})
	}
}

// Only the first process of a task gets the SIGTERM, as from a real agent: a helper that does not pass it on is found out.
func TestTermGoesToTheFirstProcessOnly(t *testing.T) {
	const command = `(trap 'echo child >> heard' TERM; touch ready; while :; do sleep 0.01; done) &
trap 'echo first >> heard; sleep 0.1; exit 0' TERM; wait`
	for name, test := range map[string]struct {
		kind mesos.ExecutorInfo_Type
		want string
	}{
		"default executor": {mesos.ExecutorInfo_DEFAULT, "first"},
		"command executor": {mesos.ExecutorInfo_UNKNOWN, "child first"},
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			group := pod(one("a", command))
			group.Executor.Type = test.kind
			launch(t, agent, group)
			sandbox, _ := agent.Sandbox("fw", "pod", "a")
			eventually(t, "the task to be ready", func() bool {
				_, err := os.Stat(filepath.Join(sandbox, "ready"))
				return err == nil
			})
			seen.last(t, "a", mesos.TASK_RUNNING)
			agent.Kill("fw", "pod", "a", time.Minute)
			seen.last(t, "a", mesos.TASK_KILLED)
			data, err := os.ReadFile(filepath.Join(sandbox, "heard"))
			if err != nil {
				t.Fatal(err)
			}
			for _, who := range []string{"first", "child"} {
				if got, want := strings.Contains(string(data), who), strings.Contains(test.want, who); got != want {
					t.Errorf("%s heard SIGTERM: got %t, want %t", who, got, want)
				}
			}
		})
	}
}

func TestAFailedTaskTakesItsGroupWithIt(t *testing.T) {
	agent, seen := newAgent(t, nil)
	launch(t, agent, pod(one("ok", "true"), one("other", "exec sleep 60"), one("bad", "until test -e go; do sleep 0.01; done; exit 2")))
	seen.last(t, "ok", mesos.TASK_FINISHED)
	seen.last(t, "other", mesos.TASK_RUNNING)
	seen.last(t, "bad", mesos.TASK_RUNNING)
	if err := os.WriteFile(filepath.Join(sandboxOf(agent, "bad"), "go"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	seen.last(t, "other", mesos.TASK_KILLED)
	eventually(t, "the executor's exit", func() bool { return len(seen.exited()) == 1 })
	for task, want := range map[string]string{
		"ok":    "TASK_FINISHED: Command exited with status 0",
		"bad":   "TASK_FAILED: Command exited with status 2",
		"other": "TASK_KILLED: Command terminated with signal Terminated",
	} {
		if got := words(seen.of(task)); got[len(got)-1] != want {
			t.Errorf("%s: got %q, want %q", task, got, want)
		}
	}
}

func TestRunningTellsWhereTheTaskIs(t *testing.T) {
	agent, seen := newAgent(t, nil)
	launch(t, agent, pod(one("a", "exec sleep 60")))
	container := seen.last(t, "a", mesos.TASK_RUNNING).ContainerStatus
	if got := container.GetNetworkInfos()[0].IPAddresses[0].GetIPAddress(); got != "127.0.0.2" {
		t.Errorf("task's address: got %q, want the agent's", got)
	}
	if pid := int(container.GetExecutorPID()); !alive(pid) {
		t.Errorf("executor pid %d is not a living process", pid)
	}
}

func TestShutdownAndForce(t *testing.T) {
	for name, test := range map[string]struct {
		stop func(*Agent)
		want []string // what is reported after TASK_RUNNING
		exit []string
	}{
		"shutdown": {func(a *Agent) { a.Shutdown("fw", "pod", false) },
			[]string{"TASK_KILLED: Command terminated with signal Terminated"}, []string{"pod=0"}},
		"forced":        {func(a *Agent) { a.Shutdown("fw", "pod", true) }, nil, nil},
		"reboot":        {func(a *Agent) { a.Reboot() }, nil, nil},
		"executor dies": {func(a *Agent) { a.KillExecutor("fw", "pod") }, nil, []string{"pod=9"}},
		"stop":          {func(a *Agent) { a.Stop() }, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			launch(t, agent, pod(one("a", "echo $$ > pid; exec sleep 60")))
			pid := readPid(t, filepath.Join(sandboxOf(agent, "a"), "pid"))
			seen.last(t, "a", mesos.TASK_RUNNING)
			test.stop(agent)
			eventually(t, "the process to end", func() bool { return !alive(pid) })
			eventually(t, "the reports", func() bool { return len(seen.exited()) == len(test.exit) })
			agent.Stop() // returns when all has ended, so nothing can be reported after it
			if got := words(seen.of("a"))[2:]; len(got) != len(test.want) || (len(got) > 0 && got[0] != test.want[0]) {
				t.Errorf("after TASK_RUNNING: got %q, want %q", got, test.want)
			}
			if got := seen.exited(); len(got) != len(test.exit) || (len(got) > 0 && got[0] != test.exit[0]) {
				t.Errorf("executor exits: got %q, want %q", got, test.exit)
			}
		})
	}
}

func TestASecondGroupJoinsALivingExecutor(t *testing.T) {
	agent, seen := newAgent(t, nil)
	launch(t, agent, pod(one("a", "exec sleep 60")))
	seen.last(t, "a", mesos.TASK_RUNNING)
	launch(t, agent, pod(one("b", "exit 1")))
	seen.last(t, "b", mesos.TASK_FAILED)
	if got := words(seen.of("a")); got[len(got)-1] != "TASK_RUNNING" {
		t.Errorf("a task of another group: got %q, want it running", got)
	}
	if got := seen.exited(); len(got) != 0 {
		t.Errorf("executor exits: got %v, want none while a task runs", got)
	}
}

// An agent that lost its metadata gets the same pod again while the old one is still ending.
func TestANewContainerReplacesAnExecutorThatIsEnding(t *testing.T) {
	agent, seen := newAgent(t, nil)
	launch(t, agent, pod(one("a", "trap '' TERM; touch ready; while :; do sleep 0.01; done")))
	eventually(t, "the old task to be ready", func() bool {
		_, err := os.Stat(filepath.Join(sandboxOf(agent, "a"), "ready"))
		return err == nil
	})
	agent.Shutdown("fw", "pod", false)
	again := pod(one("a", "echo $$ > pid; exec sleep 60"), one("b", "exec sleep 60"))
	again.ContainerID = "run-2"
	launch(t, agent, again)
	sandbox, _ := agent.Sandbox("fw", "pod", "a")
	pid := readPid(t, filepath.Join(sandbox, "pid"))
	seen.last(t, "a", mesos.TASK_RUNNING)
	seen.last(t, "b", mesos.TASK_RUNNING)
	agent.Stop() // ends the new one and the one that would not go
	if alive(pid) {
		t.Error("the new task's process survived Stop")
	}
	if got := words(seen.of("a")); got[len(got)-1] != "TASK_RUNNING" {
		t.Errorf("the last status: got %q, want the new task running", got)
	}
	if err := agent.Launch(pod(one("c", "true"))); err == nil {
		t.Error("a stopped agent took a group")
	}
}

func TestAnEndedContainerIsNotStartedAgain(t *testing.T) {
	agent, seen := newAgent(t, nil)
	launch(t, agent, pod(one("a", "true")))
	eventually(t, "the executor's exit", func() bool { return len(seen.exited()) == 1 })
	if err := agent.Launch(pod(one("b", "true"))); err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("got %v", err)
	}
}

func TestOldSandboxesGo(t *testing.T) {
	agent, seen := newAgent(t, func(o *Options) { o.KeepRuns = 2 })
	for i, run := range []string{"run-1", "run-2", "run-3", "run-4"} {
		group := pod(one("a", "true"))
		group.ContainerID = run
		launch(t, agent, group)
		eventually(t, "the executor's exit", func() bool { return len(seen.exited()) == i+1 })
	}
	left, err := filepath.Glob(filepath.Join(agent.options.WorkDir, "slaves/*/frameworks/*/executors/*/runs/run-*"))
	if err != nil || len(left) != 2 || filepath.Base(left[0]) != "run-3" {
		t.Errorf("sandboxes left: %v (error %v), want run-3 and run-4", left, err)
	}
}

func TestGroupsThatCannotBe(t *testing.T) {
	agent, _ := newAgent(t, nil)
	noIDs := pod(one("a", "true"))
	noIDs.NestedIDs = nil
	custom := pod(one("a", "true"))
	custom.Executor.Type = mesos.ExecutorInfo_CUSTOM
	for name, test := range map[string]struct {
		group Group
		want  string
	}{
		"empty":         {Group{}, "must all be named"},
		"no tasks":      {pod(), "the group has no tasks"},
		"no containers": {noIDs, `task "a" has no container id`},
		"custom":        {custom, "executor type CUSTOM"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := agent.Launch(test.group); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
