package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

func (m *Model) executorExited(agentID, frameworkID, executorID string, waitStatus int32) error {
	if m.goneAgents[agentID] {
		return nil
	}
	a, err := m.agent(agentID)
	if err != nil {
		return err
	}
	key := executorKey{frameworkID, executorID}
	if a.doomed[key] {
		delete(a.doomed, key)
		return nil
	}
	e := a.executor(key)
	if e == nil {
		return fmt.Errorf("agent %s runs no executor %q of framework %s", agentID, executorID, frameworkID)
	}
	if e.vanished {
		return nil
	}
	if !a.running {
		a.whenBack = append(a.whenBack, func() { m.exited(a, e, waitStatus) })
		return nil
	}
	m.exited(a, e, waitStatus)
	return nil
}

// exited is the agent's side of an executor's end.
func (m *Model) exited(a *agent, e *executor, waitStatus int32) {
	if a.executor(e.key) != e {
		return
	}
	a.dropExecutor(e)
	a.orphans = append(a.orphans, e.tasks...)
	if f := m.frameworks[e.key.framework]; f != nil && e.named && a.conn == up {
		m.failure(f, a, e.key.executor, &waitStatus)
	}
	for _, t := range e.tasks {
		if isTerminal(t.latest) {
			continue
		}
		m.enqueue(t, mesos.TaskStatus{
			TaskID: t.info.TaskID, State: mesos.TASK_FAILED.Enum(), Source: mesos.SOURCE_AGENT.Enum(),
			Reason: mesos.REASON_EXECUTOR_TERMINATED.Enum(), Message: text("Executor terminated"),
			AgentID: &mesos.AgentID{Value: a.id}, ExecutorID: &mesos.ExecutorID{Value: e.key.executor},
		})
	}
	m.giveBack(a, e.resources)
	m.checkDrained(a)
}

// failure tells a framework of an agent's or, with an executor id, an executor's end.
func (m *Model) failure(f *framework, a *agent, executorID string, waitStatus *int32) {
	event := &scheduler.Event_Failure{AgentID: &mesos.AgentID{Value: a.id}, Status: waitStatus}
	if executorID != "" {
		event.ExecutorID = &mesos.ExecutorID{Value: executorID}
	}
	m.send(f, &scheduler.Event{Type: scheduler.Event_FAILURE, Failure: event})
}

// doom orders an executor to shut down and stops listening to it. Its resources count as free at once, as a master counts
// them that has removed the framework or the agent.
func (m *Model) doom(a *agent, e *executor, force bool) {
	a.dropExecutor(e)
	a.doomed[e.key] = true
	m.emit(ShutdownExecutor{AgentID: a.id, FrameworkID: e.key.framework, ExecutorID: e.key.executor, Force: force})
	m.giveBack(a, e.resources)
	for _, t := range e.tasks {
		t.queue = nil
		if !t.released {
			t.released = true
			m.giveBack(a, t.resources)
		}
	}
}

// shutdownFramework ends all of a framework's executors on an agent.
func (m *Model) shutdownFramework(a *agent, f *framework) {
	for _, e := range append([]*executor(nil), a.executors...) {
		if e.key.framework == f.id {
			m.doom(a, e, false)
		}
	}
	kept := a.orphans[:0]
	for _, t := range a.orphans {
		if t.framework != f.id {
			kept = append(kept, t)
		}
	}
	a.orphans = kept
}

func text(s string) *string { return &s }
