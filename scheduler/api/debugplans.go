package api

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// debugPlans answers the statuses of the plans, or of parts of them, without the words.
func (h handlers) debugPlans(w http.ResponseWriter, r *http.Request) {
	state, found, ok := h.filtered(w, r)
	if !ok {
		return
	}
	shown := wire.DebugPlans{State: schedulerState(state), Topology: topology(state.Plans)}
	for _, plan := range state.Plans {
		idle := plans.IsJobs(plan.Name) && (plan.Status == plans.Waiting || plan.Status == plans.Error)
		if plan.Status != plans.Complete && !idle {
			shown.Active = append(shown.Active, plan.Name)
		}
	}
	for _, plan := range found {
		shown.Plans = append(shown.Plans, debugPlan(plan))
	}
	answer(w, http.StatusOK, shown)
}

// schedulerState is the SDK's word for what the scheduler is about.
func schedulerState(state core.State) string {
	deploy, recovery := planOf(state, plans.DeployPlan), planOf(state, plans.RecoveryPlan)
	switch {
	case recovery.Status != plans.Complete && recovery.Status != "":
		return wire.SchedulerRecovering
	case deploy.Status == plans.Complete:
		return wire.SchedulerDeployed
	case deploy.Status != "":
		return wire.SchedulerDeploying
	}
	return wire.SchedulerRunning
}

// debugPlan counts the steps that are shown. Errors belong to the plan in this scheduler, so a step has none.
func debugPlan(plan plans.Plan) wire.DebugPlan {
	shown := wire.DebugPlan{Name: plan.Name, Status: wire.Status(plan.Status), Strategy: string(plan.Strategy)}
	for _, phase := range plan.Phases {
		p := wire.DebugPhase{Name: phase.Name, Status: wire.Status(phase.Status), Strategy: string(phase.Strategy)}
		for _, step := range phase.Steps {
			p.Steps = append(p.Steps, wire.DebugStep{Name: step.Name, Status: shownStatus(step)})
			shown.Total++
			if step.Status == plans.Complete {
				shown.Completed++
			}
		}
		shown.Phases = append(shown.Phases, p)
	}
	return shown
}

func topology(all []plans.Plan) []wire.Topology {
	var list []wire.Topology
	for _, plan := range all {
		shown := wire.Topology{Name: plan.Name, Type: "plan"}
		for _, phase := range plan.Phases {
			p := wire.Topology{Name: phase.Name, Type: "phase"}
			for _, step := range phase.Steps {
				p.Children = append(p.Children, wire.Topology{Name: step.Name, Type: "step"})
			}
			shown.Children = append(shown.Children, p)
		}
		list = append(list, shown)
	}
	return list
}
