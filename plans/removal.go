package plans

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Removal is what the removal of the whole service has found and done. It is stored, so that a successor goes on where a
// process ended, and so that nobody deploys the service anew in the middle of it.
type Removal struct {
	// Since is when the removal began. There is no way back.
	Since time.Time `json:"since"`
	// Teardown is when the master was first asked to remove the framework, zero before: nothing was left to be done then.
	Teardown time.Time `json:"teardown,omitzero"`
	// Left is what is, or was, there of the service, by agent id. Each is stored by itself; a value is never changed, only
	// replaced.
	Left map[string]*Left `json:"-"`
}

// Left is what the service has, or had, on one agent.
type Left struct {
	Agent tasks.Agent `json:"agent"`
	// Away is since when the master cannot reach the agent, or does not know it, zero while it can.
	Away      time.Time      `json:"away,omitzero"`
	Tasks     []LeftTask     `json:"tasks,omitempty"`
	Resources []LeftResource `json:"resources,omitempty"`
}

// LeftTask is a task that is to end.
type LeftTask struct {
	ID    string      `json:"id"`
	State tasks.State `json:"state"`
}

// LeftResource is a reservation that is to be given back, with the volume on it if it has one.
type LeftResource struct {
	// ID is the label that we reserved it with.
	ID   string `json:"id"`
	Kind string `json:"kind"`
	// Volume is the persistence id of the volume on it, empty without.
	Volume string `json:"volume,omitempty"`
	// Given is when we last gave it back, zero before. Mesos says nothing to that; it is stored before the call leaves.
	Given time.Time `json:"given,omitzero"`
	// Gone says that the agent does not have it any more.
	Gone bool `json:"gone,omitempty"`
}

// Open counts what is not gone yet.
func (l *Left) Open() (resources int) {
	for _, resource := range l.Resources {
		if !resource.Gone {
			resources++
		}
	}
	return resources
}

// Ended says that no task of ours is there any more.
func (l *Left) Ended() bool {
	for _, task := range l.Tasks {
		if !task.State.Ended() {
			return false
		}
	}
	return true
}
