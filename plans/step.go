package plans

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Statuses that are only shown (SDK, section 4.4).
const (
	Pausing Status = "PAUSING"
	Paused  Status = "PAUSED"
)

// launchStep judges a task that is wanted under the target with this id: it is complete once it was ready under it.
func launchStep(view View, pod tasks.Pod, spec string, known Step) Step {
	targetID := view.Target.ID
	step := Step{ID: known.ID, Name: known.Name, Pod: pod, Spec: spec, Task: known.Task}
	if step.Name == "" {
		step.Name, step.Task = stepName(pod, spec), pod.Task(spec)
	}
	record := view.Records[step.Task]
	if record != nil {
		step.Display = display(record)
	}
	switch {
	case record == nil:
		step.Status, step.Reason = wanting(view, step.Task, nil)
	case record.Replacing() && !record.Moves():
		step.Status, step.Reason = Pending, Reason{Why: WhyReplacing}
		if record.Reached && record.TargetID == targetID {
			step.Status, step.Reason = Complete, Reason{}
		}
	case again(record):
		step.Unbound = record.Status.State.Ended()
		step.Status, step.Reason = changing(view, record)
	case record.TargetID != targetID:
		step.Unbound = unbound(record)
		step.Status, step.Reason = changing(view, record)
	case record.Reached:
		step.Status = Complete
	default:
		// Launched out of turn once and ended since: the steps before it wait at the gate until it is up, so it cannot wait
		// for them.
		step.Unbound = record.Status.State.Ended()
		step.Status, step.Reason = moving(view, record)
	}
	view.explainUnsigned(&step, targetID)
	return step
}

// again says that the deploy plan was restarted by hand, and has not launched this task anew since.
func again(record *tasks.Record) bool { return record.Asked != nil && record.Asked.By == tasks.ByPlan }

// display is the status that is shown for a paused pod, empty when its own is.
func display(record *tasks.Record) Status {
	switch {
	case !record.Paused:
		return ""
	case record.Idling && record.Status.State == tasks.Running:
		return Paused
	}
	return Pausing
}

// unbound says that a task of an older target is down, or came up under it and was never ready. Bringing it to the newest
// target disrupts nothing, and may be its only cure: a rollout that broke a node is repaired by the next target, without
// waiting for the broken node first.
func unbound(record *tasks.Record) bool {
	state := record.Status.State
	return state.Ended() || (state.Alive() && !record.Reached)
}

// fresh says that the task's next launch gets a new place.
func fresh(record *tasks.Record) bool {
	return record != nil && (!record.GivenUp.IsZero() || record.Asked.KeepsUntilPlaced())
}

// wanting judges a task that is to be launched. One that has a record goes back to its agent, onto its reservations.
func wanting(view View, task string, record *tasks.Record) (Status, Reason) {
	delay, failed := view.Delays[task]
	if failed && view.Now.Before(delay.Until) {
		return Delayed, Reason{Why: WhyDelay, Failures: delay.Failures, Until: delay.Until, Detail: delay.Message}
	}
	if view.Master != "" {
		return Pending, Reason{Why: WhyMaster, Waits: view.Master}
	}
	if agent, runs := view.Leftovers[task]; runs {
		return Pending, Reason{Why: WhyLeftover, Waits: agent}
	}
	look, looked := view.Looks[task]
	if record != nil && !fresh(record) {
		reason := Reason{Why: WhyAgent, Waits: agentName(record), Since: record.Away, Detail: look}
		if look == "" {
			reason.Detail = "it holds the pod's reservations and has to offer them"
		}
		if failed {
			reason.Detail += fmt.Sprintf(" (the task failed %s: %s)", times(delay.Failures), delay.Message)
		}
		return prepared(looked), reason
	}
	return prepared(looked), Reason{Why: WhyOffers, Detail: look}
}

// changing judges a task that runs, or ran, and has to be launched anew: under another target, or because a person asked.
func changing(view View, record *tasks.Record) (Status, Reason) {
	if record.Stopped() && !record.Status.State.Ended() {
		return Prepared, stopping(view, record)
	}
	if record.Status.State.Ended() {
		return wanting(view, record.Task, record)
	}
	if record.Status.State == tasks.Unreachable {
		return moving(view, record)
	}
	ok, reason := MayStop(view, record.Task)
	if ok && noRoom(view, record) {
		look, looked := view.Looks[record.Task]
		return prepared(looked), Reason{Why: WhyRoom, Waits: agentName(record), Detail: look}
	}
	return Pending, reason
}

func stopping(view View, record *tasks.Record) Reason {
	reason := Reason{Why: WhyStopping, Waits: record.Agent.Hostname, Since: record.Stopping}
	if _, spec, ok := view.Target.Spec(record.Pod, record.Spec); ok && spec.KillGrace > 0 {
		reason.Until = record.Stopping.Add(spec.KillGrace)
	}
	return reason
}

// moving judges a launched task on its way to being ready.
func moving(view View, record *tasks.Record) (Status, Reason) {
	state := record.Status.State
	switch {
	case state.Ended():
		return wanting(view, record.Task, record)
	case state == tasks.Unreachable:
		return Pending, Reason{Why: WhyAgent, Waits: agentName(record), Since: record.Away,
			Detail: "the master cannot reach it, the task may still run there"}
	case record.Idling && state == tasks.Running:
		return Started, Reason{Why: WhyPaused, Waits: record.Agent.Hostname, Since: record.Status.Since}
	case record.Ready():
		return Complete, Reason{}
	case state == tasks.Running:
		return Started, Reason{Why: WhyReadiness, Waits: record.Agent.Hostname, Exit: record.Status.CheckExit,
			Since: record.Status.Since}
	}
	return Starting, Reason{Why: WhyLaunched, Waits: record.Agent.Hostname, Detail: string(state)}
}

// Fits is how long the sight of a fitting offer is worth something to a pod that is to move.
const Fits = 2 * time.Minute

// prepared is the SDK's word for a step whose requirement was held against offers and found none.
func prepared(looked bool) Status {
	if looked {
		return Prepared
	}
	return Pending
}

func agentName(record *tasks.Record) string {
	if record.Agent.ID == "" {
		return "unknown"
	}
	return fmt.Sprintf("%s (%s)", record.Agent.Hostname, record.Agent.ID)
}
