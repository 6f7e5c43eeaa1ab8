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
	// Leaves is the announced absence of the agent that was agreed to: the node goes down with it.
	Leaves *Window `json:"leaves,omitempty"`
	// Before is the place that a replacement by policy left, kept until the new one is known to be had.
	Before *Place `json:"before,omitempty"`
	// ReadyAt is when the task last became ready, DownAt since when a pod that was ready once is not, zero while it is.
	ReadyAt time.Time `json:"ready_at,omitzero"`
	DownAt  time.Time `json:"down_at,omitzero"`
	Status  Status    `json:"status"`
	// LastIPs outlives the task, so that its endpoint stays known.
	LastIPs []string `json:"last_ips,omitempty"`
	// Enrolment is set for the launch of a secure node: its way to a certificate. Certificate is the one that it has.
	Enrolment   *Enrolment   `json:"enrolment,omitempty"`
	Certificate *Certificate `json:"certificate,omitempty"`
	// Serving is what it served when it was given Certificate, nil once it serves that, and for a launch that served nothing before.
	Serving *Certificate `json:"serving,omitempty"`
	// Job is set for the launch of a job. Such a record goes with its task: what it held is a stray then.
	Job *JobTicket `json:"job,omitempty"`
}

// Former is a task that was replaced while nobody could say whether it runs.
type Former struct {
	TaskID  string `json:"task_id"`
	AgentID string `json:"agent_id"`
	// Secure says that it was launched to speak TLS.
	Secure bool `json:"secure,omitempty"`
}

// Place is what a pod holds on an agent.
type Place struct {
	Agent     Agent             `json:"agent"`
	Held      []Held            `json:"held"`
	Ports     map[string]uint64 `json:"ports,omitempty"`
	NodeID    int               `json:"node_id,omitempty"`
	DeadNodes []int             `json:"dead_nodes,omitempty"`
}

// Window is a span of time.
type Window struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Covers says that the time is in the window, or within a minute before it: what begins then is as good as begun.
func (w *Window) Covers(at time.Time) bool {
	return w != nil && !at.Before(w.From.Add(-time.Minute)) && at.Before(w.Until)
}

// Overlaps says that two windows have a moment in common.
func (w Window) Overlaps(other Window) bool {
	return w.From.Before(other.Until) && other.From.Before(w.Until)
}

// Stopped says that we asked for the end of the task.
func (r *Record) Stopped() bool { return !r.Stopping.IsZero() }

// Forced says that a person asked for the task's end whatever the gate says.
func (r *Record) Forced() bool { return r.Asked != nil && r.Asked.Force }

// Replacing says that the pod is to be launched anew elsewhere, or was given up for that.
func (r *Record) Replacing() bool {
	return !r.GivenUp.IsZero() || r.Asked != nil && r.Asked.Verb == Replace
}

// Moves says that a pod runs and is to be moved by policy: it goes on as it is until a new place is found.
func (r *Record) Moves() bool {
	return r.Asked.KeepsUntilPlaced() && r.GivenUp.IsZero() && r.Status.State.Alive()
}

// Ready says that the task runs and its readiness check, if it has one, passed last time.
func (r *Record) Ready() bool {
	if r.Status.State != Running {
		return false
	}
	if !r.Status.HasCheck {
		return true
	}
	return r.Status.CheckExit != nil && *r.Status.CheckExit == 0
}

// Serves is the certificate that new connections are known to get, nil while none is known.
func (r *Record) Serves() *Certificate {
	switch {
	case r.Serving != nil:
		return r.Serving
	case r.Certificate != nil && !r.Certificate.Served.IsZero():
		return r.Certificate
	}
	return nil
}

// Address is the best known address of the task: its container's, else its agent's, else the agent's host name.
func (r *Record) Address() string {
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
func (r *Record) VolumeID() string {
	for _, held := range r.Held {
		if id := held.Resource.PersistenceID(); id != "" {
			return id
		}
	}
	return ""
}
