package core

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Event is one thing that happened, in our own words.
type Event interface{ event() }

// Subscribed says that the master took us in.
type Subscribed struct {
	FrameworkID string
	// MasterVersion is the master's version, empty when it did not say.
	MasterVersion string
	// MasterID changes with each leading master.
	MasterID string
	// Region and Zone are the master's own fault domain, empty on clusters without.
	Region string
	Zone   string
}

// Disconnected says that the stream ended; the shell is connecting again.
type Disconnected struct{ Reason string }

// Offered brings everything of one OFFERS event, already merged by agent.
type Offered struct{ Offers []offers.Offer }

// Rescinded takes an offer back. Offers live for one frame, so it is only counted.
type Rescinded struct{ OfferID string }

// Updated is a status update.
type Updated struct {
	TaskID  string
	AgentID string
	Status  tasks.Status
	// UUID is empty for updates that must not be acknowledged (all those that the master makes itself).
	UUID []byte
}

// AgentFailed says that an agent is gone, or that an executor ended when ExecutorID is set.
type AgentFailed struct {
	AgentID    string
	ExecutorID string
	Status     int32
}

// MasterError is an ERROR event: the master will not have us any more.
type MasterError struct{ Message string }

// Namesake says that we come without a framework id while the master runs tasks of a framework of our name.
type Namesake struct {
	FrameworkID string
	Tasks       int
}

// Tick is time passing, about once a second.
type Tick struct{}

// ClusterReport is what a node tells of the cluster that it belongs to. Request names the waiting caller.
type ClusterReport struct {
	TaskID    string
	ClusterID string
	Request   uint64
}

// Input is one event with everything that a pure function may not fetch itself.
type Input struct {
	Now   time.Time
	Seed  [16]byte
	Event Event
}

func (Subscribed) event()    {}
func (Disconnected) event()  {}
func (Offered) event()       {}
func (Rescinded) event()     {}
func (Updated) event()       {}
func (AgentFailed) event()   {}
func (MasterError) event()   {}
func (Namesake) event()      {}
func (Tick) event()          {}
func (ClusterReport) event() {}
