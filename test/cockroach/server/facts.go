package server

import "time"

// Phase is how far a node has come.
type Phase int

const (
	// Waiting for init, or for a peer that is in a cluster.
	Waiting Phase = iota
	// Starting: the store belongs to a cluster that the node has not reached yet.
	Starting
	// Serving: the node takes part in its cluster.
	Serving
)

// How a node came to serve, in the words of the start banner.
const (
	NewCluster = "initialized new cluster"
	NewNode    = "initialized new node, joined pre-existing cluster"
	Restarted  = "restarted pre-existing node"
)

// Facts are what the start banner and the HTTP API say of the node itself.
type Facts struct {
	Phase     Phase
	ID        int
	ClusterID string
	How       string
	Draining  bool
	Started   time.Time
	Temp      string
	Store     string
}

// Facts looks at the node.
func (n *Node) Facts() Facts {
	n.mu.Lock()
	defer n.mu.Unlock()
	return Facts{
		Phase: n.phase, ID: n.id.NodeID, ClusterID: n.id.ClusterID, How: n.how, Draining: n.draining,
		Started: n.started, Temp: n.folder.Temp, Store: n.folder.Path,
	}
}
