package replog

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// The log is cut when this many entries or bytes have piled up; not while a peer
// that answers is behind, who would then need the whole state, up to a limit.
const (
	snapshotEvery = 2000
	snapshotBytes = 32 << 20
	snapshotLimit = 128 << 20
)

// apply runs committed entries through the machine. The lock is held.
func (g *Group) apply() {
	for g.applied < g.commit {
		e := g.log[g.applied-g.snap.Index]
		g.applied++
		var value any
		if e.Kind != kindVoters && e.Kind != kindNoop {
			value = g.cfg.Machine.Apply(e)
		}
		if w, ok := g.waiters[e.Index]; ok {
			delete(g.waiters, e.Index)
			if w.term == e.Term {
				w.ch <- outcome{value: value}
			} else {
				w.ch <- outcome{err: ErrLost}
			}
		}
	}
	g.tidy()
	g.notify()
}

// tidy cuts the log when it is time to. The lock is held.
func (g *Group) tidy() {
	if g.applied-g.snap.Index < snapshotEvery && g.bytes < snapshotBytes || g.applied == g.snap.Index {
		return
	}
	if g.role == leader && g.bytes < snapshotLimit && g.applied-g.snap.Index < 10*snapshotEvery {
		for _, p := range g.peers {
			if p.match < g.applied && time.Since(p.acked) < 2*g.cfg.Election {
				return
			}
		}
	}
	g.compact()
}

// compact replaces applied entries by a snapshot.
func (g *Group) compact() {
	state, err := g.cfg.Machine.Snapshot()
	if err != nil {
		g.cfg.Log.Error("state cannot be encoded; the log is kept", "err", err)
		return
	}
	voters := g.snap.Voters
	for _, e := range g.log[:g.applied-g.snap.Index] {
		if e.Kind == kindVoters {
			voters = votersOf(e)
		}
	}
	s := store.Snapshot{Index: g.applied, Term: g.term(g.applied), Voters: voters, State: state}
	rest := append([]store.Entry(nil), g.log[g.applied-g.snap.Index:]...)
	g.adopt(s, rest)
}

// adopt stores a snapshot and the log that follows it.
func (g *Group) adopt(s store.Snapshot, rest []store.Entry) {
	if err := g.cfg.Storage.SetSnapshot(s); err != nil {
		g.fail(err)
		return
	}
	if err := g.cfg.Storage.Rewrite(rest); err != nil {
		g.fail(err)
		return
	}
	g.snap, g.log, g.bytes = s, rest, 0
	for _, e := range rest {
		g.bytes += len(e.Blob) + len(e.Data)
	}
	g.findVoters()
}
