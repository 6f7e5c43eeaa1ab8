package e2e

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	lib "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// mesos is a master with agents that run tasks as processes of this machine.
type mesos struct {
	*httpshell.Cluster
	// ips are the agents' addresses.
	ips []string
}

// tests counts tests: each takes the third byte of its agents' addresses from it.
var tests atomic.Int32

// address is host i of test n, in this run's block.
func address(n, i int) string { return fmt.Sprintf("127.%d.%d.%d", block, n, i) }

// machines starts a master with so many agents, until the test ends. change may alter what is started.
func machines(t *testing.T, count int, change ...func(*httpshell.Cluster)) *mesos {
	t.Helper()
	m := design(t, count, change...)
	m.start(t)
	return m
}

// design is machines before their start.
func design(t *testing.T, count int, change ...func(*httpshell.Cluster)) *mesos {
	t.Helper()
	number := int(tests.Add(1))
	m := &mesos{Cluster: &httpshell.Cluster{WorkDir: t.TempDir(), Agents: []httpshell.Agent{},
		// Offers come ten times as often as by default, so that waiting for them is not what the tests do.
		Model: model.Options{AllocationInterval: 100 * time.Millisecond}}}
	for i := range count {
		ip := address(number, i+1)
		m.ips = append(m.ips, ip)
		m.Agents = append(m.Agents, httpshell.Agent{IP: ip, CPUs: 4, Mem: 4096, Disk: 20000, Ports: []uint64{1025, 32000}})
	}
	for _, f := range change {
		f(m.Cluster)
	}
	return m
}

// impatient agents repeat what was not acknowledged soon, and are away after a second of silence.
func impatient(c *httpshell.Cluster) {
	c.Model.UpdateRetryMin = 500 * time.Millisecond
	c.Model.AgentPingInterval, c.Model.AgentPingTimeouts = 200*time.Millisecond, 5
}

func (m *mesos) start(t *testing.T) {
	t.Helper()
	if err := m.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(); err != nil {
			t.Errorf("stop the agents: %v", err)
		}
	})
}

// framework is what the master knows of the one framework that there ever was.
func (m *mesos) framework(t *testing.T) model.FrameworkState {
	t.Helper()
	state := m.Server().State()
	if len(state.Frameworks) != 1 || len(state.Completed) != 0 {
		t.Fatalf("the master knows %d frameworks and %d former ones, want one and none", len(state.Frameworks), len(state.Completed))
	}
	return state.Frameworks[0]
}

// alive are the ids of living tasks by name. Two living tasks of one name fail the test.
func (m *mesos) alive(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, task := range m.framework(t).Tasks {
		switch task.State {
		case lib.TASK_STAGING, lib.TASK_STARTING, lib.TASK_RUNNING, lib.TASK_KILLING:
		default: // one that has ended stays until its last status is acknowledged
			continue
		}
		if old, twice := ids[task.Info.Name]; twice {
			t.Errorf("%s runs twice: %s and %s", task.Info.Name, old, task.Info.TaskID.Value)
		}
		ids[task.Info.Name] = task.Info.TaskID.Value
	}
	return ids
}

// same says whether two sets of tasks or processes are the same by name.
func same[V comparable](a, b map[string]V) bool {
	if len(a) != len(b) {
		return false
	}
	for name, value := range a {
		if b[name] != value {
			return false
		}
	}
	return true
}

// databases are the processes of running database nodes by the address that they listen on.
func (m *mesos) databases() map[string]int {
	found := map[string]int{}
	for _, pid := range everyProcess() {
		words := strings.Fields(commandLine(pid))
		if len(words) < 2 || filepath.Base(words[0]) != "cockroach" || words[1] != "start" {
			continue
		}
		for _, ip := range m.ips {
			if strings.Contains(strings.Join(words, " "), "--listen-addr="+ip+":") {
				found[ip] = pid
			}
		}
	}
	return found
}

// kill9 kills database processes as the kernel does when memory runs out.
func kill9(t *testing.T, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatalf("kill process %d: %v", pid, err)
		}
	}
}

// files are those in the agents' folders that match a pattern under one of them.
func (m *mesos) files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(m.WorkDir, "agent-*", pattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Patterns under an agent's folder.
const (
	volumes    = "volumes/roles/*/*"
	taskOutput = "slaves/*/frameworks/*/executors/*/runs/*-*/containers/*/stdout"
	sandboxes  = "slaves/*/frameworks/*/executors/*/runs/*-*"
)

// freePort is a port of loopback that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
