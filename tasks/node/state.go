package node

import (
	"fmt"
	"path/filepath"
)

// StateFile is the file in the sandbox through which the supervisor tells the checks what it is doing.
const StateFile = "cockroachdb-node.state.json"

// Phase is how far a start has come.
type Phase string

// The phases of a task, in their order.
const (
	// Preparing: checking the volume, unpacking, waiting for DNS. There is no database process yet.
	Preparing Phase = "preparing"
	// Starting: the process runs and has not served HTTP yet.
	Starting Phase = "starting"
	// Waiting: it serves HTTP and is not in a cluster yet.
	Waiting Phase = "waiting for its cluster"
	// Serving: it is in a cluster.
	Serving Phase = "serving"
	// Stopping: it was asked to stop and drains.
	Stopping Phase = "stopping"
)

// State is the content of StateFile.
type State struct {
	Phase Phase `json:"phase"`
	// HTTP is host:port at which the checks reach the database from within the container.
	HTTP string `json:"http"`
	// TLSName is the name that a secure node is verified under, at the same port over TLS; empty: the port speaks plain HTTP.
	TLSName string `json:"tlsName,omitempty"`
	// PID is the database's process id in the container, 0 before it runs.
	PID int `json:"pid,omitempty"`
	// Version is the database's release.
	Version string `json:"version"`
	TaskID  string `json:"taskId"`
	// ClusterID is known from Serving on.
	ClusterID string `json:"clusterId,omitempty"`
}

// WriteState replaces the state file in the sandbox dir.
func WriteState(dir string, s State) error { return writeJSON(filepath.Join(dir, StateFile), s) }

// ReadState reads the state file in the sandbox dir. The error wraps fs.ErrNotExist while there is none.
func ReadState(dir string) (State, error) {
	var s State
	if err := readJSON(filepath.Join(dir, StateFile), &s); err != nil {
		return State{}, fmt.Errorf("read the node's state: %w", err)
	}
	return s, nil
}
