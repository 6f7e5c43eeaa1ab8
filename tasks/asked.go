package tasks

import "time"

// Verb is what can be asked for a pod.
type Verb string

// Verbs for pods, by the SDK's names (section 4.3 and 4.4).
const (
	// Restart ends the pod's tasks and launches them again in place, on the same volume.
	Restart Verb = "restart"
	// Replace gives the pod up where it is, with its volume, and launches it anew elsewhere.
	Replace Verb = "replace"
	// Pause lets the pod idle in place, with its volume; Resume ends that.
	Pause  Verb = "pause"
	Resume Verb = "resume"
)

// Who asks.
const (
	// ByOperator is a person, through API or CLI.
	ByOperator = "operator"
	// ByPlan is a plan that was restarted by hand.
	ByPlan = "plan"
	// ByTimeout is the policy for agents that stay away (ENABLE_AUTOMATIC_POD_REPLACEMENT).
	ByTimeout = "timeout"
	// ByMaintenance is the announcement that the agent goes away.
	ByMaintenance = "maintenance"
	// ByAgentGone is the operator of Mesos, who marked the agent gone for good.
	ByAgentGone = "agent gone"
)

// Asked is a restart or a replacement that is wanted and waits for the gate, or for a place. It is stored before the caller
// hears that it was taken, so it outlives the process.
type Asked struct {
	Verb Verb `json:"verb"`
	// By says who asked.
	By string    `json:"by"`
	At time.Time `json:"at"`
	// Force passes the gate: a person takes the responsibility.
	Force bool `json:"force,omitempty"`
}

// KeepsUntilPlaced says that the old place is kept until a new one is found: nobody decided that the data there may go, only
// that it is not worth waiting for.
func (a *Asked) KeepsUntilPlaced() bool {
	return a != nil && a.Verb == Replace && (a.By == ByTimeout || a.By == ByMaintenance)
}
