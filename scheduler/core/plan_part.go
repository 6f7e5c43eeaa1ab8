package core

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/google/uuid"
)

// part is what a plan order is about: the plan, some of its phases, or one step.
type part struct {
	plan   plans.Plan
	phases []plans.Phase
	step   *plans.Step
	// whole says that no phase was named.
	whole bool
}

// find looks up what an order names, by name or by id. A code that is not zero refuses the order.
func (f *frame) find(e PlanOrder) (part, int, string) {
	at := slices.IndexFunc(f.Plans, func(p plans.Plan) bool { return p.Name == e.Plan })
	if at < 0 {
		return part{}, http.StatusNotFound, fmt.Sprintf("Plan %s not found", e.Plan)
	}
	about := part{plan: f.Plans[at], phases: f.Plans[at].Phases, whole: e.Phase == ""}
	if e.Phase == "" {
		if e.Step != "" {
			return part{}, http.StatusBadRequest, "Missing phase"
		}
		return about, 0, ""
	}
	phase := slices.IndexFunc(about.phases, func(p plans.Phase) bool { return named(e.Phase, p.Name, p.ID) })
	if phase < 0 {
		return part{}, http.StatusNotFound, fmt.Sprintf("Phase %s not found", e.Phase)
	}
	about.phases = about.phases[phase : phase+1]
	if e.Step == "" {
		return about, 0, ""
	}
	step := slices.IndexFunc(about.phases[0].Steps, func(s plans.Step) bool { return named(e.Step, s.Name, s.ID) })
	if step < 0 {
		return part{}, http.StatusNotFound, fmt.Sprintf("Step %s not found", e.Step)
	}
	about.step = &about.phases[0].Steps[step]
	return about, 0, ""
}

// named compares a name or an id; what reads as a UUID is an id.
func named(wanted, name, id string) bool {
	if _, err := uuid.Parse(wanted); err == nil {
		return strings.EqualFold(wanted, id)
	}
	return wanted == name
}

// steps are all that an order is about.
func (p part) steps() []plans.Step {
	if p.step != nil {
		return []plans.Step{*p.step}
	}
	var list []plans.Step
	for _, phase := range p.phases {
		list = append(list, phase.Steps...)
	}
	return list
}

func (p part) status() plans.Status {
	switch {
	case p.step != nil:
		return p.step.Status
	case p.whole:
		return p.plan.Status
	}
	return p.phases[0].Status
}

// every asks the plan, or each of the named phases.
func (p part) every(is func(status plans.Status, interrupted bool) bool) bool {
	if p.whole {
		return is(p.plan.Status, p.plan.Interrupted)
	}
	return !slices.ContainsFunc(p.phases, func(phase plans.Phase) bool { return !is(phase.Status, phase.Interrupted) })
}

// underWay is what a continue changes nothing of.
func underWay(status plans.Status, interrupted bool) bool {
	switch status {
	case plans.Complete:
		return !interrupted
	case plans.Prepared, plans.Starting, plans.Started, plans.InProgress:
		return !interrupted
	}
	return false
}

func heldOrDone(status plans.Status, interrupted bool) bool {
	return interrupted || status == plans.Complete
}

// told is the answer to an order that may be about a step, in the SDK's words: what was not named is null.
func (p part) told(e PlanOrder) string {
	orNull := func(text string) string {
		if text == "" {
			return "null"
		}
		return text
	}
	return fmt.Sprintf("Received cmd: %s for Plan: %s, Phase: %s, Step: %s", e.Verb, e.Plan, orNull(e.Phase), orNull(e.Step))
}
