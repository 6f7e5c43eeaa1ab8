package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// conversion is what RESERVE, UNRESERVE, CREATE and DESTROY do: resources of one kind become resources of another.
type conversion struct{ consumed, produced pile.Pile }

// convert works out an operation. role is the allocation's role, empty for the operator; principal is who asks, nil for an
// unauthenticated operator. The problem is worded as the master does, "" when there is none. Whether the consumed resources
// are there is the caller's question. located says that a framework is also told on which agent.
func (e Edition) convert(op *mesos.Offer_Operation, a *agent, role string, principal *string) (c conversion, problem string, located bool) {
	resources, ok := operands(op)
	if !ok {
		return c, fmt.Sprintf("Operation %s is not supported", op.Type), false
	}
	items := make([]pile.Item, 0, len(resources))
	for _, r := range e.read(resources) {
		item, err := pile.New(r)
		if err != nil {
			return c, "Operation attempted with invalid resources: " + err.Error(), false
		}
		for _, reservation := range item.Reservations() {
			if reservation.GetType() == mesos.Resource_ReservationInfo_UNKNOWN {
				return c, fmt.Sprintf("Operation attempted with invalid resources: Resource '%s' is invalid: "+
					"Invalid reservation: 'Resource.ReservationInfo.type' field must be set.", item.Text(role)), false
			}
		}
		items = append(items, item)
	}
	created := map[string]bool{}
	for _, item := range items {
		var from, to pile.Item
		switch op.Type {
		case mesos.Offer_Operation_RESERVE:
			from, to, problem = reserve(item, role, principal)
		case mesos.Offer_Operation_UNRESERVE:
			from, to, problem = unreserve(item, role)
		case mesos.Offer_Operation_CREATE:
			from, to, problem = create(item, a, created, principal)
		default:
			from, to, problem = destroy(item, a)
		}
		if problem != "" {
			return conversion{}, problem, true
		}
		c.consumed, c.produced = c.consumed.PlusItem(from), c.produced.PlusItem(to)
	}
	return c, "", false
}

func operands(op *mesos.Offer_Operation) ([]mesos.Resource, bool) {
	switch op.Type {
	case mesos.Offer_Operation_RESERVE:
		return op.Reserve.GetResources(), op.Reserve != nil
	case mesos.Offer_Operation_UNRESERVE:
		return op.Unreserve.GetResources(), op.Unreserve != nil
	case mesos.Offer_Operation_CREATE:
		return op.Create.GetVolumes(), op.Create != nil
	case mesos.Offer_Operation_DESTROY:
		return op.Destroy.GetVolumes(), op.Destroy != nil
	}
	return nil, false
}

// apply makes a conversion part of what the agent has.
func (m *Model) apply(a *agent, c conversion) {
	rest, ok := a.total.Minus(c.consumed)
	if !ok { // what was offered or free is part of the total
		panic(fmt.Sprintf("agent %s: %s is not part of %s", a.id, c.consumed.Text(""), a.total.Text("")))
	}
	a.total = rest.Plus(c.produced)
	for _, item := range c.consumed {
		if item.IsVolume() {
			m.emit(DestroyVolume{AgentID: a.id, Volume: pile.Pile{item}.Resources(pile.Format{})[0]})
		}
	}
	for _, item := range c.produced {
		if item.IsVolume() {
			m.emit(CreateVolume{AgentID: a.id, Volume: pile.Pile{item}.Resources(pile.Format{})[0]})
		}
	}
}
