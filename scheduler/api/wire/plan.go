package wire

// Plan is the answer to GET /v1/plans/{plan}. The SDK sends it with HTTP status
// 200 when it is COMPLETE, 202 when it is not, and 417 when it has errors.
type Plan struct {
	Phases   List[Phase]  `json:"phases"`
	Errors   List[string] `json:"errors"`
	Strategy string       `json:"strategy"` // serial, parallel, random, dependency, …
	Status   Status       `json:"status"`
}

// Phase is one phase of a plan.
type Phase struct {
	ID       string     `json:"id"` // UUID, made of the names: the same after a restart
	Name     string     `json:"name"`
	Steps    List[Step] `json:"steps"`
	Strategy string     `json:"strategy"`
	Status   Status     `json:"status"`
}

// Step is one step of a phase.
type Step struct {
	ID     string `json:"id"` // UUID, made of the names: the same after a restart
	Status Status `json:"status"`
	Name   string `json:"name"` // "cockroachdb-0:[node-init]"
	// Message is the SDK's technical line: class, name, id and status.
	Message string `json:"message"`
	// Reason says in plain words why the step is not COMPLETE. It is ours, not
	// the SDK's, and left out when there is nothing to say.
	Reason string `json:"reason,omitempty"`
}
