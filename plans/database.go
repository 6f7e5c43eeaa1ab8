package plans

import "time"

// NodeView is what one database node says over HTTP (/_status/vars, reference: cockroachdb-versions.md, 3.2), or why it
// did not.
type NodeView struct {
	Task   string
	TaskID string
	At     time.Time
	// Error is why the node could not be asked; the numbers mean nothing then.
	Error string
	// Live is the number of nodes that this one holds for alive, itself included (liveness_livenodes).
	Live int
	// UnderReplicated and Unavailable count the ranges that this node leads and that lack a copy, or a majority.
	UnderReplicated int
	Unavailable     int
}

// Database is the latest word of each node, by task.
type Database map[string]NodeView
