package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var oneDown = Invariant{Name: "one-down", begin: beginOneDown,
	Says: "Never are two database nodes down by our hand: a node that serves is told to end only while every other node that " +
		"ever served is ready and not on its way down. What a person forces is that person's hand. " +
		"Nodes that are to speak TLS, or no more, stop together."}

func beginOneDown() check {
	// served are tasks that were ever ready, by name, and by id: one that was not ready since its launch serves nobody.
	told, served := map[string]bool{}, map[string]bool{}
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Stored:
			if at.After != nil && isNode(at.After) && at.After.Ready() && !at.After.Idling {
				served[at.After.Task], served[at.After.TaskID] = true, true
			}
		case Leaving:
			kill, is := at.Call.(core.Kill)
			if !is || told[kill.TaskID] {
				// A KILL that is repeated takes nobody down who is not going down already.
				return nil
			}
			told[kill.TaskID] = true
			return mayEnd(w, kill.TaskID, served)
		}
		return nil
	}
}

func mayEnd(w *World, taskID string, served map[string]bool) error {
	target := w.recordOf(taskID)
	if target == nil || !isNode(target) || !target.Reached || !served[target.TaskID] || w.orders.forced(target.Pod) || w.turns(target) {
		return nil
	}
	for _, name := range w.names() {
		other := w.records[name]
		switch {
		case other == target || !isNode(other):
		case other.Stopped() && other.Status.State.Alive():
			return fmt.Errorf("%s is killed while %s is being stopped", target.Task, name)
		case served[name] && other.Idling:
			return fmt.Errorf("%s is killed while %s idles", target.Task, name)
		case served[name] && !other.Ready():
			return fmt.Errorf("%s is killed while %s is %s and not ready", target.Task, name, other.Status.State)
		}
	}
	return nil
}

func isNode(record *tasks.Record) bool { return record.Pod.Type == tasks.NodePod }
