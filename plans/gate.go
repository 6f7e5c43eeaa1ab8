package plans

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// MayStop is the gate: it says whether a healthy task may be taken down on purpose, and what is waited for if not. No
// two database nodes are ever down by our hand, so a node may stop only while every other node runs and is ready.
// Tasks that are not the database may stop at any time. The gate never holds a launch back: it is asked before a
// disruption only.
func MayStop(view View, task string) (bool, Reason) {
	record := view.Records[task]
	if record == nil || record.Pod.Type != tasks.NodePod {
		return true, Reason{}
	}
	// A node that was never ready under its target serves nobody: only stops that are under way count against it. One
	// that has served counts as up, even while it says that it is not ready.
	serving := record.Reached
	for _, name := range sortedTasks(view.Records) {
		other := view.Records[name]
		if name == task || other.Pod.Type != tasks.NodePod {
			continue
		}
		if other.Stopped() && !other.Status.State.Ended() {
			return false, Reason{Why: WhyGate, Waits: name + " is being stopped"}
		}
		if serving && !other.Ready() {
			return false, Reason{Why: WhyGate, Waits: fmt.Sprintf("%s is not ready (%s)", name, other.Status.State)}
		}
	}
	return true, Reason{}
}

// MayGoOn says whether a stop that was decided by an earlier process may still be carried out. Nodes that are being
// stopped themselves do not count, or two stops that were decided would wait for each other for ever.
func MayGoOn(view View, task string) bool {
	record := view.Records[task]
	if record == nil || record.Pod.Type != tasks.NodePod || !record.Reached {
		return true
	}
	for name, other := range view.Records {
		if name != task && other.Pod.Type == tasks.NodePod && other.Reached && !other.Stopped() && !other.Ready() {
			return false
		}
	}
	return true
}
