package model

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// removeAgent takes an agent out: its tasks end with one last status, its offers are rescinded, its executors shut down.
func (m *Model) removeAgent(a *agent, state mesos.TaskState, reason mesos.TaskStatus_Reason, message string) {
	known := a.conn
	for _, f := range m.frameworkOrder {
		last := state
		if !f.partitionAware() {
			last = mesos.TASK_LOST // the only such state that a framework of that kind knows
		}
		for _, t := range f.tasksLostWith(a) {
			m.endTask(f, t, last, reason, message)
			delete(f.unreachable, t.id())
		}
		m.dropAgentFilters(f, a)
		delete(f.inverse, a.id)
	}
	a.setConn(removed)
	m.rescindAll(a)
	m.dropInverse(a)
	for _, e := range append([]*executor(nil), a.executors...) {
		m.doom(a, e, false)
	}
	a.orphans, a.whenBack, a.operations = nil, nil, nil
	if known != up && known != down {
		return // its FAILURE was sent before, or belonged to an earlier master
	}
	for _, f := range m.frameworkOrder {
		m.failure(f, a, "", nil)
	}
}

// tasksLostWith returns the tasks that a framework is told about when an agent goes for good: what runs there, or, of an
// agent out of reach, what this master knows to have run there. Of one that is not back after a fail-over it knows nothing
// (master's source: Master::markGone).
func (f *framework) tasksLostWith(a *agent) []*task {
	switch a.conn {
	case recovered:
		return nil
	case unreachable:
		var list []*task
		for _, id := range slices.Sorted(maps.Keys(f.unreachable)) { // in a fixed order
			if f.unreachable[id].agent == a {
				list = append(list, f.unreachable[id])
			}
		}
		return list
	}
	return a.tasksOf(f.id)
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

func (m *Model) agentLost(id string, keep bool) (string, error) {
	a, err := m.agent(id)
	if err != nil {
		return "", err
	}
	if a.lost {
		return "", fmt.Errorf("agent %s: another one runs at its address already", id)
	}
	if a.conn == removed { // no longer found by its address
		m.forgetAgent(a)
	}
	spec := a.spec
	if keep {
		spec.Resources = a.total.Resources(pile.Format{})
	}
	id = m.addAgent(spec)
	m.agents[id].spec = a.spec // what it would have without its reservations
	return id, nil
}

func (m *Model) markAgentGone(id string) *Refusal {
	if m.markedGone[id] {
		return nil
	}
	a := m.agents[id]
	if a == nil || a.conn == removed {
		return &Refusal{Status: http.StatusNotFound, Text: "Agent '" + id + "' not found"}
	}
	m.removeAgent(a, mesos.TASK_GONE_BY_OPERATOR, mesos.REASON_AGENT_REMOVED_BY_OPERATOR, "Agent has been marked gone")
	m.markedGone[id] = true
	m.forgetAgent(a)
	return nil
}
