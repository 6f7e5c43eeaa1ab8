package api

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// handsOn are the plans and phases that somebody has paused. One that is complete is among them: what comes to it
// later will not move.
func handsOn(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, plan := range state.Plans {
		hand := state.Facts.Hands[plan.Name]
		if hand.Interrupted {
			list = append(list, wire.Waiting{Kind: wire.WaitsHand, Subject: plan.Name, Plan: plan.Name, Status: wire.Status(plan.Status),
				Text: "plan " + plan.Name + " is paused by hand", Remedy: fmt.Sprintf("Let it go on (plan resume %s).", plan.Name)})
		}
		for _, phase := range plan.Phases {
			if hand.Phases[phase.Name] {
				list = append(list, wire.Waiting{Kind: wire.WaitsHand, Subject: phase.Name, Plan: plan.Name, Phase: phase.Name,
					Status: wire.Status(phase.Status), Text: fmt.Sprintf("phase %s of plan %s is paused by hand", phase.Name, plan.Name),
					Remedy: fmt.Sprintf("Let it go on (plan resume %s %s).", plan.Name, phase.Name)})
			}
		}
	}
	return list
}

// openSteps are the steps that are not complete, in the order of the plans. Those of jobs are waitingJobs'.
func openSteps(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, plan := range state.Plans {
		if plans.IsJobs(plan.Name) {
			continue
		}
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if step.Status != plans.Complete {
					waiting := openStep(state, step)
					waiting.Plan, waiting.Phase = plan.Name, phase.Name
					list = append(list, waiting)
				}
			}
		}
	}
	return list
}

func openStep(state core.State, step plans.Step) wire.Waiting {
	reason := step.Reason
	waiting := wire.Waiting{Kind: wire.WaitsStep, Subject: step.Name, Step: step.Name, Status: shownStatus(step), Why: string(reason.Why),
		Text: reason.String(), Since: second(reason.Since), Remedy: stepRemedy(state, step)}
	if waiting.Text == "" {
		waiting.Text = "is " + string(waiting.Status)
	}
	if reason.Until.After(state.Now) {
		waiting.Until = second(reason.Until)
	}
	look, looked := state.Looks[step.Task]
	if looked && (reason.Why == plans.WhyOffers || reason.Why == plans.WhyAgent) {
		refusals := refusalsOf(look)
		waiting.Refusals = &refusals
		if len(refusals.Causes) > 0 {
			waiting.Remedy = refusals.Causes[0].Remedy
		}
	}
	return waiting
}
