package wire

import "time"

// Why is the answer to GET /v1/debug/why, which is ours: everything that does not move, and why. An empty Waiting means
// that nothing waits for anything.
//
//	{
//	  "service": "cockroachdb",
//	  "at": "2026-11-22T12:00:00Z",
//	  "waiting": [
//	    {"kind": "step", "subject": "cockroachdb-2:[node-join]", "plan": "deploy", "phase": "node-deploy",
//	     "step": "cockroachdb-2:[node-join]", "status": "PREPARED", "why": "offers", "text": "waits for an offer: …",
//	     "remedy": "Free 2008.000 MiB more mem on an agent, …",
//	     "refusals": {"agents": 3, "since": "…", "last": "…",
//	       "causes": [{"kind": "short", "agents": 3, "text": "3 lack mem (3032 needed, best 1024)", "remedy": "…"}],
//	       "nearest": {"agentId": "…", "hostname": "a1", "causes": ["mem 3032 needed, 1024 free"]}}}
//	  ],
//	  "database": [
//	    {"task": "cockroachdb-0-node-init", "at": "…", "age": 12, "live": 3, "underReplicated": 0, "unavailable": 0}
//	  ]
//	}
type Why struct {
	Service string `json:"service"`
	// At is when this was true, to the second.
	At time.Time `json:"at"`
	// Waiting begins with what holds everything back (target, master, reconciliation), then hands, steps, orders, pauses,
	// nodes that are not ready, agents, absences, certificates.
	Waiting List[Waiting] `json:"waiting"`
	// Database is the latest word of each node, well or not. It is here because the gate goes by it.
	Database List[NodeView] `json:"database"`
}

// Kinds of Waiting.
const (
	// WaitsTarget is a fault of new settings that were refused; the old ones stay in force.
	WaitsTarget = "target"
	// WaitsMaster says that there is no connection to a master.
	WaitsMaster = "master"
	// WaitsReconciliation says that nothing is launched before the master answered for every task.
	WaitsReconciliation = "reconciliation"
	// WaitsHand is a plan or phase that somebody has paused.
	WaitsHand = "hand"
	// WaitsStep is a step that is not COMPLETE.
	WaitsStep = "step"
	// WaitsOrder is a restart, replacement, pause or resume that was asked for and is not done.
	WaitsOrder = "order"
	// WaitsPaused is a task that idles, or is about to, because somebody paused it.
	WaitsPaused = "paused"
	// WaitsAgent is an agent that the master cannot reach.
	WaitsAgent = "agent"
	// WaitsUnready is a database node that runs and is not ready, where no step says so.
	WaitsUnready = "unready"
	// WaitsAbsence is an announcement that an agent will be away (Mesos' maintenance).
	WaitsAbsence = "absence"
	// WaitsCertificate is a certificate or an authority that expires soon, or a change of one that waits or does not get on.
	WaitsCertificate = "certificate"
)

// Waiting is one thing that does not move.
type Waiting struct {
	// Kind is one of the Waits… constants.
	Kind string `json:"kind"`
	// Subject is what does not move: a step, plan, task, agent, setting.
	Subject string `json:"subject"`
	// Plan, Phase and Step say where in the plans, left out where it is in none.
	Plan  string `json:"plan,omitempty"`
	Phase string `json:"phase,omitempty"`
	Step  string `json:"step,omitempty"`
	// Status is that of the step, or of the paused plan, phase or task.
	Status Status `json:"status,omitempty"`
	// Why is the kind of a step's reason: earlier-step, offers, launched, readiness, delay, stopping, gate, database, agent,
	// master, paused, plan-paused, replacing, restart, leftover.
	Why string `json:"why,omitempty"`
	// Text says it in words.
	Text string `json:"text"`
	// Since is since when; Until is when a delay, a hold-back, the patience with an agent or an announced absence ends. Both are left out when they are not known.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Remedy says what a person can do; left out when it comes right by itself.
	Remedy string `json:"remedy,omitempty"`
	// Refusals fold the last offers, for steps that wait for one.
	Refusals *Refusals `json:"refusals,omitempty"`
	// Order is set for the kind order.
	Order *Order `json:"order,omitempty"`
}

// Refusals are why offers were not taken, folded over the agents of the last minutes.
type Refusals struct {
	// Agents is how many different agents were looked at and refused.
	Agents int `json:"agents"`
	// AgentID is set when the pod waits for one agent, where its volume is.
	AgentID string    `json:"agentId,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Last    time.Time `json:"last,omitzero"`
	// Causes are the most frequent first.
	Causes List[Cause] `json:"causes"`
	// Nearest is the agent that lacks least; left out when none was refused.
	Nearest *Nearest `json:"nearest,omitempty"`
}

// Cause is one cause of refusals, with how many agents it keeps away and what to change.
type Cause struct {
	// Kind is short, port-taken, no-port, no-mount, placement, reservation-lacking, volume-lost, volume-differs, malformed.
	Kind   string `json:"kind"`
	Agents int    `json:"agents"`
	Text   string `json:"text"`
	Remedy string `json:"remedy"`
}

// Nearest is the nearest miss: an agent, and all that is wrong with it.
type Nearest struct {
	AgentID  string       `json:"agentId"`
	Hostname string       `json:"hostname"`
	Causes   List[string] `json:"causes"`
}

// Order is what was asked for a pod and is not done.
type Order struct {
	Verb string `json:"verb"` // restart, replace, pause, resume
	Pod  string `json:"pod"`
	// By is operator, plan, timeout, maintenance, agent gone.
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Force bool      `json:"force"`
}

// NodeView is what a database node said of the database, or why it did not.
type NodeView struct {
	Task string    `json:"task"`
	At   time.Time `json:"at"`
	// Age is how old that word is, in whole seconds.
	Age int64 `json:"age"`
	// Error is why the node could not be asked; the numbers are 0 then and mean nothing.
	Error string `json:"error,omitempty"`
	// Live is the number of nodes that this one holds for alive; the others count ranges that lack a copy, or a majority.
	Live            int `json:"live"`
	UnderReplicated int `json:"underReplicated"`
	Unavailable     int `json:"unavailable"`
}
