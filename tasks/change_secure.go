package tasks

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// RefuseSecure refuses to turn TLS between nodes on or off, because nodes that speak it and nodes that do not cannot talk to each other
// (cockroachdb-versions.md, section 5): all of them have to be stopped, which somebody has to want. Running are the targets that
// nodes were launched under; without one the change is no matter, nor where none of them is of the other mode (a change that is
// taken back before anything came of it), and what is in force was not refused. A full stop that is wanted may not change the database's version in the same breath:
// should the nodes not come up, nobody would know which of the two it was, and the way back would be closed.
func RefuseSecure(inForce, after Target, running []Target, fullStop bool) []Fault {
	var faults []Fault
	for _, before := range running {
		if before.Service.Secure == after.Service.Secure {
			continue
		}
		if !fullStop && inForce.Service.Secure != after.Service.Secure {
			faults = append(faults, transition("TLS_ENABLED", fmt.Sprint(before.Service.Secure), fmt.Sprint(after.Service.Secure),
				"nodes with TLS and nodes without cannot talk to each other, so all nodes have to be stopped at the same time, and the database is "+
					"down until they are started again", "set TLS_CHANGE=full-stop with it, see docs/secure-cluster.md; or set it back"))
		}
		if old, now := databaseVersion(before), databaseVersion(after); old != now && old != (cockroach.Version{}) && now != (cockroach.Version{}) {
			faults = append(faults, transition("COCKROACH_VERSION", old.String(), now.String(), "TLS_ENABLED changes too, which stops all nodes: one thing at a time",
				"change one of the two first, and the other once the deploy plan is complete"))
		}
	}
	return distinct(faults)
}

// FullStop says that going to a target stops all nodes together, because it is of the other mode than one of those that nodes were
// launched under.
func FullStop(after Target, running []Target) bool {
	for _, before := range running {
		if before.Service.Secure != after.Service.Secure {
			return true
		}
	}
	return false
}
