package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Offer is all that one agent offers in one frame. Several offers of one agent in a frame are merged (see Merge), so
// that one ACCEPT names them all.
type Offer struct {
	// IDs are the ids of the Mesos offers behind it, at least one.
	IDs       []string
	Agent     tasks.Agent
	Resources []tasks.Resource
}
