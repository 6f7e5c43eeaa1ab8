package core

import "github.com/dcos-cockroachdb/dcos-cockroachdb/plans"

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

// endWish takes back what was asked for a task whose step a person has called complete; a place that was given up stays so.
func (f *frame) endWish(task string) {
	record := f.Facts.Records[task]
	if record == nil || record.Asked == nil || !record.GivenUp.IsZero() {
		return
	}
	changed := *record
	changed.Asked, changed.Paused = nil, record.Idling
	f.put(changed)
}

// setHand keeps what was done to a plan by hand; nothing is left out.
func (f *frame) setHand(plan string, hand plans.Hand) {
	if hand.Empty() {
		delete(f.Facts.Hands, plan)
		return
	}
	f.Facts.Hands[plan] = hand
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
			f.endWish(step.Task)
		}
	}
	f.setHand(about.plan.Name, hand)
}
