package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

var reconcileFirst = Invariant{Name: "reconcile-first", begin: beginReconcileFirst,
	Says: "Nothing is launched before the master has answered, on this very subscription, for each task that may be alive."}

func beginReconcileFirst() check {
	open := map[string]string{}
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Coming:
			switch event := at.Event.(type) {
			case core.Subscribed:
				clear(open)
				for name, record := range w.records {
					if !record.Status.State.Ended() {
						open[record.TaskID] = name
					}
				}
			case core.Updated:
				delete(open, event.TaskID)
			}
		case Leaving:
			accept, is := at.Call.(core.Accept)
			if is && accept.Launch != nil && len(open) > 0 {
				return fmt.Errorf("%s is launched before reconciliation is done, no answer yet for %v", accept.Launch.Record.Task, open)
			}
		}
		return nil
	}
}
