package plans

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// launchStep judges a task that is wanted under the target with this id: it is complete once it was ready under it.
func launchStep(view View, pod tasks.Pod, spec, targetID string) Step {
	step := Step{Name: stepName(pod, spec), Pod: pod, Spec: spec, Task: pod.Task(spec)}
	record := view.Records[step.Task]
	switch {
	case record == nil:
		step.Status, step.Reason = wanting(view, step.Task, nil)
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
	return step
}

// unbound says that a task of an older target is down, or came up under it and was never ready. Bringing it to the newest
// target disrupts nothing, and may be its only cure: a rollout that broke a node is repaired by the next target, without
// waiting for the broken node first.
func unbound(record *tasks.Record) bool {
	state := record.Status.State
	return state.Ended() || (state.Alive() && !record.Reached)
}

// wanting judges a task that is to be launched. One that has a record goes back to its agent, onto its reservations.
func wanting(view View, task string, record *tasks.Record) (Status, Reason) {
	if delay, ok := view.Delays[task]; ok && view.Now.Before(delay.Until) {
		return Delayed, Reason{Why: WhyDelay, Failures: delay.Failures, Until: delay.Until, Detail: delay.Message}
	}
	if view.Master != "" {
		return Pending, Reason{Why: WhyMaster, Waits: view.Master}
	}
	look, looked := view.Looks[task]
	if record != nil && record.Status.State == tasks.GoneByOperator {
		return prepared(looked), Reason{Why: WhyAgent, Waits: agentName(record),
			Detail: "it was marked gone for good, and the pod's volume with it; the pod has to be replaced"}
	}
	if record != nil {
		reason := Reason{Why: WhyAgent, Waits: agentName(record), Detail: look}
		if look == "" {
			reason.Detail = "it holds the pod's reservations and has to offer them"
		}
		return prepared(looked), reason
	}
	return prepared(looked), Reason{Why: WhyOffers, Detail: look}
}

// changing judges a task that runs, or ran, under another target.
func changing(view View, record *tasks.Record) (Status, Reason) {
	if record.Stopped() && !record.Status.State.Ended() {
		return Prepared, Reason{Why: WhyStopping, Waits: record.Agent.Hostname, Since: record.Stopping}
	}
	if record.Status.State.Ended() {
		return wanting(view, record.Task, record)
	}
	if record.Status.State == tasks.Unreachable {
		return moving(view, record)
	}
	_, reason := MayStop(view, record.Task)
	return Pending, reason
}

// moving judges a launched task on its way to being ready.
func moving(view View, record *tasks.Record) (Status, Reason) {
	state := record.Status.State
	switch {
	case state.Ended():
		return wanting(view, record.Task, record)
	case state == tasks.Unreachable:
		return Pending, Reason{Why: WhyAgent, Waits: agentName(record),
			Detail: "the master cannot reach it, the task may still run there"}
	case record.Ready():
		return Complete, Reason{}
	case state == tasks.Running:
		return Started, Reason{Why: WhyReadiness, Waits: record.Agent.Hostname, Exit: record.Status.CheckExit,
			Since: record.Status.Since}
	}
	return Starting, Reason{Why: WhyLaunched, Waits: record.Agent.Hostname, Detail: string(state)}
}

// prepared is the SDK's word for a step whose requirement was held against offers and found none.
func prepared(looked bool) Status {
	if looked {
		return Prepared
	}
	return Pending
}

func agentName(record *tasks.Record) string {
	return fmt.Sprintf("%s (%s)", record.Agent.Hostname, record.Agent.ID)
}
