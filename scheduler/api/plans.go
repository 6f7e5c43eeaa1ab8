package api

import (
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// plans lists the plans in the core's order: deploy first.
func (h handlers) plans(w http.ResponseWriter, _ *http.Request) {
	names := wire.Names{}
	for _, plan := range h.source.Snapshot().Plans {
		names = append(names, plan.Name)
	}
	answer(w, http.StatusOK, names)
}

// plan answers 200 for a complete plan, 202 for one on its way and 417 for one with errors, as the SDK does.
func (h handlers) plan(w http.ResponseWriter, name string) {
	for _, plan := range h.source.Snapshot().Plans {
		if plan.Name != name {
			continue
		}
		status := http.StatusAccepted
		switch {
		case len(plan.Errors) > 0:
			status = http.StatusExpectationFailed
		case plan.Status == plans.Complete:
			status = http.StatusOK
		}
		answer(w, status, shownPlan(plan))
		return
	}
	plain(w, http.StatusNotFound, fmt.Sprintf("Plan %s not found", name))
}

func shownPlan(plan plans.Plan) wire.Plan {
	shown := wire.Plan{Errors: plan.Errors, Strategy: string(plan.Strategy), Status: wire.Status(plan.Status)}
	for _, phase := range plan.Phases {
		p := wire.Phase{ID: phase.ID, Name: phase.Name, Strategy: string(phase.Strategy), Status: wire.Status(phase.Status)}
		for _, step := range phase.Steps {
			p.Steps = append(p.Steps, wire.Step{
				ID: step.ID, Status: shownStatus(step), Name: step.Name,
				Message: stepMessage(plan.Name, step), Reason: step.Reason.String(),
			})
		}
		shown.Phases = append(shown.Phases, p)
	}
	return shown
}

// shownStatus is PAUSING or PAUSED for a step whose pod is paused, else its own.
func shownStatus(step plans.Step) wire.Status {
	if step.Display != "" {
		return wire.Status(step.Display)
	}
	return wire.Status(step.Status)
}

// stepMessage is the SDK's line: with the status that counts, what is shown in place of it, and the kind of recovery.
func stepMessage(plan string, step plans.Step) string {
	kind := removalKind(step.Name)
	if kind == "" {
		kind = stepKind(plan)
	}
	text := fmt.Sprintf("%s: %s [%s] with status: %s", kind, step.Name, step.ID, step.Status)
	if step.Display != "" && step.Display != step.Status {
		text += fmt.Sprintf(" (display:%s)", step.Display)
	}
	if step.Recovery != "" {
		text += " RecoveryType: " + step.Recovery
	}
	return text
}

// stepKind is the class that the SDK names in a step's message.
func stepKind(plan string) string {
	if plan == plans.RecoveryPlan {
		return "RecoveryStep"
	}
	return "DeploymentStep"
}
