package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var volumes = Invariant{Name: "volumes", begin: beginVolumes,
	Says: "No volume of a node that was ready once is destroyed, or dropped from the store, unless its pod was replaced by a " +
		"person, by policy, or because its agent is gone for good, or the service is being removed; and the store says so first."}

func beginVolumes() check {
	holder, given := map[string]string{}, map[string]bool{}
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Stored:
			return followVolume(w, at, holder, given)
		case Leaving:
			accept, is := at.Call.(core.Accept)
			if !is {
				return nil
			}
			for _, volume := range accept.Destroy {
				id := volume.PersistenceID()
				if task, held := holder[id]; held && !given[id] {
					return fmt.Errorf("the volume %s of %s, which was ready once, is destroyed", id, task)
				}
			}
		}
		return nil
	}
}

// followVolume notes who holds data, and who was given up and whether somebody wanted that.
func followVolume(w *World, at Stored, holder map[string]string, given map[string]bool) error {
	if at.After != nil && at.After.Ready() && at.After.VolumeID() != "" {
		holder[at.After.VolumeID()] = at.After.Task
	}
	if at.Before == nil {
		return nil
	}
	id := at.Before.VolumeID()
	if _, holds := holder[id]; !holds {
		return nil
	}
	kept := at.After != nil && at.After.VolumeID() == id
	if kept && at.After.GivenUp.IsZero() {
		return nil
	}
	if !given[id] && !w.wantsGone(at.Before, at.After) {
		return fmt.Errorf("%s gives up its volume %s, and nobody asked for that", at.Before.Task, id)
	}
	given[id] = true
	return nil
}

// wantsGone says that somebody decided that a pod's volume may go: a person asked for a replacement, the agent is gone for
// good, or a policy that is switched on has the right to.
func (w *World) wantsGone(before, after *tasks.Record) bool {
	if w.Settings.Uninstall || w.orders.replaced[before.Pod.String()] || w.gone[before.Agent.ID] {
		return true
	}
	asked := before.Asked
	if asked == nil && after != nil {
		asked = after.Asked
	}
	switch {
	case asked == nil || asked.Verb != tasks.Replace:
		return false
	case asked.By == tasks.ByTimeout:
		return w.Settings.Replace.Enabled && w.awayFor(before.Agent.ID) >= w.Settings.Replace.After
	case asked.By == tasks.ByMaintenance:
		return w.announced[before.Agent.ID]
	}
	return false
}
