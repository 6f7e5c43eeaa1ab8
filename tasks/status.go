package tasks

import "time"

// State is a task's state by its name in Mesos.
type State string

// States of Mesos, and Staging, which we write ourselves before the launch leaves.
const (
	Staging        State = "TASK_STAGING"
	Starting       State = "TASK_STARTING"
	Running        State = "TASK_RUNNING"
	Killing        State = "TASK_KILLING"
	Finished       State = "TASK_FINISHED"
	Failed         State = "TASK_FAILED"
	Killed         State = "TASK_KILLED"
	Errored        State = "TASK_ERROR"
	Lost           State = "TASK_LOST"
	Dropped        State = "TASK_DROPPED"
	Unreachable    State = "TASK_UNREACHABLE"
	Gone           State = "TASK_GONE"
	GoneByOperator State = "TASK_GONE_BY_OPERATOR"
	Unknown        State = "TASK_UNKNOWN"
)

// Ended says that a task in this state does not run and never will again under the same id. TASK_LOST counts: the
// master sends it for a removed agent even to partition-aware frameworks, and such an agent cannot come back with
// its tasks (recorded from Mesos 1.12).
func (s State) Ended() bool {
	switch s {
	case Finished, Failed, Killed, Errored, Lost, Dropped, Gone, GoneByOperator, Unknown:
		return true
	}
	return false
}

// Alive says that the task's process is there or on its way.
func (s State) Alive() bool {
	switch s {
	case Staging, Starting, Running, Killing:
		return true
	}
	return false
}

// Status is what is known of a task, from its last status update.
type Status struct {
	State   State  `json:"state"`
	Reason  string `json:"reason,omitempty"`
	Source  string `json:"source,omitempty"`
	Message string `json:"message,omitempty"`
	// Healthy is nil until the first health result.
	Healthy *bool `json:"healthy,omitempty"`
	// CheckExit is the exit code of the last readiness check, nil until there is one.
	CheckExit *int32 `json:"check_exit,omitempty"`
	// HasCheck says that Mesos reported a check at all: a task without one is ready once it runs.
	HasCheck bool `json:"has_check,omitempty"`
	// IPs are the container's addresses.
	IPs []string `json:"ips,omitempty"`
	// ContainerID and ParentID name the container at the agent, for tools that read its metrics.
	ContainerID string `json:"container_id,omitempty"`
	ParentID    string `json:"parent_id,omitempty"`
	// At is when the source made the update.
	At time.Time `json:"at"`
	// Since is when the task came into this state, as seen by the scheduler.
	Since time.Time `json:"since"`
}
