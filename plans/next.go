package plans

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Launch is a task that wants an offer now.
type Launch struct {
	Plan string
	Step Step
	// TargetID is the target that it is to be launched under.
	TargetID string
}

// Stop is a running task that has to end before its step can go on.
type Stop struct {
	Step   Step
	TaskID string
}

// Work is what can be done now.
type Work struct {
	Launches []Launch
	Stops    []Stop
}

// Next lists the work of all plans: launches in the order in which offers are given to them, and tasks to stop.
func Next(view View, all []Plan) Work {
	var work Work
	for _, plan := range all {
		for _, step := range plan.candidates() {
			add(&work, view, plan, *step)
		}
	}
	return work
}

func add(work *Work, view View, plan Plan, step Step) {
	if step.Status != Pending && step.Status != Prepared {
		return
	}
	record := view.Records[step.Task]
	targetID := view.Target.ID
	if record != nil && plan.Name == RecoveryPlan {
		targetID = record.TargetID
	}
	switch {
	case record == nil || record.Status.State.Ended():
		work.Launches = append(work.Launches, Launch{Plan: plan.Name, Step: step, TargetID: targetID})
	case record.Status.State == tasks.Unreachable:
		// Nothing may be launched beside a task that may still run.
	case record.TargetID != targetID:
		if record.Stopped() {
			return
		}
		if ok, _ := MayStop(view, step.Task); ok {
			work.Stops = append(work.Stops, Stop{Step: step, TaskID: record.TaskID})
		}
	}
}
