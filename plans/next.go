package plans

import (
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Launch is a task that wants an offer now.
type Launch struct {
	Plan string
	Step Step
	// TargetID is the target that it is to be launched under.
	TargetID string
	// Fresh asks for a new place, although the pod may hold another one.
	Fresh bool
	// Scout only asks whether an offer would fit: the task still runs elsewhere.
	Scout bool
}

// Stop is a running task that has to end before its step can go on.
type Stop struct {
	Plan   string
	Step   Step
	TaskID string
	// GiveUp says that the pod is given up where it is.
	GiveUp bool
	// FullStop says that it is one of all nodes that stop together.
	FullStop bool
}

// Work is what can be done now.
type Work struct {
	Launches []Launch
	Stops    []Stop
	// GiveUps are tasks that are down and whose place is to be given up.
	GiveUps []string
}

// Next lists the work of all plans: launches in the order in which offers are given to them, tasks to stop, and places to
// give up. No task is listed twice.
func Next(view View, all []Plan) Work {
	var work Work
	if view.Uninstall {
		return work // the core removes by what is offered, not by steps
	}
	view = view.digested()
	done := map[string]bool{}
	for _, plan := range all {
		if plan.Name == RotatePlan {
			continue // nothing is launched or stopped for a certificate
		}
		for _, step := range plan.candidates() {
			if step.Status != Pending && step.Status != Prepared || done[step.Task] {
				continue
			}
			record := view.Records[step.Task]
			if step.FullStop {
				done[step.Task] = stopWith(&work, view, plan, *step)
				continue
			}
			if plan.Name == DeployPlan && record != nil && Concerns(record) && !updates(view, record) {
				continue // recovery's
			}
			done[step.Task] = true
			if _, runs := view.Leftovers[step.Task]; runs && (record == nil || !record.Status.State.Alive()) {
				continue // never two tasks of one pod side by side
			}
			if IsJobs(plan.Name) {
				work.Launches = append(work.Launches, launchJob(view, plan, *step)...)
				continue
			}
			if plan.Name == RecoveryPlan && record.Replacing() {
				replace(&work, view, plan, *step)
				continue
			}
			add(&work, view, plan, *step)
		}
	}
	if len(view.Certificates.Unsigned) > 0 {
		work.Launches = slices.DeleteFunc(work.Launches, func(l Launch) bool { return !l.Scout && view.unsigned(l.Step.Pod, l.Step.Spec, l.TargetID) })
	}
	work.Launches = slices.DeleteFunc(work.Launches, view.bars)
	return work
}

// stopWith lists the stop of one node of a full stop, or looks for the room that it will need. It says whether the node is taken.
func stopWith(work *Work, view View, plan Plan, step Step) bool {
	record := view.Records[step.Task]
	switch {
	case record == nil || !record.Status.State.Alive() || record.Stopped() || !view.crosses(record):
		return view.FullStop
	case view.digest.halt.may:
		work.Stops = append(work.Stops, Stop{Plan: plan.Name, Step: step, TaskID: record.TaskID, FullStop: true})
		return true
	case noRoom(view, record):
		work.Launches = append(work.Launches, Launch{Plan: plan.Name, Step: step, TargetID: view.Target.ID, Scout: true})
	}
	return view.FullStop
}

// updates says that the deploy plan launches a task anew itself when it is its turn.
func updates(view View, record *tasks.Record) bool {
	return (!record.Replacing() || record.Moves()) && (record.TargetID != view.Target.ID || again(record))
}

func add(work *Work, view View, plan Plan, step Step) {
	record := view.Records[step.Task]
	targetID := view.Target.ID
	if record != nil && plan.Name == RecoveryPlan {
		targetID = record.TargetID
		if h := view.digest.halt; view.crosses(record) && (h.begun || !h.open) {
			targetID = view.Target.ID // there is no way back
		}
	}
	switch {
	case record == nil || record.Status.State.Ended():
		work.Launches = append(work.Launches, Launch{Plan: plan.Name, Step: step, TargetID: targetID, Fresh: fresh(record)})
	case record.Status.State == tasks.Unreachable:
		// Nothing may be launched beside a task that may still run.
	case record.TargetID != targetID || record.Asked != nil && (plan.Name == DeployPlan || !again(record)):
		if record.Stopped() {
			return
		}
		ok, _ := MayStop(view, step.Task)
		switch {
		case !ok:
		case plan.Name == DeployPlan && noRoom(view, record):
			work.Launches = append(work.Launches, Launch{Plan: plan.Name, Step: step, TargetID: targetID, Scout: true})
		default:
			work.Stops = append(work.Stops, Stop{Plan: plan.Name, Step: step, TaskID: record.TaskID})
		}
	}
}

// replace lists what a replacement needs next. A person's replacement gives the old place up first, as the gate allows; one
// by policy keeps it until a new place is found, and only then lets go.
func replace(work *Work, view View, plan Plan, step Step) {
	record := view.Records[step.Task]
	launch := Launch{Plan: plan.Name, Step: step, TargetID: view.Target.ID, Fresh: true}
	alive := record.Status.State.Alive()
	if !record.GivenUp.IsZero() {
		if !alive {
			work.Launches = append(work.Launches, launch)
		}
		return
	}
	if view.Unheard[step.Task] {
		return
	}
	ok, _ := MayReplace(view, step.Task)
	delay, delayed := view.Delays[step.Task]
	switch {
	case !ok && record.Status.State.Ended() && !(delayed && view.Now.Before(delay.Until)):
		// Two pods that are down and to be replaced must not wait for each other: until the gate opens, the pod comes back
		// where it is.
		if h := view.digest.halt; !view.crosses(record) || h.open && !h.begun {
			launch.TargetID = record.TargetID
		}
		launch.Fresh = false
		work.Launches = append(work.Launches, launch)
	case !ok && alive && record.Paused != record.Idling && !record.Stopped():
		// A pause or its end does not wait for the replacement either.
		if may, _ := MayStop(view, step.Task); may {
			work.Stops = append(work.Stops, Stop{Plan: plan.Name, Step: step, TaskID: record.TaskID})
		}
	case !ok:
	case record.Asked.KeepsUntilPlaced() && !view.Now.After(record.Asked.At):
		// A policy's wish is stored before it is acted on, as a person's is.
	case !alive && record.Asked.KeepsUntilPlaced():
		work.Launches = append(work.Launches, launch)
	case !alive:
		work.GiveUps = append(work.GiveUps, step.Task)
	case record.Asked.KeepsUntilPlaced() && !fit(view, step.Task, true):
		launch.Scout = true
		work.Launches = append(work.Launches, launch)
	case !record.Stopped():
		work.Stops = append(work.Stops, Stop{Plan: plan.Name, Step: step, TaskID: record.TaskID,
			GiveUp: !record.Asked.KeepsUntilPlaced()})
	}
}
