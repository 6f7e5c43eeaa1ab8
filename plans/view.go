package plans

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// View is every fact that plans are derived from.
type View struct {
	Now    time.Time
	Target tasks.Target
	// Targets are the one in force and those that records were launched under, by id.
	Targets map[string]tasks.Target
	// FullStop says that the stop of all nodes, for the target in force, has begun and is not over.
	FullStop bool
	// Faults are why a newer target was refused.
	Faults []string
	// Records by full task name.
	Records map[string]*tasks.Record
	// Delays by full task name; one that has ended is as good as none.
	Delays map[string]Delay
	// Looks says what came of the last offers, by full task name. A task in it has been evaluated: PREPARED.
	Looks map[string]string
	// Recovered are the tasks that recovery has brought back since the process started.
	Recovered []string
	// Hands are what people did to plans, by plan.
	Hands map[string]Hand
	// Database is the nodes' own word on the database, and Probes what the gate wants of it.
	Database Database
	Probes   Probes
	// Leftovers are the agents on which an older task of a pod still runs and is being killed, by full task name.
	Leftovers map[string]string
	// Empty says that no cluster was initialised yet: no volume holds anything.
	Empty bool
	// Unheard are tasks that are to move for a maintenance that this process has not heard of: it may have been called off.
	Unheard map[string]bool
	// Fits says when an offer was last seen on which a task that is to move or to grow would fit, by FitKey.
	Fits map[string]time.Time
	// Jobs are backups, restores and verifications by id.
	Jobs map[string]tasks.Job
	// Certificates is what every node's certificate should be, and who is told next.
	Certificates Certificates
	// Master says why nothing can be launched at all, empty when the master is there and reconciliation is done.
	Master string
	// Uninstall says that the service is being removed, Removal what that has found and done, nil when there was nothing to
	// remove. Removed says that it is over. Before LookUntil something may still be found.
	Uninstall bool
	Removal   *Removal
	Removed   bool
	LookUntil time.Time
	// Last are the plans that were derived before, and Order the tasks as they were ordered then. Nothing follows from them: names
	// and ids that are still the same are taken from there, because making them anew takes most of the time.
	Last  []Plan
	Order []string

	digest *digest
}

// Delay is the back-off of a task that fails.
type Delay struct {
	Failures int
	Until    time.Time
	// Message is what the task's last status said.
	Message string
}

// Derive makes all plans, in the order in which the API lists them.
func Derive(view View) []Plan {
	if view.Uninstall {
		return []Plan{Uninstall(view)}
	}
	view = view.digested()
	deploy := Deploy(view)
	all := []Plan{deploy, Recovery(view, deploy)}
	if view.Target.Service.Secure || len(view.Certificates.Authorities) > 0 {
		all = append(all, Rotate(view))
	}
	if _, able := view.Target.Pod(tasks.AdminPod); able {
		for _, kind := range tasks.JobKinds {
			all = append(all, Jobs(view, kind))
		}
	}
	return all
}

// last are the steps of a phase as they were derived before.
func (v View) last(plan, phase string) []Step {
	for _, p := range v.Last {
		if p.Name != plan {
			continue
		}
		for _, ph := range p.Phases {
			if ph.Name == phase {
				return ph.Steps
			}
		}
	}
	return nil
}
