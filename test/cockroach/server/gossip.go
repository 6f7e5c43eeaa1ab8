package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// peerView is what this node has heard of another one.
type peerView struct {
	addr      string
	startedAt int64
	seen      time.Time
	told      time.Time // when others last heard of it
	updatedAt int64
	draining  bool
}

// gossip is what this node has heard of all others.
type gossip struct {
	mu     sync.Mutex
	peers  map[int]peerView
	called []string          // addresses in a cluster that called while we had none
	blamed map[string]string // last complaint by address, so that each is logged once
}

func newGossip() *gossip {
	return &gossip{peers: map[int]peerView{}, blamed: map[string]string{}}
}

// learn notes an address that was heard of at second hand. The newest start wins.
func (g *gossip) learn(id int, addr string, startedAt int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.peers[id]
	if startedAt >= p.startedAt {
		p.addr, p.startedAt = addr, startedAt
		g.peers[id] = p
	}
}

// hear notes word from the node itself.
func (g *gossip) hear(id int, addr string, startedAt, updatedAt int64, draining bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.peers[id] = peerView{addr: addr, startedAt: startedAt, seen: time.Now(), told: g.peers[id].told, updatedAt: updatedAt, draining: draining}
}

// silences is for how long nothing was heard of each node that this one has heard of itself.
func (g *gossip) silences() map[int]time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := map[int]time.Duration{}
	for id, p := range g.peers {
		if !p.seen.IsZero() {
			m[id] = time.Since(p.seen)
		}
	}
	return m
}

// relay notes what another node has heard. Only first-hand word is passed on, so that nobody grows younger on the way.
func (g *gossip) relay(silences map[int]time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, silence := range silences {
		p := g.peers[id]
		if at := time.Now().Add(-silence); at.After(p.told) {
			p.told = at
			g.peers[id] = p
		}
	}
}

// heard is when a node was last heard of, by this node or by others. Of one that nobody has told of yet it is the time of this
// node's own start: as with the real liveness records, what a new node does not know is not dead for it.
func (p peerView) heard(start time.Time) time.Time {
	switch {
	case p.seen.IsZero() && p.told.IsZero():
		return start
	case p.told.After(p.seen):
		return p.told
	}
	return p.seen
}

func (g *gossip) get(id int) peerView {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.peers[id]
}

// addresses gives the address of everybody whose address was ever heard of, by node id.
func (g *gossip) addresses() map[int]string {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := map[int]string{}
	for id, p := range g.peers {
		if p.addr != "" {
			m[id] = p.addr
		}
	}
	return m
}

// latest is the node that was heard from last, 0 for none.
func (g *gossip) latest() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	best := 0
	for id, p := range g.peers {
		if p.seen.After(g.peers[best].seen) {
			best = id
		}
	}
	return best
}

// call notes that somebody who is in a cluster called.
func (g *gossip) call(addr string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Contains(g.called, addr) {
		g.called = append(g.called, addr)
	}
}

func (g *gossip) callers() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.called)
}

// complain logs why an address is of no use, once for each reason.
func (g *gossip) complain(log *slog.Logger, addr string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	text := err.Error()
	var shake *wire.HandshakeError
	if errors.As(err, &shake) || errors.Is(err, io.EOF) {
		// One side has TLS and the other not, or they do not trust each other.
		text = "[n?] failed to start gossip client to " + addr + ": " + wire.Transient(err)
	}
	if g.blamed[addr] == text {
		return
	}
	g.blamed[addr] = text
	if strings.HasPrefix(text, "[n?]") {
		log.Warn(text)
		return
	}
	level := slog.LevelInfo
	if strings.Contains(text, "doesn't match") || strings.Contains(text, "does not match") {
		level = slog.LevelWarn
	}
	log.Log(context.Background(), level, "failed to start gossip client", "peer", addr, "err", text)
}

func (g *gossip) forgive(addr string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.blamed, addr)
}
