package cluster

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

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
	Jobs      []Job             `json:"jobs,omitempty"` // by age
	SQL       *sqlstore.Store   `json:"-"`
}

// whole is data with the SQL store, which knows how to encode itself.
type whole struct {
	data
	SQL json.RawMessage `json:"sql"`
}

// State is the agreed state, safe for several readers.
type State struct {
	binary version.Version
	pages  sqlstore.Pages
	window time.Duration
	mu     sync.RWMutex
	d      data

	parsed struct { // the statement that this node sent on, so as not to parse it twice
		mu   sync.Mutex
		text string
		node sqlstore.Node
	}
}

// New makes an empty state for a binary of version v. Window is how far the past
// can be asked for.
func New(v version.Version, pages sqlstore.Pages, window time.Duration) *State {
	s := &State{binary: v, pages: pages, window: window, d: data{Settings: map[string]string{}}}
	s.newSQL()
	return s
}

func (s *State) newSQL(databases ...string) {
	s.d.SQL = sqlstore.New(s.pages, databases...)
	s.d.SQL.Window = s.window
}

// Parsed keeps the tree of a statement that this node is about to propose.
func (s *State) Parsed(text string, node sqlstore.Node) {
	s.parsed.mu.Lock()
	defer s.parsed.mu.Unlock()
	s.parsed.text, s.parsed.node = text, node
}

func (s *State) parse(text string) (sqlstore.Node, error) {
	s.parsed.mu.Lock()
	node, same := s.parsed.node, s.parsed.text == text && text != ""
	s.parsed.mu.Unlock()
	if same {
		return node, nil
	}
	sts, err := sqlstore.Parse(text)
	if err != nil || len(sts) != 1 {
		return nil, fmt.Errorf("a statement cannot be applied: %w", err)
	}
	return sts[0].Node, nil
}

// Snapshot encodes the state; see replog.Machine.
func (s *State) Snapshot() (json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sql, err := s.d.SQL.Snapshot()
	if err != nil {
		return nil, err
	}
	return json.Marshal(whole{s.d, sql})
}

// Restore replaces the state; see replog.Machine.
func (s *State) Restore(b json.RawMessage) error {
	w := whole{data: data{Settings: map[string]string{}}}
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("decode cluster state: %w", err)
	}
	sql := sqlstore.New(s.pages)
	sql.Window = s.window
	if err := sql.Restore(w.SQL); err != nil {
		return fmt.Errorf("decode cluster state: %w", err)
	}
	w.data.SQL = sql
	s.mu.Lock()
	defer s.mu.Unlock()
	s.d = w.data
	return nil
}

// Translate gives a snapshot of another node with the pages that move put here.
func Translate(b json.RawMessage, move func(sqlstore.Ref) (sqlstore.Ref, error)) (json.RawMessage, error) {
	var w whole
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, fmt.Errorf("decode a snapshot: %w", err)
	}
	var sql sqlstore.Store
	if err := json.Unmarshal(w.SQL, &sql); err != nil {
		return nil, fmt.Errorf("decode a snapshot: %w", err)
	}
	for _, r := range sql.Refs() {
		to, err := move(*r)
		if err != nil {
			return nil, err
		}
		*r = to
	}
	var err error
	if w.SQL, err = json.Marshal(&sql); err != nil {
		return nil, fmt.Errorf("encode a snapshot: %w", err)
	}
	return json.Marshal(w)
}

// HasUser says whether somebody may log in under a name.
func (s *State) HasUser(name string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.d.SQL.HasUser(name)
}

// HasPassword says whether a password is a user's.
func (s *State) HasPassword(name, password string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.d.SQL.HasPassword(name, password)
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
func (s *State) Read(n sqlstore.Node, c sqlstore.Context) (sqlstore.Result, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.d.SQL.Exec(n, c, around{s})
}

// SQL shows the SQL store to f while nothing can change it.
func (s *State) SQL(f func(*sqlstore.Store) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return f(s.d.SQL)
}

// FaultOf turns an error of a statement into what goes over the wire.
func FaultOf(err error) *wire.Fault {
	if e, ok := err.(*sqlstore.Error); ok {
		return &wire.Fault{Message: e.Message, SQLState: e.State, Detail: e.Detail, Hint: e.Hint}
	}
	return &wire.Fault{Code: wire.Unknown, Message: err.Error()}
}
