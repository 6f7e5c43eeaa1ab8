package replog

import (
	"encoding/json"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// HandleAppend takes entries, a snapshot or a heartbeat from a leader.
func (g *Group) HandleAppend(q AppendRequest) AppendReply {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || g.failed != nil || q.Term < g.vote.Term {
		return AppendReply{Term: g.vote.Term, Last: g.last()}
	}
	if q.Term > g.vote.Term || g.role != follower {
		g.stepDown(q.Term)
		if g.failed != nil {
			return AppendReply{Term: g.vote.Term, Last: g.last()}
		}
	}
	if g.leaderID != q.Leader {
		g.leaderID = q.Leader
		g.notify()
	}
	g.heard = time.Now()
	g.resetDeadline()
	if q.Snapshot != nil && q.Snapshot.Index > g.commit {
		if err := g.cfg.Machine.Restore(q.Snapshot.State); err != nil {
			g.cfg.Log.Error("snapshot from the leader cannot be read", "leader", q.Leader, "err", err)
			return AppendReply{Term: g.vote.Term, Last: g.last()}
		}
		g.adopt(*q.Snapshot, nil)
		g.commit, g.applied = q.Snapshot.Index, q.Snapshot.Index
		for i, w := range g.waiters {
			if i <= g.applied {
				w.ch <- outcome{err: ErrLost}
				delete(g.waiters, i)
			}
		}
		g.notify()
	}
	if !g.matches(q) {
		return AppendReply{Term: g.vote.Term, Last: min(g.last(), q.PrevIndex-1)}
	}
	if err := g.merge(q.Entries); err != nil {
		return AppendReply{Term: g.vote.Term, Last: g.last()}
	}
	end := q.PrevIndex + uint64(len(q.Entries))
	if c := min(q.Commit, end); c > g.commit {
		g.commit = c
		g.apply()
	}
	return AppendReply{Term: g.vote.Term, OK: true, Last: end}
}

// matches says whether our log agrees with the leader's at PrevIndex. Below the
// snapshot it does: what is in a snapshot was committed.
func (g *Group) matches(q AppendRequest) bool {
	if q.PrevIndex <= g.snap.Index {
		return true
	}
	return q.PrevIndex <= g.last() && g.term(q.PrevIndex) == q.PrevTerm
}

// merge adds the entries that are new, cutting a tail that the leader does not have.
func (g *Group) merge(entries []store.Entry) error {
	for i, e := range entries {
		if e.Index <= g.snap.Index || (e.Index <= g.last() && g.term(e.Index) == e.Term) {
			continue
		}
		if e.Index <= g.last() {
			kept := g.log[:e.Index-g.snap.Index-1]
			if err := g.cfg.Storage.Rewrite(kept); err != nil {
				g.fail(err)
				return err
			}
			g.log = kept
			g.findVoters()
		}
		return g.append(entries[i:])
	}
	return nil
}

func votersOf(e store.Entry) []int {
	var list []int
	json.Unmarshal(e.Data, &list)
	return list
}
