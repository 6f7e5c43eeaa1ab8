package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Outcome is what an evaluation found.
type Outcome struct {
	// Match is nil when no offer serves the requirement.
	Match *Match
	// Index is the place of the matched offer in the list, -1 without a match.
	Index int
	// Refusals has one entry for each agent that was looked at and refused, in the order of the list.
	Refusals []Refusal
}

// Match is how an offer serves a requirement. The operations are meant for one ACCEPT in the order of the fields:
// Mesos applies them one after another, so that what UNRESERVE gives back RESERVE can take.
type Match struct {
	OfferIDs []string
	Agent    tasks.Agent
	// Destroy is always empty for a launch: no volume is destroyed to make room. It is there so that a match has
	// the four lists that an ACCEPT has.
	Destroy   []tasks.Resource
	Unreserve []tasks.Resource
	Reserve   []tasks.Resource
	Create    []tasks.Resource
	// Held is what the pod holds after these operations, in full amounts: the record keeps it, and the resources of
	// executor and task follow from it.
	Held []tasks.Held
	// Ports are the numbers of the named ports.
	Ports map[string]uint64
}

// Refusal says why an agent was not taken: all causes, not only the first.
type Refusal struct {
	AgentID  string  `json:"agent_id"`
	Hostname string  `json:"hostname"`
	Causes   []Cause `json:"causes"`
}

// String is the refusal on one line: host a: mem 8192 needed, 6144 free; port 26257 (pg) is not free.
func (r Refusal) String() string {
	text := "host " + r.Hostname + ": "
	for i, cause := range r.Causes {
		if i > 0 {
			text += "; "
		}
		text += cause.String()
	}
	return text
}
