package replog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// Names of the messages, for transports.
const (
	OpAppend     = "append"
	OpVote       = "vote"
	OpTimeoutNow = "timeout-now"
)

// AppendRequest is sent by the leader: entries, a snapshot, or just a heartbeat.
type AppendRequest struct {
	Term      uint64          `json:"term"`
	Leader    int             `json:"leader"`
	PrevIndex uint64          `json:"prevIndex"`
	PrevTerm  uint64          `json:"prevTerm"`
	Entries   []store.Entry   `json:"entries,omitempty"`
	Commit    uint64          `json:"commit"`
	Snapshot  *store.Snapshot `json:"snapshot,omitempty"`
}

// AppendReply says whether the follower's log now matches; Last is a hint where
// to go on, its last index when it does not.
type AppendReply struct {
	Term uint64 `json:"term"`
	OK   bool   `json:"ok"`
	Last uint64 `json:"last"`
}

// VoteRequest asks for a vote. Pre asks only whether one would be given. Force
// is set when the old leader handed over.
type VoteRequest struct {
	Term      uint64 `json:"term"`
	Candidate int    `json:"candidate"`
	LastIndex uint64 `json:"lastIndex"`
	LastTerm  uint64 `json:"lastTerm"`
	Pre       bool   `json:"pre,omitempty"`
	Force     bool   `json:"force,omitempty"`
}

// VoteReply answers a VoteRequest.
type VoteReply struct {
	Term    uint64 `json:"term"`
	Granted bool   `json:"granted"`
}

// Transport carries a message to the node with the given id.
type Transport interface {
	Send(ctx context.Context, to int, op string, in, out any) error
}

// Machine is what the log drives. Calls come one at a time.
type Machine interface {
	Apply(e store.Entry) any
	Snapshot() (json.RawMessage, error)
	Restore(json.RawMessage) error
}

// Storage keeps promises and entries; see package store.
type Storage interface {
	Append([]store.Entry) error
	Rewrite([]store.Entry) error
	SetVote(store.Vote) error
	SetSnapshot(store.Snapshot) error
}

// NotLeader is returned where only the leader can act. Leader is 0 when none is known.
type NotLeader struct{ Leader int }

func (e *NotLeader) Error() string {
	return fmt.Sprintf("this node does not lead; the leader is node %d", e.Leader)
}

// ErrLost is returned for an entry whose fate is unknown: leadership was lost
// before it was committed.
var ErrLost = errors.New("leadership was lost before the entry was committed")

// ErrClosed is returned after Close.
var ErrClosed = errors.New("the log is closed")
