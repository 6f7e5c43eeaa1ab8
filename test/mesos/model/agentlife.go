package model

import (
	"fmt"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func (m *Model) agentDown(id string) error {
	a, err := m.agent(id)
	if err != nil {
		return err
	}
	if !a.running {
		return fmt.Errorf("agent %s is down already", id)
	}
	a.running = false
	if a.conn != up {
		return nil
	}
	a.setConn(down)
	m.rescindAll(a)
	m.dropInverse(a) // master's source: Master::deactivate
	m.dropUncheckpointed(a)
	epoch := a.epoch
	m.after(m.options.pingTimeout(), func() {
		if a.conn == down && a.epoch == epoch {
			m.becomeUnreachable(a)
		}
	})
	return nil
}

// dropUncheckpointed ends what runs for frameworks without checkpointing: it does not survive its agent.
func (m *Model) dropUncheckpointed(a *agent) {
	for _, f := range m.frameworkOrder {
		if f.info.GetCheckpoint() {
			continue
		}
		for _, t := range a.tasksOf(f.id) {
			m.endTask(f, t, mesos.TASK_LOST, mesos.REASON_AGENT_DISCONNECTED, "Agent "+a.spec.Hostname+" disconnected")
		}
		m.shutdownFramework(a, f)
	}
}

// becomeUnreachable is the end of the ping time-out.
func (m *Model) becomeUnreachable(a *agent) {
	known := a.isRegistered() // a new master does not know what runs on an agent that has not come back to it
	a.setConn(unreachable)
	a.silentAt = m.now
	for _, f := range m.frameworkOrder {
		m.dropAgentFilters(f, a)
		state := mesos.TASK_UNREACHABLE
		if !f.partitionAware() {
			state = mesos.TASK_LOST
		}
		for _, t := range a.tasksOf(f.id) {
			if !known {
				continue
			}
			if t.seen == nil || !isTerminal(t.seen.GetState()) {
				f.unreachable[t.id()] = t
			}
			m.endTask(f, t, state, mesos.REASON_AGENT_REMOVED, "health check timed out")
		}
		m.failure(f, a, "", nil)
	}
}

// endTask is the master's last word on a task it loses sight of.
func (m *Model) endTask(f *framework, t *task, state mesos.TaskState, reason mesos.TaskStatus_Reason, message string) {
	if f.tasks[t.id()] == t && t.seen != nil && isTerminal(t.seen.GetState()) {
		f.dropTask(t)
		return
	}
	status := m.masterStatus(t.info.TaskID, &mesos.AgentID{Value: t.agent.id}, state, reason, message)
	if t.executor.named {
		status.ExecutorID = &mesos.ExecutorID{Value: t.executor.key.executor}
	}
	if t.agent.conn == unreachable && f.partitionAware() && state == mesos.TASK_UNREACHABLE {
		status.UnreachableTime = &mesos.TimeInfo{Nanoseconds: t.agent.silentAt.UnixNano()}
	}
	t.statuses = append(t.statuses, status)
	f.dropTask(t)
	m.update(f, status)
}

func (m *Model) dropAgentFilters(f *framework, a *agent) {
	for key := range f.filters {
		if key.agent == a.id {
			delete(f.filters, key)
		}
	}
}

// executorReregisterTimeout is how long a restarted agent waits for executors it knew (the agent flag's default); one that
// does not come counts as killed, with the wait status killed.
const (
	executorReregisterTimeout = 2 * time.Second
	killed                    = 9
)

func (m *Model) agentReboot(id string) error {
	a, err := m.agent(id)
	if err != nil {
		return err
	}
	if err := m.agentDown(id); err != nil {
		return err
	}
	for _, e := range append([]*executor(nil), a.executors...) {
		m.emit(ShutdownExecutor{AgentID: a.id, FrameworkID: e.key.framework, ExecutorID: e.key.executor, Force: true})
		e.vanished = true
		a.whenBack = append(a.whenBack, func() {
			m.after(executorReregisterTimeout, func() { m.exited(a, e, killed) })
		})
	}
	return nil
}
