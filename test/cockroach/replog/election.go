package replog

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

func (g *Group) resetDeadline() {
	g.deadline = time.Now().Add(g.cfg.Election + rand.N(g.cfg.Election))
}

// tick looks for silence: of the leader as a follower, of the majority as leader.
func (g *Group) tick() {
	defer g.wg.Done()
	t := time.NewTicker(g.cfg.Heartbeat / 4)
	defer t.Stop()
	for {
		select {
		case <-g.stop:
			return
		case <-t.C:
		}
		g.mu.Lock()
		switch {
		case g.closed || g.failed != nil:
		case g.role == leader && time.Since(g.majorityAck()) > 2*g.cfg.Election:
			g.cfg.Log.Warn("majority of the voters is silent", "voters", g.voters)
			g.stepDown(g.vote.Term)
		case g.role == leader:
			g.greet()
		case slices.Contains(g.voters, g.cfg.ID) && time.Now().After(g.deadline):
			g.resetDeadline()
			g.campaign(true, false)
		case g.leaderID != 0 && time.Since(g.heard) > 2*g.cfg.Election:
			g.leaderID = 0
			g.notify()
		}
		g.mu.Unlock()
	}
}

// stepDown makes the node a follower in term. The lock is held.
func (g *Group) stepDown(term uint64) {
	if g.role == leader || g.leaderID == g.cfg.ID {
		g.leaderID = 0
		g.heard = g.majorityAck()
	}
	if term > g.vote.Term {
		g.leaderID = 0
		g.vote = store.Vote{Term: term}
		if err := g.cfg.Storage.SetVote(g.vote); err != nil && g.failed == nil {
			g.failed = err
		}
	}
	g.role = follower
	g.peers = map[int]*peer{}
	g.resetDeadline()
	g.notify()
}

// campaign asks the other voters, first whether they would vote (pre), then for
// real. The lock is held; answers are gathered in the background.
func (g *Group) campaign(pre, force bool) {
	q := VoteRequest{Term: g.vote.Term + 1, Candidate: g.cfg.ID, LastIndex: g.last(), LastTerm: g.term(g.last()), Pre: pre, Force: force}
	if !pre {
		g.vote = store.Vote{Term: q.Term, For: g.cfg.ID}
		if err := g.cfg.Storage.SetVote(g.vote); err != nil {
			g.fail(err)
			return
		}
		g.role, g.leaderID = candidate, 0
	}
	need := len(g.voters)/2 + 1
	if need == 1 && slices.Equal(g.voters, []int{g.cfg.ID}) {
		g.won(q)
		return
	}
	votes := 1
	for _, id := range g.voters {
		if id == g.cfg.ID {
			continue
		}
		g.wg.Add(1)
		go func() {
			defer g.wg.Done()
			ctx, cancel := g.limit(g.cfg.Election)
			defer cancel()
			var r VoteReply
			if g.cfg.Transport.Send(ctx, id, OpVote, q, &r) != nil {
				return
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.closed || g.failed != nil {
				return
			}
			if r.Term > g.vote.Term && !r.Granted {
				g.stepDown(r.Term)
				return
			}
			if r.Granted {
				votes++
				if votes == need {
					g.won(q)
				}
			}
		}()
	}
}

// won goes from the pre-vote to the vote, or from the vote to leading, unless
// the world moved on meanwhile.
func (g *Group) won(q VoteRequest) {
	switch {
	case q.Pre && g.role != leader && g.vote.Term+1 == q.Term:
		g.campaign(false, q.Force)
	case !q.Pre && g.role == candidate && g.vote.Term == q.Term:
		g.lead()
	}
}

// HandleVote answers a candidate.
func (g *Group) HandleVote(q VoteRequest) VoteReply {
	g.mu.Lock()
	defer g.mu.Unlock()
	no := VoteReply{Term: g.vote.Term}
	if g.closed || g.failed != nil || q.Term < g.vote.Term {
		return no
	}
	// Stickiness: whoever hears a leader lets nobody depose it.
	if !q.Force && g.leaderID != 0 && g.leaderID != q.Candidate && time.Since(g.heardFromLeader()) < g.cfg.Election {
		return no
	}
	lastTerm := g.term(g.last())
	fresh := q.LastTerm > lastTerm || (q.LastTerm == lastTerm && q.LastIndex >= g.last())
	if q.Pre {
		return VoteReply{Term: g.vote.Term, Granted: fresh && q.Term > g.vote.Term}
	}
	if q.Term > g.vote.Term {
		g.stepDown(q.Term)
	}
	if !fresh || (g.vote.For != 0 && g.vote.For != q.Candidate) || g.failed != nil {
		return VoteReply{Term: g.vote.Term}
	}
	g.vote.For = q.Candidate
	if err := g.cfg.Storage.SetVote(g.vote); err != nil {
		g.fail(err)
		return VoteReply{Term: g.vote.Term}
	}
	g.resetDeadline()
	return VoteReply{Term: g.vote.Term, Granted: true}
}

func (g *Group) heardFromLeader() time.Time {
	if g.role == leader {
		return g.majorityAck()
	}
	return g.heard
}

// HandleTimeoutNow makes this node ask for votes at once: the leader hands over.
func (g *Group) HandleTimeoutNow() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed && g.failed == nil && g.role != leader && slices.Contains(g.voters, g.cfg.ID) {
		g.campaign(false, true)
	}
}

// limit gives a context that ends after d or when the group closes.
func (g *Group) limit(d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		select {
		case <-g.stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
