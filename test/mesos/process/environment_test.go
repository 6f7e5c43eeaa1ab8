package process

import (
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func variable(name, value string) mesos.Environment_Variable {
	return mesos.Environment_Variable{Name: name, Value: &value}
}

func TestATasksWholeEnvironment(t *testing.T) {
	t.Setenv("SECRET_OF_THE_PARENT", "must not be seen")
	agent, seen := newAgent(t, nil)
	task := one("a", "env > env.txt")
	task.Command.Environment = &mesos.Environment{Variables: []mesos.Environment_Variable{
		variable("TASK_NAME", "a"), variable("LIBPROCESS_IP", "10.0.0.1"), variable("MESOS_TASK_ID", "not this"),
		{Name: "TOKEN", Type: mesos.Environment_Variable_SECRET.Enum(), Secret: &mesos.Secret{Value: &mesos.Secret_Value{Data: []byte("hush")}}},
	}}
	role := "db"
	task.Resources = []mesos.Resource{{Name: "cpus", AllocationInfo: &mesos.Resource_AllocationInfo{Role: &role}}}
	launch(t, agent, pod(task))
	seen.last(t, "a", mesos.TASK_FINISHED)
	sandbox, err := filepath.EvalSymlinks(sandboxOf(agent, "a"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(sandbox, "env.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if !strings.HasPrefix(line, "PWD=") && !strings.HasPrefix(line, "_=") && !strings.HasPrefix(line, "SHLVL=") { // the shell's own
			got = append(got, line)
		}
	}
	sort.Strings(got)
	want := []string{
		"LIBPROCESS_IP=10.0.0.1", "MESOS_AGENT_ENDPOINT=127.0.0.2:5052", "MESOS_ALLOCATION_ROLE=db",
		"MESOS_CONTAINER_IP=127.0.0.2", "MESOS_DIRECTORY=" + filepath.Dir(filepath.Dir(sandbox)), "MESOS_EXECUTOR_ID=pod",
		"MESOS_FRAMEWORK_ID=fw", "MESOS_SANDBOX=" + sandbox, "MESOS_SLAVE_ID=agent-S0", "MESOS_TASK_ID=a",
		"PATH=" + os.Getenv("PATH"), "TASK_NAME=a", "TOKEN=hush",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("environment\n got %q\nwant %q", got, want)
	}
}

func TestASecretByReferenceIsRefused(t *testing.T) {
	agent, seen := newAgent(t, nil)
	task := one("a", "true")
	task.Command.Environment = &mesos.Environment{Variables: []mesos.Environment_Variable{
		{Name: "TOKEN", Secret: &mesos.Secret{Reference: &mesos.Secret_Reference{Name: "x"}}}}}
	launch(t, agent, pod(task))
	failed := seen.last(t, "a", mesos.TASK_FAILED)
	if got := failed.GetMessage(); !strings.Contains(got, `"TOKEN" refers to a secret store`) {
		t.Errorf("message: got %q", got)
	}
}

func TestOutputIsInTheSandbox(t *testing.T) {
	agent, seen := newAgent(t, nil)
	launch(t, agent, pod(one("a", "echo out; echo err >&2; pwd > where")))
	seen.last(t, "a", mesos.TASK_FINISHED)
	sandbox, err := filepath.EvalSymlinks(sandboxOf(agent, "a"))
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"stdout": "out\n", "stderr": "err\n", "where": sandbox + "\n"} {
		if got, err := os.ReadFile(filepath.Join(sandbox, file)); err != nil || string(got) != want {
			t.Errorf("%s: got %q (error %v), want %q", file, got, err, want)
		}
	}
}
