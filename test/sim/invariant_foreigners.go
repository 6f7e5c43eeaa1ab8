package sim

import (
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

var foreigners = Invariant{Name: "foreigners", begin: beginForeigners,
	Says: "Nothing of another owner is used, destroyed or given back: what an ACCEPT names is unreserved or carries the label " +
		"of our framework, and what another framework holds in our role is there at the end."}

func beginForeigners() check {
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Leaving:
			accept, is := at.Call.(core.Accept)
			if !is {
				return nil
			}
			lists := [][]tasks.Resource{accept.Destroy, accept.Unreserve, accept.Reserve, accept.Create}
			if accept.Launch != nil {
				for _, held := range accept.Launch.Record.Held {
					lists = append(lists, []tasks.Resource{held.Resource})
				}
			}
			for _, list := range lists {
				for _, resource := range list {
					if owner := resource.Label(tasks.LabelFrameworkID); owner != w.FrameworkID() {
						return fmt.Errorf("an ACCEPT names %s of the owner %q", resource.Kind, owner)
					}
				}
			}
		case Settled, Uninstalled:
			for _, agent := range w.Model.State().Agents {
				there := slices.ContainsFunc(agent.Total, func(resource mesos.Resource) bool {
					return labelOf(resource, tasks.LabelFrameworkID) == Stranger
				})
				if w.holds[agent.ID] && !there {
					return fmt.Errorf("what another framework held on %s is gone", agent.ID)
				}
			}
		}
		return nil
	}
}

// Stranger is the framework id that another framework's reservations are labelled with.
const Stranger = "another"

func labelOf(resource mesos.Resource, key string) string {
	for _, reservation := range resource.Reservations {
		for _, label := range reservation.GetLabels().GetLabels() {
			if label.Key == key {
				return label.GetValue()
			}
		}
	}
	return ""
}
