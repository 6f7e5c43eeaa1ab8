package process

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func f64(value float64) *float64 { return &value }
func u32(value uint32) *uint32   { return &value }

func commandCheck(command string, timeout float64) *mesos.CheckInfo {
	return &mesos.CheckInfo{Type: mesos.CheckInfo_COMMAND, DelaySeconds: f64(0), IntervalSeconds: f64(0.02), TimeoutSeconds: f64(timeout),
		Command: &mesos.CheckInfo_Command{Command: *shell(command)}}
}

func commandHealth(command string, grace float64, failures uint32) *mesos.HealthCheck {
	return &mesos.HealthCheck{Type: mesos.HealthCheck_COMMAND, DelaySeconds: f64(0), IntervalSeconds: f64(0.02), TimeoutSeconds: f64(5),
		GracePeriodSeconds: f64(grace), ConsecutiveFailures: u32(failures), Command: shell(command)}
}

// waitWords waits until a task's statuses are the wanted ones.
func waitWords(t *testing.T, seen *recorder, task string, want []string) {
	t.Helper()
	var got []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if got = words(seen.of(task)); reflect.DeepEqual(got, want) {
			return
		}
	}
	t.Fatalf("statuses\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
}

func TestAChecksResultIsReportedWhenItChanges(t *testing.T) {
	agent, seen := newAgent(t, nil)
	task := one("a", "exec sleep 60")
	task.Check = commandCheck("exit $(cat rc 2>/dev/null || echo 7)", 5)
	launch(t, agent, pod(task))
	sandbox, _ := agent.Sandbox("fw", "pod", "a")
	waitWords(t, seen, "a", []string{"TASK_STARTING check=", "TASK_RUNNING check=",
		"TASK_RUNNING check=7 REASON_TASK_CHECK_STATUS_UPDATED"})
	if err := os.WriteFile(filepath.Join(sandbox, "rc"), []byte("0"), 0o644); err != nil {
		t.Fatal(err)
	}
	seenFour := func() bool { return len(seen.of("a")) == 4 }
	eventually(t, "the new result", seenFour)
	agent.Kill("fw", "pod", "a", -1)
	waitWords(t, seen, "a", []string{"TASK_STARTING check=", "TASK_RUNNING check=",
		"TASK_RUNNING check=7 REASON_TASK_CHECK_STATUS_UPDATED", "TASK_RUNNING check=0 REASON_TASK_CHECK_STATUS_UPDATED",
		"TASK_KILLED check=: Command terminated with signal Terminated"})
	if running := seen.of("a")[3]; running.ContainerStatus == nil {
		t.Error("a check's update lost the container status of TASK_RUNNING")
	}
}

func TestACheckThatTimesOutHasNoResult(t *testing.T) {
	agent, seen := newAgent(t, nil)
	task := one("a", "exec sleep 60")
	task.Check = commandCheck(`echo x >> runs; if [ $(wc -l < runs) -lt 2 ]; then exit 0; fi; echo $$ > pid; sleep 60`, 1)
	launch(t, agent, pod(task))
	waitWords(t, seen, "a", []string{"TASK_STARTING check=", "TASK_RUNNING check=",
		"TASK_RUNNING check=0 REASON_TASK_CHECK_STATUS_UPDATED", "TASK_RUNNING check= REASON_TASK_CHECK_STATUS_UPDATED"})
	first := readPid(t, filepath.Join(sandboxOf(agent, "a"), "pid"))
	eventually(t, "the end of the timed-out check", func() bool { return !alive(first) })
	data, err := os.ReadFile(filepath.Join(sandboxOf(agent, "a"), "stderr"))
	if err != nil || !strings.Contains(string(data), "timed out") {
		t.Errorf("stderr of the task: got %q (error %v), want a note about the time-out", data, err)
	}
}

