package core

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/google/uuid"
)

// alreadyDone is the SDK's answer to an order that changes nothing (HTTP 208).
const alreadyDone = "Command has already been reported or completed"

// part is what a plan order is about: the plan, some of its phases, or one step.
type part struct {
	plan   plans.Plan
	phases []plans.Phase
	step   *plans.Step
	// whole says that no phase was named.
	whole bool
}

// planOrder takes what a person wants of a plan, by the rules of the SDK (section 6.1). What it changes is stored.
func (f *frame) planOrder(e PlanOrder) {
	about, code, message := f.find(e)
	if code != 0 {
		f.reply(e.Request, code, message)
		return
	}
	changed := false
	switch e.Verb {
	case PlanStart:
		if len(e.Params) > 0 {
			f.reply(e.Request, http.StatusBadRequest, fmt.Sprintf("Plan %s takes no parameters, got %s", e.Plan, braced(e.Params)))
			return
		}
		if about.plan.Status == plans.Complete {
			f.reset(about)
		}
		f.hold(about, false)
		changed, message = true, fmt.Sprintf("Received cmd: start %s with parameters: %s", e.Plan, braced(e.Params))
	case PlanStop:
		f.hold(about, true)
		f.reset(about)
		changed, message = true, "Received cmd: stop"
	case PlanContinue:
		if changed = !about.every(underWay); changed {
			f.hold(about, false)
		}
		message = "Received cmd: continue"
	case PlanInterrupt:
		if changed = !about.every(heldOrDone); changed {
			f.hold(about, true)
		}
		message = "Received cmd: interrupt"
	case PlanForceComplete:
		if changed = about.status() != plans.Complete; changed {
			f.complete(about)
		}
		message = about.told(e)
	case PlanRestart:
		if changed = about.status() != plans.Pending; changed {
			f.hold(about, false)
			f.reset(about)
		}
		message = about.told(e)
	}
	if !changed {
		f.reply(e.Request, http.StatusAlreadyReported, alreadyDone)
		return
	}
	f.log(slog.LevelInfo, "a person changes a plan", "verb", string(e.Verb), "plan", e.Plan, "phase", e.Phase, "step", e.Step)
	f.derive()
	f.reply(e.Request, http.StatusOK, message)
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

// hold interrupts the plan or the phases, or lets them go on.
func (f *frame) hold(about part, interrupted bool) {
	hand := f.Facts.Hands[about.plan.Name].Clone()
	if about.whole {
		hand.Interrupted = interrupted
	}
	if !about.whole {
		for _, phase := range about.phases {
			delete(hand.Phases, phase.Name)
			if interrupted {
				hand.Phases[phase.Name] = true
			}
		}
	}
	f.setHand(about.plan.Name, hand)
}

// complete forces steps to be complete: for this target, or for this launch.
func (f *frame) complete(about part) {
	hand := f.Facts.Hands[about.plan.Name].Clone()
	for _, step := range about.steps() {
		if step.Status != plans.Complete {
			hand.Done[step.ID] = step.Matter(f.view(), about.plan.Name)
		}
	}
	f.setHand(about.plan.Name, hand)
}

// reset puts steps back to their beginning: what was forced is taken back, delays are forgotten, and what was launched is
// launched anew, in place, as the gate allows.
func (f *frame) reset(about part) {
	hand := f.Facts.Hands[about.plan.Name].Clone()
	for _, step := range about.steps() {
		delete(f.Delays, step.Task)
		_, forced := hand.Done[step.ID]
		delete(hand.Done, step.ID)
		f.Recovered = slices.DeleteFunc(f.Recovered, func(task string) bool { return task == step.Task && about.plan.Name == plans.RecoveryPlan })
		if record := f.Facts.Records[step.Task]; record != nil && !forced {
			f.launchAnew(*record, about.plan.Name)
		}
	}
	f.setHand(about.plan.Name, hand)
}

// launchAnew asks for a restart of a task that is there, on behalf of a plan.
func (f *frame) launchAnew(record tasks.Record, plan string) {
	if !record.Status.State.Alive() || record.Stopped() || record.Asked != nil {
		return
	}
	by := tasks.ByPlan
	if plan == plans.RecoveryPlan {
		if !record.Recovering {
			return
		}
		by = tasks.ByOperator
	}
	record.Asked = &tasks.Asked{Verb: tasks.Restart, By: by, At: f.Now}
	f.put(record)
}

// forgetHands drops what was done by hand to phases and steps of recovery that are over: the next failure of the same task is
// a new matter, and nobody could take the old one back, because its phase is gone.
func (f *frame) forgetHands() {
	hand, ok := f.Facts.Hands[plans.RecoveryPlan]
	if !ok || f.notReady() != "" {
		return
	}
	phases, done := map[string]bool{}, map[string]string{}
	for _, phase := range f.Plans[1].Phases {
		for _, step := range phase.Steps {
			if record := f.Facts.Records[step.Task]; record == nil || !plans.Concerns(record) {
				continue
			}
			if hand.Phases[phase.Name] {
				phases[phase.Name] = true
			}
			if matter, forced := hand.Done[step.ID]; forced {
				done[step.ID] = matter
			}
		}
	}
	if len(phases) != len(hand.Phases) || len(done) != len(hand.Done) {
		f.setHand(plans.RecoveryPlan, plans.Hand{Interrupted: hand.Interrupted, Phases: phases, Done: done})
		f.derive()
	}
}

// setHand keeps what was done to a plan by hand; nothing is left out.
func (f *frame) setHand(plan string, hand plans.Hand) {
	if hand.Empty() {
		delete(f.Facts.Hands, plan)
		return
	}
	f.Facts.Hands[plan] = hand
}

// braced writes parameters as the SDK does: {A=b, C=d}.
func braced(params map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		list = append(list, name+"="+params[name])
	}
	return "{" + strings.Join(list, ", ") + "}"
}
