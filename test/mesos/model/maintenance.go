package model

import (
	"maps"
	"slices"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// inverseOffer asks a framework to leave an agent for a while.
type inverseOffer struct {
	framework *framework
	agent     *agent
}

func (m *Model) maintenance(schedule []Window) *Refusal {
	for _, w := range schedule {
		if w.Hostname == "" && w.IP == "" {
			return badRequest("Machine must have at least one of 'hostname' or 'ip' set")
		}
		if w.Duration < 0 {
			return badRequest("Unavailability 'duration' is negative")
		}
	}
	m.schedule = append([]Window(nil), schedule...)
	for _, a := range m.agentOrder {
		a.window = windowOf(m.schedule, a.spec)
		m.rescindAll(a) // of every agent, in the schedule or not (observed in the drain scenario)
		m.dropInverse(a)
		for _, f := range m.frameworkOrder { // everybody is to think again (master's source)
			delete(f.inverse, a.id)
		}
	}
	m.allocate(m.agentOrder)
	return nil
}

func windowOf(schedule []Window, spec AgentSpec) *Window {
	for _, w := range schedule {
		if (w.Hostname == "" || strings.EqualFold(w.Hostname, spec.Hostname)) && (w.IP == "" || w.IP == spec.IP) {
			return &w
		}
	}
	return nil
}

func (w *Window) unavailability() mesos.Unavailability {
	u := mesos.Unavailability{Start: mesos.TimeInfo{Nanoseconds: w.Start.UnixNano()}}
	if w.Duration > 0 {
		u.Duration = &mesos.DurationInfo{Nanoseconds: w.Duration.Nanoseconds()}
	}
	return u
}

// inverseOfferAll asks frameworks to leave agents that are due for maintenance, where they have something running or on offer
// (master's source: generateInverseOffers) and have not been asked or have answered long enough ago.
func (m *Model) inverseOfferAll(agents []*agent) {
	for _, a := range agents {
		if a.window == nil || a.conn != up {
			continue
		}
		for _, f := range m.frameworkOrder {
			if f.stream == "" || !a.concerns(f) || m.asked(f, a) || f.inverse[a.id].After(m.now) {
				continue
			}
			id := m.newOfferID()
			m.inverseOffers[id] = &inverseOffer{framework: f, agent: a}
			m.send(f, &scheduler.Event{Type: scheduler.Event_INVERSE_OFFERS, InverseOffers: &scheduler.Event_InverseOffers{
				InverseOffers: []mesos.InverseOffer{{
					OfferID: mesos.OfferID{Value: id}, URL: a.url(), FrameworkID: mesos.FrameworkID{Value: f.id},
					AgentID: &mesos.AgentID{Value: a.id}, Unavailability: a.window.unavailability(),
				}}}})
		}
	}
}

// concerns tells whether a framework has something to lose on an agent.
func (a *agent) concerns(f *framework) bool {
	for _, e := range a.executors {
		if e.key.framework == f.id {
			return true
		}
	}
	for _, o := range a.offers {
		if o.framework == f {
			return true
		}
	}
	return len(a.tasksOf(f.id)) > 0
}

func (m *Model) asked(f *framework, a *agent) bool {
	for _, o := range m.inverseOffers {
		if o.framework == f && o.agent == a {
			return true
		}
	}
	return false
}

// answerInverse takes ACCEPT_INVERSE_OFFERS and DECLINE_INVERSE_OFFERS: the master only notes them.
func (m *Model) answerInverse(f *framework, ids []mesos.OfferID, filters *mesos.Filters) {
	for _, id := range ids {
		o := m.inverseOffers[id.Value]
		if o == nil || o.framework != f {
			continue
		}
		delete(m.inverseOffers, id.Value)
		wait := max(m.refusal(filters), m.options.AllocationInterval)
		f.inverse[o.agent.id] = m.now.Add(wait)
		m.after(wait, func() { m.nominate(o.agent) })
	}
}

// dropInverse takes inverse offers of an agent back.
func (m *Model) dropInverse(a *agent) {
	for _, id := range slices.Sorted(maps.Keys(m.inverseOffers)) { // in a fixed order
		o := m.inverseOffers[id]
		if o.agent != a {
			continue
		}
		delete(m.inverseOffers, id)
		m.send(o.framework, &scheduler.Event{Type: scheduler.Event_RESCIND_INVERSE_OFFER,
			RescindInverseOffer: &scheduler.Event_RescindInverseOffer{InverseOfferID: mesos.OfferID{Value: id}}})
	}
}
