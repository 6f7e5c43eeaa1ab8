package metrics

import (
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

// statuses of steps and plans, the SDK's (dcos-sdk.md, section 2.1).
var statuses = []plans.Status{plans.Error, plans.Waiting, plans.Pending, plans.Prepared, plans.Starting, plans.Started, plans.Complete,
	plans.InProgress, plans.Delayed}

// reasons that a step can wait for. One that is not in the list is shown once it occurs.
var reasons = []plans.Why{plans.WhyEarlier, plans.WhyOffers, plans.WhyLaunched, plans.WhyReadiness, plans.WhyDelay, plans.WhyStopping,
	plans.WhyGate, plans.WhyAgent, plans.WhyMaster, plans.WhyDatabase, plans.WhyPaused, plans.WhyPlan, plans.WhyReplacing, plans.WhyRestart}

func planFamilies() []family {
	return []family{
		{name: "plan_status", prom: "plan_status", kind: gauge, labels: []string{"plan"}, sdk: true, read: planStatus,
			help: "Status of the plan: -1 error, 0 complete, 1 waiting or pending, 2 active, 3 delayed."},
		{name: "steps", prom: "plan_steps", kind: gauge, labels: []string{"plan", "status"}, read: steps,
			help: "Steps of the plan by status."},
		{name: "steps_waiting", prom: "plan_steps_waiting", kind: gauge, labels: []string{"plan", "reason"}, read: stepsWaiting,
			help: "Steps that are not complete, by what they wait for: gate and database are the safety gate, delay is a back-off."},
		{name: "plan_interrupted", prom: "plan_interrupted", kind: truth, labels: []string{"plan"}, read: interrupted,
			help: "1 while the plan, or a phase of it, is held back by hand."},
		{name: "target.faults", prom: "target_faults", kind: gauge,
			read: func(f *facts) []sample { return one(float64(len(f.Faults))) },
			help: "Faults for which the newest configuration was refused; 0 when it is in force."},
		{name: "gate.refusals", prom: "gate_refusals", kind: counter, read: count("gate.refusals"),
			help: "Times that the safety gate began to hold a step back."},
	}
}

func planStatus(f *facts) (list []sample) {
	for _, plan := range f.Plans {
		list = append(list, sample{[]string{plan.Name}, float64(planValue(plan.Status))})
	}
	return list
}

// planValue is the SDK's number for a plan's status. The SDK has none for a delay and fails on it (dcos-sdk.md, section 14,
// item 6); 3 is ours.
func planValue(status plans.Status) int {
	switch status {
	case plans.Error:
		return -1
	case plans.Complete:
		return 0
	case plans.Waiting, plans.Pending:
		return 1
	case plans.Delayed:
		return 3
	}
	return 2
}

func interrupted(f *facts) (list []sample) {
	for _, plan := range f.Plans {
		held := plan.Interrupted || slices.ContainsFunc(plan.Phases, func(phase plans.Phase) bool { return phase.Interrupted })
		list = append(list, sample{[]string{plan.Name}, yes(held)[0].value})
	}
	return list
}

func steps(f *facts) []sample {
	return countSteps(f, statuses, func(step plans.Step) plans.Status { return step.Status })
}

func stepsWaiting(f *facts) []sample {
	return countSteps(f, reasons, func(step plans.Step) plans.Why {
		if step.Status == plans.Complete || step.Reason.Why == plans.WhyJob || step.Reason.Why == plans.WhyUnasked {
			// A job that works or has ended, and one that nobody asked for, wait for nothing.
			return plans.WhyNothing
		}
		return step.Reason.Why
	})
}

// countSteps counts each plan's steps by a word, empty for steps that do not count; known words are always shown.
func countSteps[K ~string](f *facts, known []K, word func(plans.Step) K) (list []sample) {
	for _, plan := range f.Plans {
		values := map[K]float64{}
		for _, k := range known {
			values[k] = 0
		}
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if k := word(step); k != "" {
					values[k]++
				}
			}
		}
		for _, s := range byLabel(values) {
			list = append(list, sample{append([]string{plan.Name}, lower(s.labels[0])), s.value})
		}
	}
	return list
}
