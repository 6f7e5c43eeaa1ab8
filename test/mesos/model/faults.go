package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// forwarded is a status that a framework was told.
type forwarded struct {
	framework, agent, task string
	status                 mesos.TaskStatus
}

// mostRecent is how many tasks' last statuses are kept for RepeatUpdates.
const mostRecent = 16

// noteForwarded keeps a task's last status in place of an older one: no agent sends an old state after a newer one.
func (m *Model) noteForwarded(t *task, status mesos.TaskStatus) {
	kept := m.recent[:0]
	for _, entry := range m.recent {
		if entry.framework != t.framework || entry.task != t.id() {
			kept = append(kept, entry)
		}
	}
	if len(kept) == mostRecent {
		kept = append(kept[:0], kept[1:]...)
	}
	m.recent = append(kept, forwarded{t.framework, t.agent.id, t.id(), status})
}

// repeatUpdates is an agent that sends again what it has no acknowledgement of yet: the two crossed on their way, so that
// a master forwards the status once more (master's source: Master::statusUpdate forwards before it looks the task up).
func (m *Model) repeatUpdates() {
	for _, entry := range m.recent {
		a, f := m.agents[entry.agent], m.frameworks[entry.framework]
		if a != nil && f != nil && a.conn == up {
			m.update(f, entry.status)
		}
	}
}

// snatchBack rescinds offers that have just been made, while RescindNext wants it.
func (m *Model) snatchBack(made []mesos.Offer) {
	for n := range made {
		if m.snatch == 0 {
			return
		}
		m.snatch--
		m.rescind(m.offers[made[n].ID.Value])
	}
}

func (m *Model) rescindOffers(agentID string) error {
	if agentID != "" {
		a, err := m.agent(agentID)
		if err != nil {
			return err
		}
		m.rescindAll(a)
		return nil
	}
	for _, a := range m.agentOrder {
		m.rescindAll(a)
	}
	return nil
}

// planAbsence changes one agent's machine in the schedule: a nil window takes it out.
func (m *Model) planAbsence(agentID string, window *Window) error {
	a, err := m.agent(agentID)
	if err != nil {
		return err
	}
	var schedule []Window
	for _, other := range m.schedule {
		if windowOf([]Window{other}, a.spec) == nil {
			schedule = append(schedule, other)
		}
	}
	if window != nil {
		window.Hostname, window.IP = a.spec.Hostname, a.spec.IP
		schedule = append(schedule, *window)
	}
	return asError(m.maintenance(schedule))
}

// asError is a refusal as an error: a nil *Refusal is no nil error.
func asError(refusal *Refusal) error {
	if refusal == nil {
		return nil
	}
	return refusal
}

// slowOffers sets the time between passes that come.
func (m *Model) slowOffers(interval time.Duration) {
	if interval > 0 {
		m.options.AllocationInterval = interval
	}
}
