package launch

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Launch is everything that a launch message is made from.
type Launch struct {
	FrameworkID string
	Target      tasks.Target
	Record      tasks.Record
	// Refined says which form of reservations the master speaks.
	Refined bool
	// Alone launches the task without a group round it, for agents whose default executor cannot run ours (Mesos before 1.3).
	Alone bool
}
