package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var askFirst = Invariant{Name: "ask-first", begin: beginAskFirst,
	Says: "Where the database's own word is required, a node that serves is stopped only after this very process has heard " +
		"from the nodes, and no node that answered says that ranges lack a copy or a majority."}

func beginAskFirst() check {
	var heard []plans.NodeView
	processes := 0
	return func(w *World, at Moment) error {
		if processes != w.figures.Processes {
			heard, processes = nil, w.figures.Processes
		}
		switch at := at.(type) {
		case Coming:
			if seen, is := at.Event.(core.DatabaseSeen); is {
				heard = seen.Nodes
			}
		case Stored:
			// The stop is decided when it is stored: the KILL may be left to a later process.
			before, after := at.Before, at.After
			if before == nil || after == nil || before.TaskID != after.TaskID || before.Stopped() || !after.Stopped() ||
				w.Settings.Probes != core.ProbesRequired || w.orders.forced(after.Pod) || w.turns(after) {
				return nil
			}
			if isNode(after) && after.Reached && !after.Idling && after.Ready() {
				return wellSaid(after.Task, heard, readyNodes(w))
			}
		}
		return nil
	}
}

// copies is how many of each range there are usually: fewer nodes always lack some.
const copies = 3

func readyNodes(w *World) int {
	n := 0
	for _, record := range w.records {
		if isNode(record) && record.Ready() {
			n++
		}
	}
	return n
}

func wellSaid(task string, heard []plans.NodeView, ready int) error {
	answers := 0
	for _, view := range heard {
		switch {
		case view.Error != "":
		case view.UnderReplicated > 0 && ready >= copies || view.Unavailable > 0:
			return fmt.Errorf("%s is stopped although %s says that %d ranges lack a copy and %d a majority", task, view.Task,
				view.UnderReplicated, view.Unavailable)
		default:
			answers++
		}
	}
	if answers == 0 {
		return fmt.Errorf("%s is stopped before any node was heard", task)
	}
	return nil
}
