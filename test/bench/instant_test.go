package bench

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/process"
)

// instant is the modelled Mesos with agents whose tasks need no time: they run, and pass their check, the moment they are
// launched.
type instant struct {
	*httpshell.Server
	url string
	// calls brings every call of the scheduler, in the order in which they came.
	calls chan heard

	mu      sync.Mutex
	running map[string]placed // by task id
}

// placed is a task that runs.
type placed struct{ agent, framework, executor string }

// newInstant is a master with so many roomy agents.
func newInstant(tb testing.TB, agents int) *instant {
	tb.Helper()
	m := &instant{calls: make(chan heard, 1_000_000), running: map[string]placed{}}
	m.Server = httpshell.New(httpshell.Options{Observe: func(call *scheduler.Call, _ int) { m.calls <- heard{call, time.Now()} }})
	outside := httptest.NewServer(m)
	m.url = outside.URL
	tb.Cleanup(func() {
		outside.CloseClientConnections()
		m.Close()
		outside.Close()
	})
	for i := range agents {
		m.AddAgent(model.AgentSpec{Hostname: fmt.Sprintf("node-%d.example.org", i), IP: fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255),
			Attributes: []mesos.Attribute{model.Text("rack", fmt.Sprintf("rack-%d", i%100))},
			Resources: []mesos.Resource{model.Scalar("cpus", 4), model.Scalar("mem", 16_384), model.Scalar("disk", 20_000),
				model.Ports(1025, 2180, 8082, 8180, 8182, 32000)}}, hands{m})
	}
	return m
}

// tasks are those that run, by id.
func (m *instant) tasks() map[string]placed {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.running)
}

// end lets a task and its executor end by themselves, and says when.
func (m *instant) end(id string, state mesos.TaskState) time.Time {
	m.mu.Lock()
	at := m.running[id]
	delete(m.running, id)
	m.mu.Unlock()
	began := time.Now()
	m.TaskStatus(at.agent, at.framework, mesos.TaskStatus{TaskID: mesos.TaskID{Value: id}, State: state.Enum()})
	m.ExecutorExited(at.agent, at.framework, at.executor, 0)
	return began
}

// hands are the machine of every agent.
type hands struct{ m *instant }

func (h hands) Launch(group process.Group) error {
	for _, task := range group.Tasks {
		h.m.mu.Lock()
		h.m.running[task.TaskID.Value] = placed{group.AgentID, group.FrameworkID, group.Executor.ExecutorID.Value}
		h.m.mu.Unlock()
		say := func(status mesos.TaskStatus) {
			status.TaskID = task.TaskID
			h.m.TaskStatus(group.AgentID, group.FrameworkID, status)
		}
		say(mesos.TaskStatus{State: mesos.TASK_STARTING.Enum()})
		if task.Check == nil {
			say(mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum()})
			continue
		}
		say(mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum(), CheckStatus: check(&mesos.CheckStatusInfo_Command{})})
		say(mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum(), CheckStatus: check(&mesos.CheckStatusInfo_Command{ExitCode: new(int32(0))})})
	}
	return nil
}

func (h hands) Kill(_, _, task string, _ time.Duration) { h.m.end(task, mesos.TASK_KILLED) }

func (hands) Shutdown(string, string, bool)      {}
func (hands) CreateVolume(mesos.Resource) error  { return nil }
func (hands) DestroyVolume(mesos.Resource) error { return nil }
