package cluster

import (
	"encoding/json"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// Kinds of commands.
const (
	KindGenesis    = "genesis"    // Genesis: the first entry of a cluster
	KindJoin       = "join"       // Join: a new store asks for a node id
	KindRegister   = "register"   // Register: a node says that it started
	KindDraining   = "draining"   // Draining: a node leaves, or came back
	KindMembership = "membership" // Membership: decommission and recommission
	KindFinalise   = "finalise"   // Finalise: the cluster moves to a newer line
	KindSQL        = "sql"        // SQL: one statement that writes
	KindJob        = "job"        // Job: a job as it is now
	KindCancel     = "cancel"     // Cancel: a job is to stop
	KindRestore    = "restore"    // Restore: one step of a RESTORE; the blob is rows
)

// Genesis makes the cluster with its first node.
type Genesis struct {
	ClusterID string            `json:"clusterId"`
	Version   string            `json:"version"` // line
	Token     string            `json:"token"`
	Node      Descriptor        `json:"node"`
	Settings  map[string]string `json:"settings,omitempty"`
	Replicas  int               `json:"replicas,omitempty"` // 0: the ordinary number
}

// Join asks for a node id for a store.
type Join struct {
	Token string     `json:"token"`
	Node  Descriptor `json:"node"`
}

// Register says that a node started, maybe somewhere else and as another version.
type Register struct {
	ID   int        `json:"id"`
	Node Descriptor `json:"node"`
}

// Draining marks a node as leaving.
type Draining struct {
	ID int  `json:"id"`
	On bool `json:"on"`
}

// Membership moves a node to a membership.
type Membership struct {
	ID int    `json:"id"`
	To string `json:"to"`
}

// Finalise moves the cluster to a version line.
type Finalise struct {
	Line string `json:"line"`
}

// SQL is one statement in a session's database; the entry's blob is its text.
type SQL struct {
	Database string `json:"database"`
	User     string `json:"user,omitempty"`
	Secure   bool   `json:"secure,omitempty"` // the node that took it has certificates
}

// Outcome is what applying a command gave.
type Outcome struct {
	NodeID int              `json:"nodeId,omitempty"`
	Result *sqlstore.Result `json:"result,omitempty"`
	Fault  *wire.Fault      `json:"fault,omitempty"`
}

// Apply applies one command; see replog.Machine. It always gives an Outcome.
func (s *State) Apply(e store.Entry) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.apply(e)
	if err != nil {
		o.Fault = FaultOf(err)
	}
	return o
}

func (s *State) apply(e store.Entry) (Outcome, error) {
	raw := e.Data
	switch e.Kind {
	case KindGenesis:
		var c Genesis
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		s.d.ClusterID, s.d.Version, s.d.Replicas = c.ClusterID, c.Version, c.Replicas
		s.newSQL(firstDatabases(c.Version)...)
		for _, d := range s.d.SQL.Databases {
			d.Made = e.At
		}
		for k, v := range c.Settings {
			s.d.Settings[k] = v
		}
		return Outcome{NodeID: s.add(c.Token, c.Node)}, nil
	case KindJoin:
		var c Join
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		for _, n := range s.d.Nodes {
			if n.Token == c.Token {
				return Outcome{NodeID: n.ID}, nil
			}
		}
		return Outcome{NodeID: s.add(c.Token, c.Node)}, nil
	case KindRegister:
		var c Register
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		return Outcome{NodeID: c.ID}, s.change(c.ID, func(n *Node) error {
			if n.Membership == Decommissioned && s.rules().AtLeast(21, 1, 0) {
				return fmt.Errorf("n%d was permanently removed from the cluster; it is not allowed to rejoin the cluster", n.ID)
			}
			if n.StartedAt != c.Node.StartedAt {
				n.Epoch++
			}
			n.Descriptor, n.Draining = c.Node, false
			return nil
		})
	case KindDraining:
		var c Draining
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		return Outcome{}, s.change(c.ID, func(n *Node) error { n.Draining = c.On; return nil })
	case KindMembership:
		var c Membership
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		return Outcome{}, s.member(c)
	case KindFinalise:
		var c Finalise
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		s.d.Version = c.Line
		return Outcome{}, nil
	case KindJob:
		var c Job
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		return Outcome{}, s.setJob(c, e.At)
	case KindCancel:
		var c Cancel
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		return Outcome{}, s.cancel(c, e.At)
	case KindRestore:
		var c Restore
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		return Outcome{}, s.restore(c, e)
	case KindSQL:
		var c SQL
		if err := json.Unmarshal(raw, &c); err != nil {
			return Outcome{}, err
		}
		node, err := s.parse(string(e.Blob))
		if err != nil {
			return Outcome{}, err
		}
		r, err := s.d.SQL.Exec(node, sqlstore.Context{Database: c.Database, User: c.User, Now: e.At, Secure: c.Secure}, around{s})
		return Outcome{Result: &r}, err
	}
	return Outcome{}, fmt.Errorf("command of kind %q is not known to version %s", e.Kind, s.binary)
}

// add gives a new node the next id.
func (s *State) add(token string, d Descriptor) int {
	id := len(s.d.Nodes) + 1
	s.d.Nodes = append(s.d.Nodes, Node{Descriptor: d, ID: id, Token: token, Membership: Active, Epoch: 1})
	return id
}

func (s *State) change(id int, f func(*Node) error) error {
	if id < 1 || id > len(s.d.Nodes) {
		return fmt.Errorf("node %d is not in the cluster", id)
	}
	// Readers may hold the old slice: it is replaced, not changed.
	nodes := append([]Node(nil), s.d.Nodes...)
	if err := f(&nodes[id-1]); err != nil {
		return err
	}
	s.d.Nodes = nodes
	return nil
}

// member follows the rules of cockroachdb-versions.md, 4.2: from 20.2 on a
// decommissioned node stays so.
func (s *State) member(c Membership) error {
	return s.change(c.ID, func(n *Node) error {
		final := s.rules().AtLeast(20, 2, 0)
		switch {
		case c.To == n.Membership:
		case n.Membership == Decommissioned && c.To == Decommissioning:
			// Asking again is lawful and changes nothing.
			return nil
		case final && n.Membership == Decommissioned:
			return fmt.Errorf("can only recommission a decommissioning node; n%d found to be decommissioned", n.ID)
		}
		n.Membership = c.To
		return nil
	})
}

// firstDatabases are those of a new cluster: 2.0 had system alone.
func firstDatabases(line string) []string {
	if line == "2.0" {
		return []string{"system"}
	}
	return []string{"defaultdb", "postgres", "system"}
}

// Line gives a version line as a comparable version; the zero version for a bad one.
func Line(line string) version.Version {
	v, _ := version.Parse(line + ".0")
	return v
}
