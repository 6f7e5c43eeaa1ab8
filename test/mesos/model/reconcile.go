package model

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// reconcile answers for the named tasks, or for all when none is named.
func (m *Model) reconcile(f *framework, call *scheduler.Call_Reconcile) {
	if len(call.Tasks) == 0 {
		for _, t := range f.taskOrder {
			m.latestState(f, t)
		}
		return
	}
	for _, wanted := range call.Tasks {
		m.reconcileOne(f, wanted.TaskID, wanted.AgentID)
	}
}

// latestState repeats what the master knows of a task.
func (m *Model) latestState(f *framework, t *task) {
	status := m.masterStatus(t.info.TaskID, &mesos.AgentID{Value: t.agent.id}, mesos.TASK_STAGING, mesos.REASON_RECONCILIATION,
		"Reconciliation: Latest task state")
	if t.executor.named {
		status.ExecutorID = &mesos.ExecutorID{Value: t.executor.key.executor}
	}
	if s := t.seen; s != nil {
		status.State, status.Healthy, status.CheckStatus, status.ContainerStatus = s.State, s.Healthy, s.CheckStatus, s.ContainerStatus
	}
	m.update(f, status)
}

// reconcileOne answers for one task by what is known of the task and, when it is not known, of its agent.
func (m *Model) reconcileOne(f *framework, id mesos.TaskID, agentID *mesos.AgentID) {
	if t := f.tasks[id.Value]; t != nil {
		m.latestState(f, t)
		return
	}
	state, message := mesos.TASK_UNKNOWN, "Reconciliation: Task is unknown"
	status := mesos.TaskStatus{}
	a := m.agents[agentID.GetValue()]
	switch {
	case agentID == nil:
		if m.someAgentMissing() {
			return // the task may be on an agent that has not come back yet
		}
	case m.markedGone[agentID.Value]:
		state, message = mesos.TASK_GONE_BY_OPERATOR, "Reconciliation: Task is gone"
	case a == nil || a.conn == removed:
	case a.conn == recovered:
		return
	case a.conn == unreachable:
		state, message = mesos.TASK_UNREACHABLE, "Reconciliation: Task is unreachable"
		status.UnreachableTime = &mesos.TimeInfo{Nanoseconds: a.silentAt.UnixNano()}
	default:
		state, message = mesos.TASK_GONE, "Reconciliation: Task is unknown to the agent"
	}
	if !f.partitionAware() {
		state = mesos.TASK_LOST
	}
	answer := m.masterStatus(id, agentID, state, mesos.REASON_RECONCILIATION, message)
	answer.UnreachableTime = status.UnreachableTime
	m.update(f, answer)
}

func (m *Model) someAgentMissing() bool {
	for _, a := range m.agentOrder {
		if a.conn == recovered {
			return true
		}
	}
	return false
}
