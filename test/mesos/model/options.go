package model

import "time"

// Options are the facts of a master that do not change while it runs. The zero value of a field means the default in its
// comment, which is the default of a real master (Mesos configuration page), so that a test names only what it is about.
type Options struct {
	// MasterID is the first part of every framework, agent and offer id. Default: a fixed UUID.
	MasterID string
	// Hostname, IP and Port are what SUBSCRIBED tells the framework about the master. Default: 127.0.0.1, 127.0.0.1, 5050.
	Hostname string
	IP       string
	Port     uint32
	// Version is the Mesos version of the master and its agents, which decides what they can do (Edition). Default: 1.12.0.
	Version string
	// Region and Zone are the master's fault domain. Both empty: no domain is sent.
	Region, Zone string
	// Seed starts the sequence of generated UUIDs (streams, statuses, containers). Two models with the same seed and the
	// same inputs give the same outputs.
	Seed int64

	// AllocationInterval is the time between two allocation passes. Default: 1 s.
	AllocationInterval time.Duration
	// HeartbeatInterval is the time between two HEARTBEAT events of a stream. Default: 15 s.
	HeartbeatInterval time.Duration
	// AgentPingInterval and AgentPingTimeouts give the time after which a silent agent is unreachable: their product.
	// Defaults: 15 s and 5.
	AgentPingInterval time.Duration
	AgentPingTimeouts int
	// AgentReregisterTimeout is how long after a master failover an agent may stay away before it is unreachable.
	// Default: 10 min.
	AgentReregisterTimeout time.Duration
	// AgentReregisterDelay is how long a living agent needs to find a new master. Default: 1 s.
	AgentReregisterDelay time.Duration
	// RefuseFor is the refusal filter of a call that names none. Default: 5 s.
	RefuseFor time.Duration
	// UpdateRetryMin and UpdateRetryMax bound the doubling time after which an unacknowledged status is sent again.
	// Defaults: 10 s and 10 min.
	UpdateRetryMin, UpdateRetryMax time.Duration
	// MinAllocatableCPUs and MinAllocatableMem: an agent's free resources are offered when either is reached (a volume
	// alone is not). Defaults: 0.01 cpus and 32 MB (min_allocatable_resources "cpus:0.01|mem:32").
	MinAllocatableCPUs, MinAllocatableMem float64
}

func (o Options) withDefaults() Options {
	setString(&o.MasterID, "00f1ab1f-9af8-4456-a623-726e6da88733")
	setString(&o.Hostname, "127.0.0.1")
	setString(&o.IP, "127.0.0.1")
	setString(&o.Version, "1.12.0")
	if o.Port == 0 {
		o.Port = 5050
	}
	setDuration(&o.AllocationInterval, time.Second)
	setDuration(&o.HeartbeatInterval, 15*time.Second)
	setDuration(&o.AgentPingInterval, 15*time.Second)
	if o.AgentPingTimeouts == 0 {
		o.AgentPingTimeouts = 5
	}
	setDuration(&o.AgentReregisterTimeout, 10*time.Minute)
	setDuration(&o.AgentReregisterDelay, time.Second)
	setDuration(&o.RefuseFor, 5*time.Second)
	setDuration(&o.UpdateRetryMin, 10*time.Second)
	setDuration(&o.UpdateRetryMax, 10*time.Minute)
	if o.MinAllocatableCPUs == 0 {
		o.MinAllocatableCPUs = 0.01
	}
	if o.MinAllocatableMem == 0 {
		o.MinAllocatableMem = 32
	}
	return o
}

func (o Options) pingTimeout() time.Duration {
	return o.AgentPingInterval * time.Duration(o.AgentPingTimeouts)
}

func setString(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

func setDuration(field *time.Duration, value time.Duration) {
	if *field == 0 {
		*field = value
	}
}
