package core

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// Call is one call to the master, in our own words; scheduler/mesos turns it into the protocol's.
type Call interface{ call() }

// Accept uses the offers of one agent: operations in the order that Mesos needs them, then the launch. Whatever of
// the offers is left over is refused for Refuse.
type Accept struct {
	OfferIDs []string
	// Operations come in this order: DESTROY, UNRESERVE, RESERVE, CREATE.
	Destroy   []tasks.Resource
	Unreserve []tasks.Resource
	Reserve   []tasks.Resource
	Create    []tasks.Resource
	// Launch is nil when only reservations are cleaned.
	Launch *launch.Launch
	Refuse time.Duration
	// Refined says which form of reservations the master speaks.
	Refined bool
}

// Decline gives offers back, all in one call.
type Decline struct {
	OfferIDs []string
	Refuse   time.Duration
}

// Revive asks for offers again and clears all filters.
type Revive struct{}

// Suppress asks for no more offers.
type Suppress struct{}

// Kill ends a task. AgentID may be empty when it is not known.
type Kill struct {
	TaskID  string
	AgentID string
}

// Reconcile asks for the state of these tasks; none means all that the master knows.
type Reconcile struct{ Tasks []TaskOnAgent }

// TaskOnAgent names a task for reconciliation. The agent's id matters: without it the master cannot answer for an
// unreachable agent (recorded from Mesos 1.12).
type TaskOnAgent struct {
	TaskID  string
	AgentID string
}

// Acknowledge confirms a status update. It leaves only after what the update changed is stored.
type Acknowledge struct {
	AgentID string
	TaskID  string
	UUID    []byte
}

// AnswerInverse agrees to an announced absence of an agent, or does not yet.
type AnswerInverse struct {
	OfferID string
	Agree   bool
	// Refuse is for how long the master need not ask again.
	Refuse time.Duration
}

// Teardown removes the framework with every task that it still has.
type Teardown struct{}

func (Teardown) call()      {}
func (AnswerInverse) call() {}
func (Accept) call()        {}
func (Decline) call()       {}
func (Revive) call()        {}
func (Suppress) call()      {}
func (Kill) call()          {}
func (Reconcile) call()     {}
func (Acknowledge) call()   {}
