package sim

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var removed = Invariant{Name: "removed", begin: beginRemoved,
	Says: "A removal ends in bounded time, whatever failed on the way, and leaves nothing: no framework, no task, no reservation and " +
		"no volume on an agent that can be reached, and no key in the store. Nothing is launched once it has begun, and the store is " +
		"not emptied while the framework is registered."}

func beginRemoved() check {
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Leaving:
			accept, accepts := at.Call.(core.Accept)
			_, tears := at.Call.(core.Teardown)
			switch {
			case accepts && accept.Launch != nil && w.Store["uninstall"] != nil:
				return fmt.Errorf("%s is launched while the service is being removed", accept.Launch.Record.Task)
			case tears && w.Store["uninstall"] == nil:
				return fmt.Errorf("the master is asked to remove the framework, and nobody would know that if the answer got lost")
			}
		case Framed:
			if w.state.Removing.Done && w.known() {
				return fmt.Errorf("the store is empty, and the framework %s is registered", w.registered)
			}
		case Uninstalled:
			return nothingLeft(w)
		}
		return nil
	}
}

// known says that the master has our framework.
func (w *World) known() bool {
	for _, framework := range w.Model.State().Frameworks {
		if w.registered != "" && framework.ID == w.registered {
			return true
		}
	}
	return false
}

func nothingLeft(w *World) error {
	if len(w.Store) > 0 {
		return fmt.Errorf("the store still has %v", slices.Sorted(maps.Keys(w.Store)))
	}
	if plan := w.state.Plans[0]; len(w.state.Plans) != 1 || plan.Name != plans.DeployPlan || plan.Status != plans.Complete {
		return fmt.Errorf("%d plans, the first is %s %s", len(w.state.Plans), plan.Name, plan.Status)
	}
	if running := w.Running(); len(running) > 0 {
		return fmt.Errorf("these tasks still run: %v", running)
	}
	for _, agent := range w.Model.State().Agents {
		for _, resource := range agent.Total {
			if agent.Connection == "up" && w.registered != "" && labelOf(resource, tasks.LabelFrameworkID) == w.registered {
				return fmt.Errorf("%s is reserved for us on %s, volume %q", resource.Name, agent.ID, resource.GetDisk().GetPersistence().GetID())
			}
		}
	}
	if problems := w.Problems(); len(problems) > 0 {
		return fmt.Errorf("the model was told what it had no place for: %v", problems)
	}
	return nil
}
