package api

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// handsOn are the plans and phases that somebody has interrupted. One that is complete is among them: what comes to it
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

// openSteps are the steps that are not complete, in the order of the plans.
func openSteps(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, plan := range state.Plans {
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

// stepRemedy is what a person can do for a step. What comes right by itself, and what waits for something that has an
// entry of its own, has none.
func stepRemedy(state core.State, step plans.Step) string {
	pod := step.Pod.String()
	switch step.Reason.Why {
	case plans.WhyOffers:
		return "See that the master lists agents, and that neither quota nor weights keep offers from the service's role."
	case plans.WhyReadiness:
		return fmt.Sprintf("If it stays so, read the task's stderr and the database's log in its sandbox; pod restart %s starts it again.", pod)
	case plans.WhyDelay:
		return fmt.Sprintf("Read the task's stderr in its sandbox for why it failed; pod restart %s ends the delay.", pod)
	case plans.WhyGate:
		return "Bring back what is named, or pass the gate at your own risk " + forced(state, step)
	case plans.WhyDatabase:
		if step.Reason.Until.IsZero() {
			return "Wait until the database is well, or pass the gate at your own risk " + forced(state, step)
		}
	case plans.WhyAgent:
		return fmt.Sprintf("Bring the agent back, or give the place and the data on it up (pod replace %s).", pod)
	case plans.WhyPaused:
		return fmt.Sprintf("Let it run again (debug pod resume %s).", pod)
	}
	return ""
}

// forced is the command that does what the step waits for without asking the gate.
func forced(state core.State, step plans.Step) string {
	verb := tasks.Restart
	if record := state.Facts.Records[step.Task]; record != nil && record.Replacing() {
		verb = tasks.Replace
	}
	return fmt.Sprintf("(pod %s %s --force).", verb, step.Pod)
}
