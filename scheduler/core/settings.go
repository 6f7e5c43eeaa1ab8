package core

import "time"

// Settings are how the core behaves towards failures and announcements. They are the process' own, not the target's: a
// change of them restarts no task.
type Settings struct {
	BackOff BackOff
	// Probes says what the gate wants of the database's own word.
	Probes Probes
	// Replace is the policy for pods whose agent stays away.
	Replace ReplacePolicy
	// MoveOver is how long an announced absence of an agent has to be for its pods to be moved before it begins.
	MoveOver time.Duration
}

// Probes says how the gate treats what nodes say of the database.
type Probes string

// With ProbesRequired a disruption waits until the nodes have said that all is well; with ProbesUsed only a bad word holds
// it back, silence does not; with ProbesOff nobody is asked.
const (
	ProbesRequired Probes = "required"
	ProbesUsed     Probes = "used"
	ProbesOff      Probes = "off"
)

// ReplacePolicy replaces pods whose agent stays away.
type ReplacePolicy struct {
	Enabled bool
	// After is how long the agent has to be away.
	After time.Duration
	// Gap is the least time between two replacements.
	Gap time.Duration
}
