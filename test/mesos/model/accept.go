package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// acceptance is one ACCEPT while its operations are carried out in order.
type acceptance struct {
	framework *framework
	agent     *agent
	role      string
	offered   pile.Pile // before the first operation
	left      pile.Pile // what the operations so far have left
}

func (m *Model) accept(f *framework, call *scheduler.Call_Accept) {
	offers, problem := m.offersToAccept(f, call.OfferIDs)
	if problem != "" {
		for _, o := range offers {
			m.dropOffer(o) // they are used up, without a filter
		}
		m.dropOperations(f, call.Operations, problem)
		return
	}
	x := &acceptance{framework: f, agent: offers[0].agent, role: offers[0].role}
	for _, o := range offers {
		m.takeOffer(o)
		x.offered = x.offered.Plus(o.resources)
	}
	x.left = x.offered
	for n := range call.Operations {
		m.operation(x, &call.Operations[n])
	}
	// What operations made is free at once; what was not used is refused by the call's filter (master's source: speculatively
	// converted and implicitly declined resources).
	m.refuse(f, x.agent, x.role, x.left.Common(x.offered), m.refusal(call.Filters))
	m.giveBack(x.agent, x.left)
}

// offersToAccept returns the valid offers among ids and what is wrong with the whole, or "".
func (m *Model) offersToAccept(f *framework, ids []mesos.OfferID) ([]*offer, string) {
	if len(ids) == 0 {
		return nil, "No offers specified"
	}
	var offers []*offer
	problem := ""
	note := func(format string, args ...any) {
		if problem == "" {
			problem = fmt.Sprintf(format, args...)
		}
	}
	seen := map[string]bool{}
	for _, id := range ids {
		o := m.offers[id.Value]
		switch {
		case seen[id.Value]:
			note("Duplicate offer %s in offer list", id.Value)
		case o == nil:
			note("Offer %s is no longer valid", id.Value)
		case o.framework != f:
			note("Offer %s has invalid framework %s while framework %s is expected", id.Value, o.framework.id, f.id)
		default:
			offers = append(offers, o)
		}
		seen[id.Value] = true
	}
	for _, o := range offers {
		if o.role != offers[0].role {
			note("Aggregated offers must be allocated to the same role. Offer %s uses role '%s' but another is using role '%s'",
				o.id, o.role, offers[0].role)
		}
		if o.agent != offers[0].agent {
			note("Aggregated offers must belong to one single agent. Offer %s uses agent %s and agent %s",
				o.id, o.agent.id, offers[0].agent.id)
		}
	}
	return offers, problem
}

// dropOperations answers the operations of an ACCEPT whose offers are no good.
func (m *Model) dropOperations(f *framework, operations []mesos.Offer_Operation, problem string) {
	state := mesos.TASK_DROPPED
	if !f.partitionAware() {
		state = mesos.TASK_LOST
	}
	for n := range operations {
		op := &operations[n]
		switch op.Type {
		case mesos.Offer_Operation_LAUNCH, mesos.Offer_Operation_LAUNCH_GROUP:
			for _, info := range tasksOf(op) {
				agentID := info.AgentID
				m.update(f, m.masterStatus(info.TaskID, &agentID, state, mesos.REASON_INVALID_OFFERS,
					"Task launched with invalid offers: "+problem))
			}
		default:
			m.operationError(f, op, problem)
		}
	}
}

func tasksOf(op *mesos.Offer_Operation) []mesos.TaskInfo {
	if op.Launch != nil {
		return op.Launch.TaskInfos
	}
	return op.LaunchGroup.GetTaskGroup().Tasks
}

// operation carries out one operation of an acceptance.
func (m *Model) operation(x *acceptance, op *mesos.Offer_Operation) {
	switch op.Type {
	case mesos.Offer_Operation_LAUNCH:
		for n := range tasksOf(op) {
			m.launchTask(x, tasksOf(op)[n])
		}
	case mesos.Offer_Operation_LAUNCH_GROUP:
		if op.LaunchGroup != nil {
			m.launchGroup(x, op.LaunchGroup)
		}
	default:
		c, problem, located := m.edition.convert(op, x.agent, x.role, x.framework.info.Principal)
		if located {
			problem += "; on agent " + x.agent.where()
		}
		if problem == "" {
			rest, ok := x.left.Minus(c.consumed)
			if !ok {
				problem = x.left.Text(x.role) + " does not contain " + c.consumed.Text(x.role)
			} else {
				x.left = rest.Plus(c.produced)
			}
		}
		m.noteTrespass(x, op.Type.String(), c.consumed)
		if problem != "" {
			m.operationError(x.framework, op, problem)
			return
		}
		m.apply(x.agent, c)
		m.operationFinished(x.framework, x.agent, op)
	}
}
