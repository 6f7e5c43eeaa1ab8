package core

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

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
	// FormerKept says that the state of a former scheduler is still put aside: what belongs to its records alone stays reserved.
	FormerKept bool
	// Schedule is the cron expression of scheduled backups, empty without.
	Schedule string
	// FullStop lets a target be taken that nodes can only be brought to when all of them are stopped first: from an insecure
	// cluster to a secure one, and back.
	FullStop bool
	// Uninstall has the service removed.
	Uninstall bool
}

// Probes says what the gate wants of the database's own word, see plans.Probes.
type Probes = plans.Probes

// The values of Probes.
const (
	ProbesRequired = plans.ProbesRequired
	ProbesUsed     = plans.ProbesUsed
	ProbesOff      = plans.ProbesOff
)

// ReplacePolicy replaces pods whose agent stays away.
type ReplacePolicy struct {
	Enabled bool
	// After is how long the agent has to be away.
	After time.Duration
	// Gap is the least time between two replacements.
	Gap time.Duration
}
