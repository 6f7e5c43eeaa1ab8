package api

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// taskStatuses answers the tasks behind each step. A step without a launched task, or without a pod at all, has none: the
// SDK's fails then.
func (h handlers) taskStatuses(w http.ResponseWriter, r *http.Request) {
	state, found, ok := h.filtered(w, r)
	if !ok {
		return
	}
	shown := wire.DebugStatuses{}
	for _, plan := range found {
		p := wire.PlanStatuses{Name: plan.Name}
		for _, phase := range plan.Phases {
			ph := wire.PhaseStatuses{Name: phase.Name}
			for _, step := range phase.Steps {
				ph.Steps = append(ph.Steps, wire.StepStatuses{Name: step.Name, Tasks: tasksBehind(state, step)})
			}
			p.Phases = append(p.Phases, ph)
		}
		shown = append(shown, p)
	}
	answer(w, http.StatusOK, shown)
}

func tasksBehind(state core.State, step plans.Step) []wire.TaskOfAStep {
	record := state.Facts.Records[step.Task]
	if record == nil || step.Pod == (tasks.Pod{}) {
		return nil
	}
	return []wire.TaskOfAStep{{Name: record.Task, Status: string(record.Status.State), ID: record.TaskID}}
}
