package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// removeAgent takes an agent out: its tasks end with one last status, its offers are rescinded, its executors shut down.
func (m *Model) removeAgent(a *agent, state mesos.TaskState, reason mesos.TaskStatus_Reason, message string) {
	known := a.conn
	for _, f := range m.frameworkOrder {
		last := state
		if !f.partitionAware() {
			last = mesos.TASK_LOST // the only such state that a framework of that kind knows
		}
		for _, t := range a.tasksOf(f.id) {
			m.endTask(f, t, last, reason, message)
		}
		m.dropAgentFilters(f, a)
	}
	a.setConn(removed)
	m.rescindAll(a)
	m.dropInverse(a)
	for _, e := range append([]*executor(nil), a.executors...) {
		m.doom(a, e, false)
	}
	a.orphans, a.whenBack, a.operations = nil, nil, nil
	if known == removed {
		return
	}
	for _, f := range m.frameworkOrder {
		m.failure(f, a, "", nil)
	}
}

func (m *Model) agentRemoved(id string) error {
	a, err := m.agent(id)
	if err != nil {
		return err
	}
	if !a.running || a.conn != up {
		return fmt.Errorf("agent %s is %s: only a registered agent can unregister", id, a.conn)
	}
	a.running = false
	m.removeAgent(a, mesos.TASK_LOST, mesos.REASON_AGENT_REMOVED, "Agent "+a.spec.Hostname+" removed: the agent unregistered")
	return nil
}

func (m *Model) agentLost(id string) (string, error) {
	a, err := m.agent(id)
	if err != nil {
		return "", err
	}
	if a.conn == removed { // no longer found by its address
		m.forgetAgent(a)
	}
	return m.addAgent(a.spec), nil
}

func (m *Model) markAgentGone(id string) *Refusal {
	a := m.agents[id]
	if a == nil {
		return &Refusal{Status: 404, Text: "Agent " + id + " is not known"}
	}
	m.removeAgent(a, mesos.TASK_GONE_BY_OPERATOR, mesos.REASON_AGENT_REMOVED_BY_OPERATOR, "Agent has been marked gone")
	m.markedGone[id] = true
	m.forgetAgent(a)
	return nil
}
