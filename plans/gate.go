package plans

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// MayStop is the gate: it says whether a healthy task may be taken down on purpose, and what is waited for if not. No
// two database nodes are ever down by our hand, so a node may stop only while every other node runs and is ready, and
// while the database itself says that it can spare one. Tasks that are not the database may stop at any time, and so may
// what a person forces. The gate never holds a launch back: it is asked before a disruption only.
func MayStop(view View, task string) (bool, Reason) {
	record := view.Records[task]
	if record == nil || record.Pod.Type != tasks.NodePod || record.Forced() {
		return true, Reason{}
	}
	// A node that serves nobody may go down while others are down too: only stops that are under way count against it.
	view = view.digested()
	serving := serves(record)
	if ok, reason := others(view, task, serving); !ok {
		return false, reason
	}
	if !serving || !record.Ready() {
		// The database misses this very node, or never had it: its word cannot hold the cure back.
		return true, Reason{}
	}
	return view.digest.well, view.digest.ill
}

// serves says that a node has served since its launch: it counts as up, even while it says for a moment that it is not
// ready. A node that was never ready under its target, or since its launch, or that idles, serves nobody.
func serves(record *tasks.Record) bool {
	return record.Reached && !record.Idling && (record.Ready() || !record.ReadyAt.IsZero())
}

// MayReplace is the gate for giving a pod up with its volume: as MayStop, and also for a node that is down already, because
// the copies on its volume may be the last but one. A cluster of fewer than three nodes has no copies to spare at all.
func MayReplace(view View, task string) (bool, Reason) {
	record := view.Records[task]
	if record == nil || record.Pod.Type != tasks.NodePod || record.Forced() {
		return true, Reason{}
	}
	view = view.digested()
	if ok, reason := others(view, task, true); !ok {
		return false, reason
	}
	if view.Empty {
		return true, Reason{}
	}
	if len(view.digest.order) > 0 && readyBeside(view, task) < copies-1 {
		return false, Reason{Why: WhyGate, Waits: fmt.Sprintf("its volume may hold the only copy of some data, because fewer than %d other nodes are there", copies-1)}
	}
	if record.Ready() {
		return view.digest.well, view.digest.ill
	}
	return available(view, record)
}

// readyBeside counts the other nodes that are ready.
func readyBeside(view View, task string) int {
	count := 0
	for name, other := range view.Records {
		if name != task && other.Pod.Type == tasks.NodePod && other.Ready() {
			count++
		}
	}
	return count
}

// others says whether every other node lets this one go down.
func others(view View, task string, serving bool) (bool, Reason) {
	if reason, hindered := beside(view.digest.stopping, task); hindered {
		return false, reason
	}
	if reason, hindered := beside(view.digest.idle, task); serving && hindered {
		return false, reason
	}
	return true, Reason{}
}

// MayGoOn says whether a stop that was decided by an earlier process may still be carried out: every other node has to be
// ready, or to be on the way down by a stop that was decided too, or two such stops would wait for each other for ever. A stop
// that gives the volume up asks the whole gate again.
func MayGoOn(view View, task string) bool {
	record := view.Records[task]
	if record == nil || record.Pod.Type != tasks.NodePod || record.Forced() {
		return true
	}
	if !record.GivenUp.IsZero() {
		ok, _ := MayReplace(view, task)
		return ok
	}
	if !record.Reached || record.Idling {
		return true
	}
	if view.FullStop && view.crosses(record) {
		return true
	}
	for name, other := range view.Records {
		if name == task || other.Pod.Type != tasks.NodePod {
			continue
		}
		// A stop that a person forces goes on whatever happens, so this one has to give way.
		if down := !other.Ready() && !other.Stopped(); down || other.Stopped() && other.Forced() {
			return false
		}
	}
	return true
}
