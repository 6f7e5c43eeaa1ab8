package model

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// nominate has the next allocation pass look at an agent.
func (m *Model) nominate(a *agent) {
	m.candidates[a.id] = true
	if m.batchSet {
		return
	}
	m.batchSet = true
	interval := m.options.AllocationInterval
	passes := m.now.Sub(m.elected)/interval + 1
	m.at(m.elected.Add(passes*interval), m.batch)
}

// batch is the pass at a multiple of the allocation interval.
func (m *Model) batch() {
	m.batchSet = false
	var agents []*agent
	for _, a := range m.agentOrder {
		if m.candidates[a.id] {
			agents = append(agents, a)
		}
	}
	clear(m.candidates)
	m.allocate(agents)
}

// claim is one framework's one role that wants offers.
type claim struct {
	framework *framework
	role      string
}

// allocate offers what is free on these agents, all of an agent that a role may use to one framework, the poorest role
// and framework first (dominant share).
func (m *Model) allocate(agents []*agent) {
	var claims []claim
	for _, f := range m.frameworkOrder {
		for _, role := range f.roles() {
			if f.stream != "" && !f.suppressed[role] {
				claims = append(claims, claim{f, role})
			}
		}
	}
	offered := map[*framework][]mesos.Offer{}
	shares := m.shares(len(claims))
	for _, a := range agents {
		if a.conn != up || a.deactivated || len(a.free) == 0 {
			continue
		}
		shares.sort(claims)
		for _, c := range claims {
			if !c.mayBeOffered(a, m.region()) {
				continue
			}
			resources := c.usable(a.free)
			if !m.allocatable(resources) || c.framework.refuses(a, c.role, resources) {
				continue
			}
			offered[c.framework] = append(offered[c.framework], m.makeOffer(c.framework, a, c.role, resources))
			shares.add(c, resources)
		}
	}
	for _, f := range m.frameworkOrder {
		if len(offered[f]) > 0 {
			m.send(f, &scheduler.Event{Type: scheduler.Event_OFFERS, Offers: &scheduler.Event_Offers{Offers: offered[f]}})
			m.snatchBack(offered[f])
		}
	}
	m.inverseOfferAll(agents)
}

// region is the master's own, "" where there are none.
func (m *Model) region() string {
	if !m.edition.Regions {
		return ""
	}
	return m.options.Region
}

// mayBeOffered keeps agents of another region from frameworks that do not know about regions.
func (c claim) mayBeOffered(a *agent, masterRegion string) bool {
	if a.spec.Region == "" || masterRegion == "" || a.spec.Region == masterRegion {
		return true
	}
	return c.framework.has(mesos.FrameworkInfo_Capability_REGION_AWARE)
}

// usable picks what may be allocated to the claim, in the order the master lists it: ranges, reservations, scalars.
func (c claim) usable(free pile.Pile) pile.Pile {
	usable := make(pile.Pile, 0, len(free))
	legacy := c.framework.legacy()
	for _, wanted := range []kind{rangeKind, reservedKind, scalarKind} {
		for n := range free {
			if kindOf(&free[n]) != wanted || wanted == reservedKind && !mayUse(free[n].Role(), c.role) {
				continue
			}
			if legacy && len(free[n].Reservations()) > 1 {
				continue // it could not be written down for this framework
			}
			usable = append(usable, free[n])
		}
	}
	return usable
}

// kind is where in an offer a resource stands.
type kind int

const (
	rangeKind kind = iota
	reservedKind
	scalarKind
)

func kindOf(item *pile.Item) kind {
	switch {
	case len(item.Reservations()) > 0:
		return reservedKind
	case item.IsScalar():
		return scalarKind
	}
	return rangeKind
}

func (m *Model) allocatable(p pile.Pile) bool {
	return p.Scalar("cpus") >= m.options.MinAllocatableCPUs || p.Scalar("mem") >= m.options.MinAllocatableMem
}
