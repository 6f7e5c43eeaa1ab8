package server

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/dump"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// Config is what a node is started with. Addresses are host:port.
type Config struct {
	Version     version.Version
	StorePath   string
	TempParent  string // folder for the folder of temporary files; empty: the store
	Listen      string
	SQL         string // a second address for SQL; empty: Listen serves it
	HTTP        string
	Node        cluster.Descriptor // advertised addresses; a port of "" or 0 is filled in with the bound one
	Join        []string
	Alone       bool // make a one-node cluster when the store is empty
	ClusterName string
	AnyName     bool              // do not compare cluster names
	Settings    map[string]string // of a new cluster
	Replicas    int               // how many copies of the data a new cluster wants; 0: the ordinary three or five
	Handler     func(*Node) http.Handler
	Log         *slog.Logger
	Times       Times
	Dump        dump.Faults       // what goes wrong on purpose
	Certs       *security.Manager // nil: --insecure
	BulkRate    int               // bytes a second of BACKUP and RESTORE; 0: all they can
}

// Times are the node's spans of time. Real ones are longer; tests shorten them.
type Times struct {
	Heartbeat time.Duration // of the leader
	Election  time.Duration // silence before a vote
	Ping      time.Duration // between gossip messages
	Liveness  time.Duration // silence after which a node is not available
	StoreDead time.Duration // silence after which a store's data is replaced; 0: the cluster setting
	Settle    time.Duration // what a drain takes when nothing hinders it
	History   time.Duration // how far the past can be asked for
	Count     time.Duration // between two counts of ranges for the metrics
}

// Ordinary are the times outside of tests: like the real ones in kind, shorter
// where a person or a test would have to wait.
func Ordinary() Times {
	return Times{
		Heartbeat: 100 * time.Millisecond, Election: time.Second, Ping: 500 * time.Millisecond,
		Liveness: 4500 * time.Millisecond, Settle: 200 * time.Millisecond, Count: 2 * time.Second,
		History: 10 * time.Minute,
	}
}