func TestACheckRunsWhereTheTaskRuns(t *testing.T) {
	agent, seen := newAgent(t, nil)
	task := one("a", "touch here; exec sleep 60")
	task.Command.Environment = &mesos.Environment{Variables: []mesos.Environment_Variable{variable("ONE", "1"), variable("TWO", "1")}}
	task.Check = commandCheck(`test -e here || exit 0; test "$ONE$TWO$MESOS_TASK_ID" = 12a && exit 42`, 5)
	task.Check.Command.Command.Environment = &mesos.Environment{Variables: []mesos.Environment_Variable{variable("TWO", "2")}}
	launch(t, agent, pod(task))
	eventually(t, "exit code 42", func() bool {
		last := seen.latest("a")
		return last.GetCheckStatus().GetCommand().GetExitCode() == 42
	})
}

func TestHealth(t *testing.T) {
	healthy := "TASK_RUNNING healthy=true REASON_TASK_HEALTH_CHECK_STATUS_UPDATED"
	sick := "TASK_RUNNING healthy=false REASON_TASK_HEALTH_CHECK_STATUS_UPDATED"
	killed := "TASK_KILLED healthy=false: Command terminated with signal Terminated"
	for name, test := range map[string]struct {
		health *mesos.HealthCheck
		want   []string
	}{
		"healthy once":            {commandHealth("true", 10, 3), []string{healthy}},
		"never healthy, no grace": {commandHealth("false", 0, 3), []string{sick, sick, sick, killed}},
		"never healthy, grace":    {commandHealth("false", 0.3, 2), []string{sick, sick, killed}},
		"falls ill":               {commandHealth("echo x >> runs; test $(wc -l < runs) -lt 3", 10, 2), []string{healthy, sick, sick, killed}},
		"recovers":                {commandHealth("echo x >> runs; test $(wc -l < runs) -ne 2", 0, 3), []string{healthy, sick, healthy}},
		"ill in the grace period": {commandHealth("echo x >> runs; test $(wc -l < runs) -gt 3", 60, 1), []string{healthy}},
	} {
		t.Run(name, func(t *testing.T) {
			agent, seen := newAgent(t, nil)
			task := one("a", "exec sleep 60")
			task.HealthCheck = test.health
			launch(t, agent, pod(task))
			waitWords(t, seen, "a", append([]string{"TASK_STARTING", "TASK_RUNNING"}, test.want...))
		})
	}
}

func TestChecksOverTheNetwork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/health" {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer server.Close()
	port := uint32(server.Listener.Addr().(*net.TCPAddr).Port)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := uint32(free.Addr().(*net.TCPAddr).Port)
	free.Close()
	path := "/health"
	agent, seen := newAgent(t, nil)
	network := one("a", "exec sleep 60")
	network.Check = &mesos.CheckInfo{Type: mesos.CheckInfo_HTTP, DelaySeconds: f64(0), HTTP: &mesos.CheckInfo_Http{Port: port}}
	network.HealthCheck = &mesos.HealthCheck{Type: mesos.HealthCheck_HTTP, DelaySeconds: f64(0),
		HTTP: &mesos.HealthCheck_HTTPCheckInfo{Port: port, Path: &path}}
	refused := one("b", "exec sleep 60")
	refused.Check = &mesos.CheckInfo{Type: mesos.CheckInfo_TCP, DelaySeconds: f64(0), TCP: &mesos.CheckInfo_Tcp{Port: closed}}
	refused.HealthCheck = &mesos.HealthCheck{Type: mesos.HealthCheck_TCP, DelaySeconds: f64(0),
		TCP: &mesos.HealthCheck_TCPCheckInfo{Port: port}}
	launch(t, agent, pod(network, refused))
	eventually(t, "the HTTP results", func() bool {
		last := seen.latest("a")
		return last.GetHealthy() && last.GetCheckStatus().GetHTTP().GetStatusCode() == http.StatusTeapot
	})
	eventually(t, "the TCP results", func() bool {
		last := seen.latest("b")
		result := last.GetCheckStatus().GetTCP()
		return last.GetHealthy() && result != nil && result.Succeeded != nil && !*result.Succeeded
	})
}
