package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var leftovers = Invariant{Name: "leftovers", begin: beginLeftovers,
	Says: "Once things are quiet, exactly what the records hold is reserved for us on the agents that can be reached: nothing " +
		"is left over, and nothing is missing."}

func beginLeftovers() check {
	return func(w *World, at Moment) error {
		if _, is := at.(Settled); !is {
			return nil
		}
		held := map[string]string{}
		for _, name := range w.names() {
			for _, resource := range w.records[name].Held {
				held[resource.ID()] = name
			}
		}
		reserved := map[string]bool{}
		for _, agent := range w.Model.State().Agents {
			if agent.Connection != "up" {
				continue // lost for good: nobody can clean up there
			}
			for _, resource := range agent.Total {
				if labelOf(resource, tasks.LabelFrameworkID) != w.FrameworkID() {
					continue
				}
				id := labelOf(resource, tasks.LabelResourceID)
				if held[id] == "" {
					return fmt.Errorf("%s is reserved as %s on %s, and no record holds it", resource.Name, id, agent.ID)
				}
				reserved[id] = true
			}
		}
		for id, name := range held {
			if !reserved[id] {
				return fmt.Errorf("%s holds %s, and nothing is reserved under that id", name, id)
			}
		}
		return nil
	}
}
