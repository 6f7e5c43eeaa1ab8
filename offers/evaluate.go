package offers

import (
	"errors"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers/placement"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Evaluate looks for the first offer of the list that serves the requirement. The list must be merged (Merge), and an
// offer may be used for one match only. A requirement in place is answered by an offer of its agent alone; the offers
// of other agents are passed over without a refusal.
//
// A new place takes unreserved resources of the agent itself: no revocable and no shared ones, none of a storage
// provider, none that is offered to another role.
func Evaluate(req tasks.Requirement, list []Offer, ids *tasks.IDs) Outcome {
	return newEvaluation(req, ids).run(list)
}

// evaluation is one requirement, with everything worked out that does not depend on the offer.
type evaluation struct {
	req    tasks.Requirement
	ids    *tasks.IDs
	want   want
	rule   placement.Rule
	census *placement.Census
	// malformed are causes that hold for every agent.
	malformed []Cause
	// free, causes and numbers are used again for each offer.
	free    free
	causes  []Cause
	numbers []uint64
	block   []Cause
}

func newEvaluation(req tasks.Requirement, ids *tasks.IDs) *evaluation {
	e := &evaluation{req: req, ids: ids, want: wantOf(req)}
	e.malformed = e.want.faults()
	if req.InPlace() {
		return e
	}
	rule, err := placement.Parse(req.Placement)
	if err != nil {
		var faults *placement.ParseError
		if errors.As(err, &faults) {
			for _, fault := range faults.Faults {
				e.malformed = append(e.malformed, Cause{Kind: Malformed, Name: "placement", Detail: fault.Problem(), Advice: fault.Remedy})
			}
		}
	}
	e.rule = rule
	e.census = rule.Census(req.Pod.Type, req.Others)
	return e
}

func (e *evaluation) run(list []Offer) Outcome {
	outcome := Outcome{Index: -1}
	for i := range list {
		offer := &list[i]
		if e.req.InPlace() && !e.home(offer) {
			continue
		}
		match := e.look(offer)
		if match != nil {
			outcome.Match, outcome.Index = match, i
			return outcome
		}
		if outcome.Refusals == nil {
			outcome.Refusals = make([]Refusal, 0, len(list)-i)
		}
		outcome.Refusals = append(outcome.Refusals, Refusal{
			AgentID: offer.Agent.ID, Hostname: offer.Agent.Hostname, Causes: e.keep(len(list) - i),
		})
	}
	return outcome
}

// home says that an offer is of the agent on which the pod has its reservations. An agent that lost its identity comes
// back under a new id with the reservations it had: those say who it is.
func (e *evaluation) home(offer *Offer) bool {
	if offer.Agent.ID == e.req.AgentID {
		return true
	}
	for i := range offer.Resources {
		resource := &offer.Resources[i]
		if resource.Unreserved() {
			continue
		}
		id := resource.Label(tasks.LabelResourceID)
		if id != "" && slices.ContainsFunc(e.req.Held, func(held tasks.Held) bool { return held.ID() == id }) {
			return true
		}
	}
	return false
}

// look evaluates one offer. Without a match the causes are in e.causes.
func (e *evaluation) look(offer *Offer) *Match {
	e.causes = append(e.causes[:0], e.malformed...)
	e.free.count(offer, e.req.Role)
	if e.req.InPlace() {
		return e.stay(offer)
	}
	return e.fresh(offer)
}

// keep copies the causes out of the space that the next offer needs again. Copies lie next to each other in blocks,
// because thousands of small ones cost more than the evaluation itself; more is how many offers are still to come.
func (e *evaluation) keep(more int) []Cause {
	count := len(e.causes)
	if cap(e.block)-len(e.block) < count {
		e.block = make([]Cause, 0, max(count, min(more*count, 256)))
	}
	start := len(e.block)
	e.block = append(e.block, e.causes...)
	return e.block[start:len(e.block):len(e.block)]
}

func (e *evaluation) refuse(cause Cause) { e.causes = append(e.causes, cause) }
