package replog

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// Config is what a Group needs. Members names all nodes that are to have the
// log, voters or not.
type Config struct {
	ID        int
	Storage   Storage
	Machine   Machine
	Transport Transport
	Members   func() []int
	Heartbeat time.Duration // leader's interval
	Election  time.Duration // shortest silence before a vote
	Log       *slog.Logger
}

type role int

const (
	follower role = iota
	candidate
	leader
)

// kindVoters marks the entries that replog itself reads: a new list of voters.
const kindVoters = "voters"

// kindNoop marks the entry a new leader opens its term with.
const kindNoop = "noop"

type outcome struct {
	value any
	err   error
}

type waiter struct {
	term uint64
	ch   chan outcome
}

// Group is one node's part in the replicated log.
type Group struct {
	cfg  Config
	stop chan struct{}
	wg   sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	failed   error // a write to the store failed: nothing may be promised any more
	role     role
	vote     store.Vote
	leaderID int
	heard    time.Time // last message from a leader
	deadline time.Time // when to ask for votes

	snap     store.Snapshot
	log      []store.Entry // entries after the snapshot
	bytes    int           // of the log
	commit   uint64
	applied  uint64
	voters   []int
	votersAt uint64 // index of the entry that set voters
	waiters  map[uint64]waiter
	clock    int64         // time of the newest entry that this node has seen
	changed  chan struct{} // closed and replaced on each change

	peers map[int]*peer // of the leader
}

// peer is what a leader knows of one other node.
type peer struct {
	next, match uint64
	acked       time.Time // when the last answered message was sent
	kick        chan struct{}
}

// New starts a node's part from what its store holds.
func New(cfg Config, l store.Loaded) (*Group, error) {
	g := &Group{
		cfg: cfg, stop: make(chan struct{}), vote: l.Vote, log: l.Entries,
		waiters: map[uint64]waiter{}, changed: make(chan struct{}), peers: map[int]*peer{},
	}
	if l.Snapshot != nil {
		g.snap = *l.Snapshot
		if err := cfg.Machine.Restore(g.snap.State); err != nil {
			return nil, fmt.Errorf("restore the snapshot at %d: %w", g.snap.Index, err)
		}
	}
	g.commit, g.applied = g.snap.Index, g.snap.Index
	for _, e := range l.Entries {
		g.bytes += len(e.Blob) + len(e.Data)
		g.clock = max(g.clock, e.At)
	}
	g.findVoters()
	// A first vote soon: after a full stop nobody is there to be heard from.
	g.deadline = time.Now().Add(cfg.Heartbeat/2 + rand.N(cfg.Election/2))
	if slices.Equal(g.voters, []int{cfg.ID}) {
		g.deadline = time.Now()
	}
	g.wg.Add(1)
	go g.tick()
	return g, nil
}

// Bootstrap gives the entries of a new log whose only voter is id.
func Bootstrap(id int, first store.Entry) []store.Entry {
	list, _ := json.Marshal([]int{id})
	first.Index, first.Term = 2, 1
	return []store.Entry{{Index: 1, Term: 1, Kind: kindVoters, Data: list}, first}
}

// Close stops the node's part and waits for its goroutines.
func (g *Group) Close() {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return
	}
	g.closed = true
	close(g.stop)
	for i, w := range g.waiters {
		w.ch <- outcome{err: ErrClosed}
		delete(g.waiters, i)
	}
	g.notify()
	g.mu.Unlock()
	g.wg.Wait()
}

// Status is a look at the group.
type Status struct {
	Leader  int
	Leading bool
	Voters  []int
	Applied uint64
	Last    uint64
	Match   map[int]uint64 // of the leader: how far each node is
	Settled bool           // no change of voters is under way, and the leader's term is open
	Contact time.Time      // leader: last moment a majority answered; others: last word from a leader
	Failed  error          // the store cannot be written any more
}

// Status looks at the group.
func (g *Group) Status() Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := Status{
		Leader: g.leaderID, Leading: g.role == leader, Voters: slices.Clone(g.voters), Applied: g.applied, Last: g.last(),
		Match: map[int]uint64{g.cfg.ID: g.last()}, Contact: g.heard, Failed: g.failed,
	}
	if g.role == leader {
		s.Contact = g.majorityAck()
		s.Settled = g.votersAt <= g.commit && g.term(g.commit) == g.vote.Term
		for id, p := range g.peers {
			s.Match[id] = p.match
		}
	}
	return s
}

// notify wakes everybody who waits for a change. The lock is held.
func (g *Group) notify() {
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *Group) last() uint64 { return g.snap.Index + uint64(len(g.log)) }

// term gives the term of an entry, 0 when it is not known any more.
func (g *Group) term(i uint64) uint64 {
	switch {
	case i == g.snap.Index:
		return g.snap.Term
	case i < g.snap.Index || i > g.last():
		return 0
	}
	return g.log[i-g.snap.Index-1].Term
}

// findVoters takes the newest list of voters from log or snapshot.
func (g *Group) findVoters() {
	for i := len(g.log) - 1; i >= 0; i-- {
		if g.log[i].Kind == kindVoters {
			var list []int
			if json.Unmarshal(g.log[i].Data, &list) == nil {
				g.voters, g.votersAt = list, g.log[i].Index
				return
			}
		}
	}
	g.voters, g.votersAt = g.snap.Voters, g.snap.Index
}

// append puts entries at the end of the log, on disk first.
func (g *Group) append(entries []store.Entry) error {
	if g.failed != nil {
		return g.failed
	}
	if err := g.cfg.Storage.Append(entries); err != nil {
		g.fail(err)
		return err
	}
	g.log = append(g.log, entries...)
	for _, e := range entries {
		g.bytes += len(e.Blob) + len(e.Data)
		g.clock = max(g.clock, e.At)
		if e.Kind == kindVoters {
			g.findVoters()
		}
	}
	return nil
}

// fail takes the node out: what cannot be written must not be promised.
func (g *Group) fail(err error) {
	g.failed = err
	g.cfg.Log.Error("store cannot be written", "err", err)
	g.stepDown(g.vote.Term)
}
