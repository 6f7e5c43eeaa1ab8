package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func (m *Model) agentReturn(id string) error {
	a, err := m.agent(id)
	if err != nil {
		return err
	}
	switch {
	case a.running:
		return fmt.Errorf("agent %s is running", id)
	case a.lost:
		return fmt.Errorf("agent %s cannot come back: its metadata is lost", id)
	}
	a.running = true
	switch a.conn {
	case down:
		a.setConn(up)
		m.nominate(a)
		m.resume(a)
	case recovered:
		m.reregister(a)
	default:
		before := a.conn
		a.setConn(up)
		m.adoptTasks(a, before == unreachable)
		a.recount()
		m.allocate([]*agent{a})
		m.resume(a)
	}
	return nil
}

// adoptTasks puts what runs on a returning agent back into the master's books.
func (m *Model) adoptTasks(a *agent, announce bool) {
	adopt := func(t *task) {
		f := m.frameworks[t.framework]
		if f == nil {
			f = m.recoverFramework(t.executor)
		}
		if f.tasks[t.id()] != nil {
			return
		}
		f.addTask(t)
		delete(f.unreachable, t.id())
		if !announce {
			return
		}
		status := m.masterStatus(t.info.TaskID, &mesos.AgentID{Value: a.id}, t.latest, mesos.REASON_AGENT_REREGISTERED,
			"Unreachable agent re-reregistered") // the spelling is the master's
		if t.executor.named {
			status.ExecutorID = &mesos.ExecutorID{Value: t.executor.key.executor}
		}
		if s := t.seen; s != nil {
			status.State, status.Healthy, status.CheckStatus, status.ContainerStatus = s.State, s.Healthy, s.CheckStatus, s.ContainerStatus
		}
		m.update(f, status)
	}
	for _, e := range a.executors {
		for _, t := range e.tasks {
			adopt(t)
		}
	}
	for _, t := range a.orphans {
		adopt(t)
	}
}

// resume delivers what waited while the agent or the master was away.
func (m *Model) resume(a *agent) {
	for _, e := range a.executors {
		for _, t := range e.tasks {
			if len(t.queue) > 0 {
				m.sendUpdate(t)
			}
		}
	}
	for _, t := range a.orphans {
		if len(t.queue) > 0 {
			m.sendUpdate(t)
		}
	}
	waiting := a.whenBack
	a.whenBack = nil
	for _, do := range waiting {
		do()
	}
}
