package node

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// variables is the environment as text, before it is judged. One field a variable; the comment is the contract.
type variables struct {
	Version     string `env:"CRDB_VERSION"`                           // release to run: v24.1.6
	Archive     string `env:"CRDB_ARCHIVE"`                           // file in the sandbox, as fetched: an archive or the bare binary
	SHA256      string `env:"CRDB_SHA256"`                            // sum of that file in hex; empty: not checked
	Dir         string `env:"CRDB_DIR"`                               // folder of the binary inside the archive; empty: searched
	Store       string `env:"CRDB_STORE" envDefault:"cockroach-data"` // where the persistent volume appears in the sandbox
	VolumeID    string `env:"CRDB_VOLUME_ID"`                         // persistence id of that volume
	StoreSizeMB string `env:"CRDB_STORE_SIZE_MB" envDefault:"0"`      // its size in Mesos megabytes; 0: no limit is passed on
	Listen      string `env:"CRDB_LISTEN" envDefault:"all"`           // all, or agent: bind to CRDB_AGENT_IP
	AgentIP     string `env:"CRDB_AGENT_IP"`                          // the agent's own address
	PGPort      string `env:"CRDB_PG_PORT"`                           // SQL and node-to-node port
	HTTPPort    string `env:"CRDB_HTTP_PORT"`                         // web pages, probes, metrics
	Advertise   string `env:"CRDB_ADVERTISE"`                         // host:port that others use
	Join        string `env:"CRDB_JOIN"`                              // host:port,… the same list for each node
	JoinHTTP    string `env:"CRDB_JOIN_HTTP"`                         // host:port,… HTTP ports of the same nodes where they differ from ours
	Cache       string `env:"CRDB_CACHE" envDefault:"25%"`            // share of CRDB_MEM_MB, or bytes
	SQLMemory   string `env:"CRDB_MAX_SQL_MEMORY" envDefault:"25%"`   // share of CRDB_MEM_MB, or bytes
	MemMB       string `env:"CRDB_MEM_MB"`                            // the task's memory in Mesos megabytes
	Locality    string `env:"CRDB_LOCALITY"`                          // region=a,zone=b
	Init        string `env:"CRDB_INIT" envDefault:"false"`           // true: this start may initialise the cluster
	ClusterID   string `env:"CRDB_CLUSTER_ID"`                        // the cluster's id where it is known
	DeadNodes   string `env:"CRDB_DEAD_NODES"`                        // 1,4: numbers of this pod's earlier nodes, whose volumes were given up
	Service     string `env:"CRDB_SERVICE"`                           // the service's name
	Scheduler   string `env:"CRDB_SCHEDULER"`                         // http://host:port of the scheduler's API
	TaskID      string `env:"CRDB_TASK_ID"`                           // Mesos' id of this task
	TaskName    string `env:"CRDB_TASK_NAME"`                         // cockroachdb-0-node-init
	KillGrace   string `env:"CRDB_KILL_GRACE"`                        // seconds between SIGTERM and the agent's SIGKILL; empty: by version
	TLS         string `env:"CRDB_TLS" envDefault:"false"`            // true: the node is part of a secure cluster
	TLSToken    string `env:"CRDB_TLS_TOKEN"`                         // good for one certificate, once
	TLSName     string `env:"CRDB_TLS_NAME"`                          // the name that everybody verifies this node under
	SchedulerCA string `env:"CRDB_SCHEDULER_CA"`                      // PEM: authorities of an https CRDB_SCHEDULER, beside the system's
	WaitDNS     string `env:"CRDB_WAIT_DNS" envDefault:"false"`       // true: wait until the advertised name points at this container
}

// Settings is a checked environment of `cockroachdb-node start`.
type Settings struct {
	Version cockroach.Version
	// Archive, Dir and Store are relative to the sandbox and stay within it.
	Archive, Dir, Store string
	// SHA256 is 64 lower-case hex digits, or empty.
	SHA256   string
	VolumeID string
	// StoreSizeMB is the volume's size in Mesos megabytes, 0 where it is not known.
	StoreSizeMB int
	// Listen and HTTP are where the database listens; an empty host means all addresses.
	Listen, HTTP cockroach.Address
	// AgentIP may be empty with CRDB_LISTEN=all.
	AgentIP   string
	Advertise cockroach.Address
	Join      []cockroach.Address
	// JoinHTTP is empty unless the peers' HTTP ports are given one by one.
	JoinHTTP []cockroach.Address
	// CacheBytes and SQLBytes are bytes of the task's MemMB.
	CacheBytes, SQLBytes int64
	MemMB                int
	Locality             string
	Init                 bool
	// ClusterID is the known cluster id, a lower-case UUID, or empty.
	ClusterID string
	// DeadNodes are the database's numbers of nodes that this pod ran on volumes that were given up.
	DeadNodes        []int
	Service          string
	Scheduler        SchedulerAccess
	TaskID, TaskName string
	KillGrace        time.Duration
	WaitDNS          bool
	TLS              TLSSettings
}

// TLSSettings are those of a node of a secure cluster.
type TLSSettings struct {
	On bool
	// Token is good for one certificate. Name is what everybody verifies this node under.
	Token, Name string
	// Place is where the certificates are; it does not come from the environment.
	Place *certs.Place
}

// Program is the part of the settings that the binary depends on.
func (s Settings) Program() Program {
	return Program{Version: s.Version, Archive: s.Archive, Dir: s.Dir, SHA256: s.SHA256}
}

// StartSpec is the part of the settings that the command line depends on.
func (s Settings) StartSpec() cockroach.StartSpec {
	spec := cockroach.StartSpec{
		Version: s.Version, Store: s.Store, StoreBytes: cockroach.StoreBytes(s.StoreSizeMB), Listen: s.Listen, HTTP: s.HTTP,
		Advertise: s.Advertise, Join: s.Join, CacheBytes: s.CacheBytes, SQLBytes: s.SQLBytes, Locality: s.Locality,
	}
	if s.TLS.On {
		spec.CertsDir = s.TLS.Place.NodeDir()
	}
	return spec
}

// Warnings lists what is allowed but unwise, one sentence each.
func (s Settings) Warnings() []string {
	out := s.Version.Warnings()
	if w := cockroach.MemoryWarning(s.CacheBytes, s.SQLBytes, s.MemMB); w != "" {
		out = append(out, w)
	}
	if s.StoreSizeMB > 0 && cockroach.StoreBytes(s.StoreSizeMB) == 0 {
		out = append(out, fmt.Sprintf("The volume of %d MB is below the %d MB that CockroachDB takes for a store with a limit: it is started without one and may fill the disk. Give the pod a bigger volume.",
			s.StoreSizeMB, cockroach.MinStoreMB))
	}
	if s.Init && s.ClusterID != "" {
		out = append(out, "CRDB_INIT is set, but the cluster "+s.ClusterID+" is known: this node joins it and does not initialise.")
	}
	return out
}
