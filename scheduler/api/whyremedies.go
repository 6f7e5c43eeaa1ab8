package api

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// stepRemedy is what a person can do for a step. What comes right by itself, and what waits for something that has an
// entry of its own, has none.
func stepRemedy(state core.State, step plans.Step) string {
	pod := step.Pod.String()
	switch step.Reason.Why {
	case plans.WhyOffers:
		return "See that the master lists agents, and that neither quota nor weights keep offers from the service's role."
	case plans.WhyReadiness:
		return fmt.Sprintf("If it stays so, read %s; pod restart %s starts it again.", whatToRead(step.Pod), pod)
	case plans.WhyDelay:
		return fmt.Sprintf("Read %s for why it failed; pod restart %s ends the delay.", whatToRead(step.Pod), pod)
	case plans.WhyGate:
		if paused, ok := pausedNode(state, step.Reason); ok {
			return fmt.Sprintf("Let that node run again (debug pod resume %s), or pass the gate at your own risk %s", paused, forced(state, step))
		}
		return "Bring back what is named, or pass the gate at your own risk " + forced(state, step)
	case plans.WhyDatabase:
		if step.Reason.Until.IsZero() {
			return "Wait until the database is well, or pass the gate at your own risk " + forced(state, step)
		}
	case plans.WhyAgent:
		back := "Bring the agent back"
		if record := state.Facts.Records[step.Task]; record != nil && record.Away.IsZero() {
			back += " (one that is being drained offers nothing until it is reactivated)"
		}
		return fmt.Sprintf("%s, or give the place and the data on it up (pod replace %s).", back, pod)
	case plans.WhyRoom:
		return fmt.Sprintf("Free what lacks on that agent, set the size back, or replace the pod, which gives it another agent and an empty volume (pod replace %s).", pod)
	case plans.WhyFullStop:
		if step.Reason.Detail == "" {
			return "Wait until it has ended, or cancel it (backup cancel)."
		}
	case plans.WhyLeftover:
		return "Wait: the task is being killed; it ends within its grace, or once its agent can be reached."
	case plans.WhyPaused:
		return fmt.Sprintf("Let it run again (debug pod resume %s).", pod)
	}
	return ""
}

// whatToRead names the files in which a task tells what is wrong. The helper writes its own lines to stdout, the database
// to its log folder.
func whatToRead(pod tasks.Pod) string {
	if pod.Type != tasks.NodePod {
		return "the task's stdout, then its stderr"
	}
	return "the task's stdout (the helper's own lines), then its stderr and the database's logs (the folder logs of its volume)"
}

// pausedNode is the pod of the node that the gate waits for, when somebody has paused it.
func pausedNode(state core.State, reason plans.Reason) (pod string, ok bool) {
	for name, record := range state.Facts.Records {
		if record.Paused && record.Idling && strings.HasPrefix(reason.Waits, name+" ") {
			return record.Pod.String(), true
		}
	}
	return "", false
}

// forced is the command that does what the step waits for without asking the gate.
func forced(state core.State, step plans.Step) string {
	command := "pod " + string(tasks.Restart)
	if record := state.Facts.Records[step.Task]; record != nil {
		switch asked := record.Asked; {
		case record.Replacing():
			command = "pod " + string(tasks.Replace)
		case asked != nil && (asked.Verb == tasks.Pause || asked.Verb == tasks.Resume):
			command = "debug pod " + string(asked.Verb)
		}
	}
	return fmt.Sprintf("(%s %s --force).", command, step.Pod)
}
