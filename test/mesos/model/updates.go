package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

func (m *Model) executorReports(agentID, frameworkID string, status mesos.TaskStatus) error {
	if m.goneAgents[agentID] || m.removed[frameworkID] {
		return nil
	}
	a, err := m.agent(agentID)
	if err != nil {
		return err
	}
	if status.State == nil {
		return fmt.Errorf("status of task %q on agent %s has no state", status.TaskID.Value, agentID)
	}
	if !a.running {
		a.whenBack = append(a.whenBack, func() { m.reported(a, frameworkID, status) })
		return nil
	}
	return m.reported(a, frameworkID, status)
}

// reported takes an executor's status on the agent's side.
func (m *Model) reported(a *agent, frameworkID string, status mesos.TaskStatus) error {
	t := a.task(frameworkID, status.TaskID.Value)
	if t == nil {
		if a.isDoomed(frameworkID) {
			return nil
		}
		return fmt.Errorf("status %s: agent %s has no task %q of framework %s", status.GetState(), a.id, status.TaskID.Value, frameworkID)
	}
	if isTerminal(t.latest) {
		return nil // an executor's second last word; a real agent drops it too
	}
	if status.GetState() == mesos.TASK_STARTING && !m.edition.Starting {
		return nil
	}
	status = m.completeStatus(t, status)
	if !m.edition.Checks {
		status.CheckStatus = nil
	}
	m.enqueue(t, status)
	return nil
}

// enqueue gives a status its uuid and puts it into the task's stream.
func (m *Model) enqueue(t *task, s mesos.TaskStatus) {
	id := m.uuid()
	s.UUID = id[:]
	s.Timestamp = m.timestamp()
	t.latest = s.GetState()
	t.queue = append(t.queue, s)
	if len(t.queue) == 1 {
		m.sendUpdate(t)
	}
}

// sendUpdate sends the first unacknowledged status, and again after 10 s, 20 s … until it is acknowledged.
func (m *Model) sendUpdate(t *task) {
	t.attempt++
	wait := m.options.UpdateRetryMin
	attempt := t.attempt
	var again func()
	again = func() {
		if t.attempt != attempt || len(t.queue) == 0 {
			return
		}
		m.forward(t)
		wait = min(2*wait, m.options.UpdateRetryMax)
		m.after(wait, again)
	}
	m.forward(t)
	m.after(wait, again)
}

// forward is the way of the first status from agent to master to framework.
func (m *Model) forward(t *task) {
	if t.agent.conn != up || len(t.queue) == 0 {
		return
	}
	f := m.frameworks[t.framework]
	if f == nil {
		return
	}
	if m.lose > 0 {
		m.lose--
		return
	}
	status := t.queue[0]
	t.remember(status)
	m.noteForwarded(t, status)
	if isTerminal(t.latest) && !t.released {
		t.released = true
		m.giveBack(t.agent, t.resources)
	}
	m.update(f, status)
}

func (m *Model) update(f *framework, status mesos.TaskStatus) {
	m.send(f, &scheduler.Event{Type: scheduler.Event_UPDATE, Update: &scheduler.Event_Update{Status: status}})
}

// acknowledge takes the acknowledgement of a status; one that does not fit is dropped without a word.
func (m *Model) acknowledge(f *framework, ack *scheduler.Call_Acknowledge) {
	a := m.agents[ack.AgentID.Value]
	if a == nil || a.conn != up {
		return
	}
	t := a.task(f.id, ack.TaskID.Value)
	if t == nil || len(t.queue) == 0 || string(t.queue[0].UUID) != string(ack.UUID) {
		return
	}
	state := t.queue[0].GetState()
	t.queue = t.queue[1:]
	t.attempt++
	if isTerminal(state) {
		t.queue = nil
		a.dropTask(t)
		f.dropTask(t)
		m.checkDrained(a)
		return
	}
	if len(t.queue) > 0 {
		m.sendUpdate(t)
	}
}
