package plans

import (
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Recovery is the plan that brings back tasks that were ready once: a phase a pod, all at the same time, each in place
// and under the target that it last ran with. Nodes do not wait for each other's readiness, or a full outage could
// never heal (design section 4).
func Recovery(view View, deploy Plan) Plan {
	plan := Plan{Name: RecoveryPlan, Strategy: Parallel}
	taken := updating(view, deploy)
	for _, task := range sortedTasks(view.Records) {
		record := view.Records[task]
		if !record.Recovering || taken[task] {
			continue
		}
		step := Step{Name: stepName(record.Pod, record.Spec), Pod: record.Pod, Spec: record.Spec, Task: task}
		step.Status, step.Reason = moving(view, record)
		plan.Phases = append(plan.Phases, recoveryPhase(step))
	}
	for _, task := range view.Recovered {
		record := view.Records[task]
		if record == nil || record.Recovering {
			continue
		}
		step := Step{Name: stepName(record.Pod, record.Spec), Pod: record.Pod, Spec: record.Spec, Task: task, Status: Complete}
		plan.Phases = append(plan.Phases, recoveryPhase(step))
	}
	return finish(plan)
}

func recoveryPhase(step Step) Phase {
	return Phase{Name: step.Name, Strategy: Serial, Steps: []Step{step}}
}

// updating are the tasks that the deploy plan is bringing to a new target right now: it relaunches them itself.
func updating(view View, deploy Plan) map[string]bool {
	taken := map[string]bool{}
	for _, step := range deploy.candidates() {
		record := view.Records[step.Task]
		if record != nil && record.TargetID != view.Target.ID {
			taken[step.Task] = true
		}
	}
	return taken
}

func sortedTasks(records map[string]*tasks.Record) []string {
	names := make([]string, 0, len(records))
	for name := range records {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		x, y := records[a].Pod, records[b].Pod
		if x.Type != y.Type {
			return compare(x.Type, y.Type)
		}
		if x.Index != y.Index {
			return x.Index - y.Index
		}
		return compare(a, b)
	})
	return names
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}
