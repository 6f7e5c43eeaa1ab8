package model

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// offer is an outstanding offer.
type offer struct {
	id        string
	framework *framework
	agent     *agent
	role      string
	resources pile.Pile
}

// makeOffer takes resources out of an agent's free ones and returns the offer as the framework gets it.
func (m *Model) makeOffer(f *framework, a *agent, role string, resources pile.Pile) mesos.Offer {
	o := &offer{id: m.newOfferID(), framework: f, agent: a, role: role, resources: resources}
	m.offers[o.id] = o
	a.offers = append(a.offers, o)
	a.free, _ = a.free.Minus(resources)
	message := o.message()
	if !m.edition.Regions {
		message.Domain = nil
	}
	return message
}

func (o *offer) message() mesos.Offer {
	a := o.agent
	message := mesos.Offer{
		ID: mesos.OfferID{Value: o.id}, FrameworkID: mesos.FrameworkID{Value: o.framework.id},
		AgentID: mesos.AgentID{Value: a.id}, Hostname: a.spec.Hostname, URL: a.url(), Domain: domain(a.spec.Region, a.spec.Zone),
		Resources:      o.resources.Resources(pile.Format{AllocatedTo: o.role, Legacy: o.framework.legacy()}),
		Attributes:     a.spec.Attributes,
		AllocationInfo: &mesos.Resource_AllocationInfo{Role: &o.role},
	}
	for _, e := range a.executors {
		if e.key.framework == o.framework.id && e.named {
			message.ExecutorIDs = append(message.ExecutorIDs, e.info.ExecutorID)
		}
	}
	if a.window != nil {
		u := a.window.unavailability()
		message.Unavailability = &u
	}
	return message
}

func (a *agent) url() *mesos.URL {
	return &mesos.URL{Scheme: "http", Path: text("/slave(1)"),
		Address: mesos.Address{Hostname: &a.spec.Hostname, IP: &a.spec.IP, Port: a.spec.Port}}
}

// takeOffer ends an offer; its resources belong to the caller.
func (m *Model) takeOffer(o *offer) {
	delete(m.offers, o.id)
	list := o.agent.offers
	for n := range list {
		if list[n] == o {
			o.agent.offers = append(list[:n], list[n+1:]...)
			return
		}
	}
}

// dropOffer ends an offer and frees its resources.
func (m *Model) dropOffer(o *offer) {
	m.takeOffer(o)
	m.giveBack(o.agent, o.resources)
}

// rescind takes an offer back and says so.
func (m *Model) rescind(o *offer) {
	m.dropOffer(o)
	m.send(o.framework, &scheduler.Event{Type: scheduler.Event_RESCIND,
		Rescind: &scheduler.Event_Rescind{OfferID: mesos.OfferID{Value: o.id}}})
}

// rescindAll takes back every offer of an agent.
func (m *Model) rescindAll(a *agent) {
	for _, o := range append([]*offer(nil), a.offers...) {
		m.rescind(o)
	}
}

// offersOf returns the outstanding offers that a test holds for, in a fixed order.
func (m *Model) offersOf(wanted func(*offer) bool) []*offer {
	var list []*offer
	for _, a := range m.agentOrder {
		for _, o := range a.offers {
			if wanted(o) {
				list = append(list, o)
			}
		}
	}
	return list
}

// decline ends offers; ids that are no longer valid are passed over without a word.
func (m *Model) decline(f *framework, call *scheduler.Call_Decline) {
	for _, id := range call.OfferIDs {
		o := m.offers[id.Value]
		if o == nil || o.framework != f {
			continue
		}
		m.dropOffer(o)
		m.refuse(f, o.agent, o.role, o.resources, m.refusal(call.Filters))
	}
}

// suppress stops offers to roles (all when none is named); roles the framework does not have are passed over.
func (m *Model) suppress(f *framework, roles []string) {
	for _, role := range f.named(roles) {
		f.suppressed[role] = true
	}
}

// revive clears filters of roles (all when none is named) and offers at once.
func (m *Model) revive(f *framework, roles []string) {
	named := f.named(roles)
	if len(named) == 0 {
		return
	}
	for _, role := range named {
		delete(f.suppressed, role)
		f.clearFilters(role)
	}
	clear(f.inverse)
	m.allocate(m.agentOrder)
}

// named returns the framework's own roles among those of a call.
func (f *framework) named(roles []string) []string {
	if len(roles) == 0 {
		return f.roles()
	}
	wanted := setOf(roles)
	var own []string
	for _, role := range f.roles() {
		if wanted[role] {
			own = append(own, role)
		}
	}
	return own
}
