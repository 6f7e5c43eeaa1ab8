package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// State is a copy of what the master knows.
type State struct {
	MasterID   string
	Version    string
	Elected    time.Time
	Agents     []AgentState     // registered, down, unreachable and recovered ones, in order of registration
	Frameworks []FrameworkState // in order of first subscription
	Completed  []FrameworkState // torn down
}

// AgentState is one agent as the master sees it.
type AgentState struct {
	ID         string
	Spec       AgentSpec
	Registered time.Time
	// Connection is "up", "down" (silent, not yet timed out), "unreachable" or "recovered" (known from before a master
	// fail-over, not yet back).
	Connection string
	// Deactivated agents are not offered; Drain is "", "DRAINING" or "DRAINED".
	Deactivated bool
	Drain       string
	// Total, Used and Offered are in the new reservation format, without allocation.
	Total, Used, Offered []mesos.Resource
	// PendingUpdates counts statuses that wait for an acknowledgement.
	PendingUpdates int
}

// FrameworkState is one framework as the master sees it.
type FrameworkState struct {
	ID         string
	Info       mesos.FrameworkInfo
	Subscribed time.Time
	Connected  bool
	StreamID   string
	Suppressed []string // roles
	Offers     []mesos.Offer
	Tasks      []TaskState // in order of launch; finished ones stay until acknowledged
	Completed  []TaskState // terminal and acknowledged
}

// TaskState is one task as the master sees it.
type TaskState struct {
	Info       mesos.TaskInfo
	AgentID    string
	ExecutorID string
	State      mesos.TaskState
	Statuses   []mesos.TaskStatus // the latest of each state, oldest first
	Healthy    *bool
}
