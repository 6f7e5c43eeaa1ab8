package plans

import (
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Deploy is the plan that brings every pod to the target, serially: phase node-deploy, then metrics-deploy. Where nodes have to speak
// TLS that did not, or the other way round, all are stopped first (fullstop.go).
func Deploy(view View) Plan {
	view = view.digested()
	plan := Plan{Name: DeployPlan, Strategy: Serial, Errors: view.Faults}
	for _, deployed := range []struct{ phase, pod string }{
		{"node-deploy", tasks.NodePod},
		{"metrics-deploy", tasks.MetricsPod},
	} {
		spec, ok := view.Target.Pod(deployed.pod)
		if !ok || spec.Count == 0 {
			continue
		}
		phase := Phase{Name: deployed.phase, Strategy: ordered(spec.Strategy), Steps: deploySteps(view, spec, view.last(DeployPlan, deployed.phase))}
		if deployed.pod == tasks.NodePod {
			if stop, wanted := fullStop(view, spec); wanted {
				plan.Phases = append(plan.Phases, stop)
				view.digest.halt.bound(&phase, view)
			}
		}
		plan.Phases = append(plan.Phases, phase)
	}
	name(view, &plan)
	explainOrder(&plan)
	return finish(plan)
}

func ordered(strategy tasks.Strategy) Strategy {
	if strategy == tasks.Parallel {
		return Parallel
	}
	return Serial
}

func deploySteps(view View, spec tasks.PodSpec, last []Step) []Step {
	steps := make([]Step, 0, spec.Count)
	for index := range spec.Count {
		pod := tasks.Pod{Type: spec.Type, Index: index}
		for _, task := range spec.TasksOf(index) {
			if task.Goal != tasks.GoalRunning {
				continue
			}
			var known Step
			if at := len(steps); at < len(last) && last[at].Pod == pod && last[at].Spec == task.Name {
				known = last[at]
			}
			steps = append(steps, launchStep(view, pod, task.Name, known))
		}
	}
	return steps
}

// explainOrder tells each step behind the first open one what it waits for: in a serial plan that is the reason, not
// the lack of offers.
func explainOrder(plan *Plan) {
	first := ""
	for i := range plan.Phases {
		if plan.Phases[i].Strategy == Parallel {
			if first == "" && slices.ContainsFunc(plan.Phases[i].Steps, func(s Step) bool { return s.Status != Complete }) {
				first = plan.Phases[i].Name
			}
			continue
		}
		for j := range plan.Phases[i].Steps {
			step := &plan.Phases[i].Steps[j]
			if step.Status == Complete {
				continue
			}
			if first == "" {
				first = step.Name
				continue
			}
			if !step.Unbound && (step.Status == Pending || step.Status == Prepared) {
				if step.Reason.Why != WhyPlan {
					step.Reason = Reason{Why: WhyEarlier, Waits: first}
				}
				step.Status = Pending
			}
		}
	}
}
