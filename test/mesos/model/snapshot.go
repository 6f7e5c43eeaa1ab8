package model

import (
	"sort"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

func (m *Model) state() State {
	if m.known == nil {
		s := m.snapshot()
		m.known = &s
	}
	return *m.known
}

func (m *Model) snapshot() State {
	s := State{MasterID: m.masterID, Version: m.options.Version, Elected: m.elected}
	for _, a := range m.agentOrder {
		s.Agents = append(s.Agents, a.state())
	}
	for _, f := range m.frameworkOrder {
		s.Frameworks = append(s.Frameworks, m.frameworkState(f))
	}
	for _, f := range m.completed {
		s.Completed = append(s.Completed, m.frameworkState(f))
	}
	return s
}

func (a *agent) state() AgentState {
	s := AgentState{ID: a.id, Spec: a.spec, Registered: a.registered, Connection: string(a.conn), Deactivated: a.deactivated,
		Drain: a.drain, Total: a.totalList()}
	var used, offered pile.Pile
	for _, e := range a.executors {
		used = used.Plus(e.resources)
		for _, t := range e.tasks {
			if !t.released {
				used = used.Plus(t.resources)
			}
			s.PendingUpdates += len(t.queue)
		}
	}
	for _, t := range a.orphans {
		if !t.released {
			used = used.Plus(t.resources)
		}
		s.PendingUpdates += len(t.queue)
	}
	for _, o := range a.offers {
		offered = offered.Plus(o.resources)
	}
	s.Used, s.Offered = used.Resources(pile.Format{}), offered.Resources(pile.Format{})
	return s
}

// totalList writes the total down once for as long as it stays the same: piles are values, and a changed one is another slice.
func (a *agent) totalList() []mesos.Resource {
	if a.list == nil || len(a.listed) != len(a.total) || len(a.total) > 0 && &a.listed[0] != &a.total[0] {
		a.listed, a.list = a.total, a.total.Resources(pile.Format{})
	}
	return a.list
}

func (m *Model) frameworkState(f *framework) FrameworkState {
	s := FrameworkState{ID: f.id, Info: f.info, Subscribed: f.subscribed, Connected: f.stream != "", StreamID: f.stream,
		Completed: append([]TaskState(nil), f.completed...)}
	for role, on := range f.suppressed {
		if on {
			s.Suppressed = append(s.Suppressed, role)
		}
	}
	sort.Strings(s.Suppressed)
	for _, o := range m.offersOf(func(o *offer) bool { return o.framework == f }) {
		s.Offers = append(s.Offers, o.message())
	}
	for _, t := range f.taskOrder {
		s.Tasks = append(s.Tasks, t.state())
	}
	return s
}
