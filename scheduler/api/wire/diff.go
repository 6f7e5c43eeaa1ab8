package wire

// Diff is the answer to POST /v1/diff, which is ours: what the scheduler would do if it were started with these
// environment variables. With faults the new settings would be refused, and nothing would change.
//
//	{"faults": [{"field": "NODE_COUNT", "value": "2", "message": "cannot shrink from 3: …", "remedy": "set it to 3 or more"}],
//	 "changes": [{"field": "NODE_CPUS", "old": "1", "new": "2"}],
//	 "steps": [{"pod": "cockroachdb-0", "task": "cockroachdb-0-node-init", "action": "restart", "order": 1,
//	            "why": ["cpus 1 -> 2"]}]}
type Diff struct {
	Faults  List[Fault]    `json:"faults"`
	Changes List[Change]   `json:"changes"`
	Steps   List[DiffStep] `json:"steps"`
	// FullStop says that all nodes are stopped before the first of them is started again: the database is down meanwhile.
	FullStop bool `json:"fullStop,omitempty"`
}

// Fault is one thing that is wrong with settings.
type Fault struct {
	Field   string `json:"field"`
	Value   string `json:"value"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Change is one thing that would be different.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// What a change does to a task.
const (
	ActionAdd     = "add"
	ActionRestart = "restart"
	ActionKeep    = "keep"
)

// DiffStep is what a change would do to one task.
type DiffStep struct {
	Pod    string `json:"pod"`
	Task   string `json:"task"`
	Action string `json:"action"` // add, restart, keep
	// Order is the place in the rollout, from 1; 0 for what is kept.
	Order int `json:"order"`
	// Why are the changes that cause it, empty for what is kept.
	Why List[string] `json:"why"`
}
