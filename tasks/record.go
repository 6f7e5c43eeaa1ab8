package tasks

import "time"

// RecordSchema is the version of the stored form.
const RecordSchema = 1

// Record is what was launched where. It is stored before the launch leaves for the master, one store node a record,
// and holds every fact that a TaskInfo is made from, so that the message can be made again.
type Record struct {
	Schema int `json:"schema"`
	Pod    Pod `json:"pod"`
	// Spec is the name of the task's spec (node-init), Task its full name (cockroachdb-0-node-init).
	Spec string `json:"spec"`
	Task string `json:"task"`
	// TaskID and ExecutorID are fresh for each launch.
	TaskID     string `json:"task_id"`
	ExecutorID string `json:"executor_id"`
	// TargetID is the target that the task was launched under, or an equal later one.
	TargetID string `json:"target_id"`
	Agent    Agent  `json:"agent"`
	Held     []Held `json:"held"`
	// Ports are the numbers of the named ports.
	Ports map[string]uint64 `json:"ports,omitempty"`
	// Join, Init and ClusterID are what a database node was started with.
	Join      []string `json:"join,omitempty"`
	Init      bool     `json:"init,omitempty"`
	ClusterID string   `json:"cluster_id,omitempty"`
	// NodeID is the number that the database gave this node; a node with an empty volume gets a new one.
	NodeID int `json:"node_id,omitempty"`
	// DeadNodes are the numbers of this pod's nodes that were given up with their volumes, until the database has been told.
	// It counts them as members otherwise, and makes no copies for a cluster that it holds for bigger than it is.
	DeadNodes []int `json:"dead_nodes,omitempty"`
	// Launched is when the launch was decided.
	Launched time.Time `json:"launched"`
	// Confirmed says that Mesos has shown us these reservations or a task on them. Before that a lost ACCEPT is
	// possible, and the footprint may not exist.
	Confirmed bool `json:"confirmed"`
	// Reached says that a launch under TargetID was ready once: the deploy plan is done with it, what happens later
	// is recovery's.
	Reached bool `json:"reached"`
	// Recovering says that a task that was ready has ended since, and is not yet ready again.
	Recovering bool `json:"recovering,omitempty"`
	// Stopping is when we asked for the task's end, zero when we did not. It is stored before the KILL leaves, so that a
	// successor knows whom it is stopping; the next launch is a record without it.
	Stopping time.Time `json:"stopping,omitzero"`
	// Asked is what a person or a policy asked for and what is not done yet, nil when nothing is. It ends with the next launch.
	Asked *Asked `json:"asked,omitempty"`
	// GivenUp is when the pod was given up where it is: what it holds there is cleaned up, and its next launch gets a new
	// place. The next launch is a record without it.
	GivenUp time.Time `json:"given_up,omitzero"`
	// Former are tasks of this pod's earlier places that may still run there: their agents could not be reached when the pod
	// got its present place.
	Former []Former `json:"former,omitempty"`
	// Away is since when the pod's agent cannot be reached, zero while it can, or while nothing is known to the contrary.
	Away time.Time `json:"away,omitzero"`
	// Paused is the wish that the pod idles in place of its command; Idling says that the last launch was such an idle one.
	Paused bool `json:"paused,omitempty"`
	Idling bool `json:"idling,omitempty"`
	// ReadyAt is when the task last became ready.
	ReadyAt time.Time `json:"ready_at,omitzero"`
	Status  Status    `json:"status"`
	// LastIPs outlives the task, so that its endpoint stays known.
	LastIPs []string `json:"last_ips,omitempty"`
}

// Former is a task that was replaced while nobody could say whether it runs.
type Former struct {
	TaskID  string `json:"task_id"`
	AgentID string `json:"agent_id"`
}

// Stopped says that we asked for the end of the task.
func (r Record) Stopped() bool { return !r.Stopping.IsZero() }

// Forced says that a person asked for the task's end whatever the gate says.
func (r Record) Forced() bool { return r.Asked != nil && r.Asked.Force }

// Replacing says that the pod is to be launched anew elsewhere, or was given up for that.
func (r Record) Replacing() bool {
	return !r.GivenUp.IsZero() || r.Asked != nil && r.Asked.Verb == Replace
}

// Ready says that the task runs and its readiness check, if it has one, passed last time.
func (r Record) Ready() bool {
	if r.Status.State != Running {
		return false
	}
	if !r.Status.HasCheck {
		return true
	}
	return r.Status.CheckExit != nil && *r.Status.CheckExit == 0
}

// Address is the best known address of the task: its container's, else its agent's, else the agent's host name.
func (r Record) Address() string {
	switch {
	case len(r.Status.IPs) > 0:
		return r.Status.IPs[0]
	case len(r.LastIPs) > 0:
		return r.LastIPs[0]
	case r.Agent.IP != "":
		return r.Agent.IP
	}
	return r.Agent.Hostname
}

// VolumeID is the persistence id of the record's volume, empty when it has none.
func (r Record) VolumeID() string {
	for _, held := range r.Held {
		if id := held.Resource.PersistenceID(); id != "" {
			return id
		}
	}
	return ""
}
