package replog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// Propose puts an entry into the log and waits until it is applied here; the
// machine's result comes back. Errors: *NotLeader (nothing happened), ErrLost
// (it may happen yet), the context's (same).
func (g *Group) Propose(ctx context.Context, kind string, data any, blob []byte) (any, error) {
	b, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("encode entry: %w", err)
	}
	g.mu.Lock()
	w, err := g.put(kind, b, blob)
	g.mu.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case o := <-w.ch:
		return o.value, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// put appends one entry as the leader. The lock is held.
func (g *Group) put(kind string, data json.RawMessage, blob []byte) (waiter, error) {
	switch {
	case g.closed:
		return waiter{}, ErrClosed
	case g.failed != nil:
		return waiter{}, g.failed
	case g.role != leader:
		return waiter{}, &NotLeader{Leader: g.leaderID}
	}
	e := store.Entry{Index: g.last() + 1, Term: g.vote.Term, Kind: kind, At: g.now(), Data: data, Blob: blob}
	if err := g.append([]store.Entry{e}); err != nil {
		return waiter{}, err
	}
	w := waiter{term: e.Term, ch: make(chan outcome, 1)}
	g.waiters[e.Index] = w
	g.kickAll()
	g.advance()
	return w, nil
}

// SetVoters proposes a list of voters that differs from the present one by one
// node. It is refused while another change is under way.
func (g *Group) SetVoters(list []int) error {
	b, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("encode voters: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.votersAt > g.commit || g.term(g.commit) != g.vote.Term {
		return errors.New("another change of voters is under way")
	}
	if d := differences(g.voters, list); d != 1 || len(list) == 0 {
		return fmt.Errorf("voters %v and %v differ by %d nodes; only one at a time may change", g.voters, list, d)
	}
	_, err = g.put(kindVoters, b, nil)
	return err
}

// now is the time of a new entry: never before that of an older one.
func (g *Group) now() int64 {
	g.clock = max(time.Now().UnixNano(), g.clock+1)
	return g.clock
}

func differences(a, b []int) int {
	n := 0
	for _, x := range a {
		if !slices.Contains(b, x) {
			n++
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			n++
		}
	}
	return n
}

// Barrier waits until everything in the log before the call is applied here and
// a majority has confirmed that this node still leads: reads after it are current,
// also those of a moment that is past, for entries get their time when they go in.
func (g *Group) Barrier(ctx context.Context) error {
	start := time.Now()
	g.mu.Lock()
	commit := g.last()
	g.kickAll()
	for {
		switch {
		case g.closed:
			g.mu.Unlock()
			return ErrClosed
		case g.role != leader:
			id := g.leaderID
			g.mu.Unlock()
			return &NotLeader{Leader: id}
		case g.term(g.commit) != g.vote.Term:
			commit = g.last()
		case g.applied >= commit && !g.majorityAck().Before(start):
			g.mu.Unlock()
			return nil
		}
		changed := g.changed
		g.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
		g.mu.Lock()
	}
}

// Transfer asks another voter that has the whole log to take the lead.
func (g *Group) Transfer(ctx context.Context, to int) error {
	g.mu.Lock()
	p := g.peers[to]
	ready := g.role == leader && p != nil && p.match == g.last() && slices.Contains(g.voters, to)
	g.mu.Unlock()
	if !ready {
		return fmt.Errorf("node %d is not ready to lead", to)
	}
	return g.cfg.Transport.Send(ctx, to, OpTimeoutNow, struct{}{}, nil)
}

// Changed gives a channel that is closed at the next change of any kind.
func (g *Group) Changed() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.changed
}
