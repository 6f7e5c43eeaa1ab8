package cluster

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/flags"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// Memberships of a node.
const (
	Active          = "active"
	Decommissioning = "decommissioning"
	Decommissioned  = "decommissioned"
)

// Descriptor is what a node says of itself. StartedAt is in nanoseconds of the
// Unix epoch.
type Descriptor struct {
	Address     string       `json:"address"`
	SQLAddress  string       `json:"sqlAddress"`
	HTTPAddress string       `json:"httpAddress"`
	Build       string       `json:"build"`
	Locality    []flags.Tier `json:"locality,omitempty"`
	Attrs       []string     `json:"attrs,omitempty"`
	StartedAt   int64        `json:"startedAt"`
	Args        []string     `json:"args,omitempty"`
}

// Node is a node of the cluster. Token is that of its store.
type Node struct {
	Descriptor
	ID         int    `json:"id"`
	Token      string `json:"token"`
	Membership string `json:"membership"`
	Draining   bool   `json:"draining,omitempty"`
	Epoch      int    `json:"epoch"` // counts its starts
}

type data struct {
	ClusterID string            `json:"clusterId"`
	Version   string            `json:"version"` // finalised line, such as 20.1
	Replicas  int               `json:"replicas,omitempty"`
	Nodes     []Node            `json:"nodes"` // by id, from 1 on, without holes
	Settings  map[string]string `json:"settings"`
	SQL       *sqlstore.Store   `json:"sql"`
}

// State is the agreed state, safe for several readers.
type State struct {
	binary version.Version
	mu     sync.RWMutex
	d      data
}

// New makes an empty state for a binary of version v.
func New(v version.Version) *State {
	return &State{binary: v, d: data{Settings: map[string]string{}, SQL: sqlstore.New()}}
}

// Snapshot encodes the state; see replog.Machine.
func (s *State) Snapshot() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return json.Marshal(s.d)
}

// Restore replaces the state; see replog.Machine.
func (s *State) Restore(b json.RawMessage) error {
	d := data{Settings: map[string]string{}, SQL: sqlstore.New()}
	if err := json.Unmarshal(b, &d); err != nil {
		return fmt.Errorf("decode cluster state: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.d = d
	return nil
}

// ClusterID gives the cluster's id, empty before it exists.
func (s *State) ClusterID() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.d.ClusterID
}

// Version gives the finalised version line, such as 20.1.
func (s *State) Version() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.d.Version
}

// Replicas gives how many copies of the data the cluster was made to have, 0
// for the ordinary number.
func (s *State) Replicas() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.d.Replicas
}

// Nodes gives all nodes there ever were, by id.
func (s *State) Nodes() []Node {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return append([]Node(nil), s.d.Nodes...)
}

// Node gives one node.
func (s *State) Node(id int) (Node, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id < 1 || id > len(s.d.Nodes) {
		return Node{}, false
	}
	return s.d.Nodes[id-1], true
}

// Read runs a statement that does not write.
func (s *State) Read(st sqlstore.Statement, database string) (sqlstore.Result, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.d.SQL.Exec(st.Node, database, around{s})
}

// Tables shows a database's tables to f while nothing can change them.
func (s *State) Tables(database string, f func(tables []*sqlstore.Table, ok bool)) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f(s.d.SQL.Tables(database))
}

// FaultOf turns an error of a statement into what goes over the wire.
func FaultOf(err error) *wire.Fault {
	if e, ok := err.(*sqlstore.Error); ok {
		return &wire.Fault{Message: e.Message, SQLState: e.State, Detail: e.Detail, Hint: e.Hint}
	}
	return &wire.Fault{Code: wire.Unknown, Message: err.Error()}
}
