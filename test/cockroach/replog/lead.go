package replog

import (
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
)

// batch and batchBytes bound what one message carries.
const (
	batch      = 500
	batchBytes = 4 << 20
)

// lead takes the lead in the current term. The lock is held.
func (g *Group) lead() {
	g.role, g.leaderID = leader, g.cfg.ID
	g.peers = map[int]*peer{}
	g.cfg.Log.Info("node leads", "node", g.cfg.ID, "term", g.vote.Term)
	// An entry of its own term lets a leader commit what older terms left.
	if g.append([]store.Entry{{Index: g.last() + 1, Term: g.vote.Term, Kind: kindNoop, At: g.now()}}) != nil {
		return
	}
	g.greet()
	g.advance()
	g.notify()
}

// greet starts a sender for each member that has none.
func (g *Group) greet() {
	ids := append(slices.Clone(g.voters), g.cfg.Members()...)
	for _, id := range ids {
		if id == g.cfg.ID || g.peers[id] != nil {
			continue
		}
		// A new leader gives everybody the time of an election to answer.
		p := &peer{next: g.last() + 1, acked: time.Now(), kick: make(chan struct{}, 1)}
		g.peers[id] = p
		g.wg.Add(1)
		go g.feed(id, p, g.vote.Term)
	}
}

// feed sends to one peer while the term of leadership lasts.
func (g *Group) feed(id int, p *peer, term uint64) {
	defer g.wg.Done()
	beat := time.NewTicker(g.cfg.Heartbeat)
	defer beat.Stop()
	for {
		g.mu.Lock()
		if g.closed || g.role != leader || g.vote.Term != term || g.peers[id] != p {
			g.mu.Unlock()
			return
		}
		q := g.message(p)
		g.mu.Unlock()

		sent := time.Now()
		ctx, cancel := g.limit(2 * g.cfg.Election)
		var r AppendReply
		err := g.cfg.Transport.Send(ctx, id, OpAppend, q, &r)
		cancel()
		if err == nil && g.took(p, term, q, r, sent) {
			continue
		}
		select {
		case <-g.stop:
			return
		case <-p.kick:
			if err != nil {
				// Kicks are for peers that answer; others wait for the beat.
				select {
				case <-g.stop:
					return
				case <-beat.C:
				}
			}
		case <-beat.C:
		}
	}
}

// message is what the peer is to get next. The lock is held.
func (g *Group) message(p *peer) AppendRequest {
	q := AppendRequest{Term: g.vote.Term, Leader: g.cfg.ID, Commit: g.commit}
	if p.next <= g.snap.Index {
		s := g.snap
		q.Snapshot = &s
		q.PrevIndex, q.PrevTerm = s.Index, s.Term
	} else {
		q.PrevIndex, q.PrevTerm = p.next-1, g.term(p.next-1)
	}
	from, size := q.PrevIndex-g.snap.Index, 0
	for _, e := range g.log[from:min(uint64(len(g.log)), from+batch)] {
		size += len(e.Blob) + len(e.Data)
		if len(q.Entries) > 0 && size > batchBytes {
			break
		}
		q.Entries = append(q.Entries, e)
	}
	return q
}

// took works an answer in, and says whether there is more to send at once.
func (g *Group) took(p *peer, term uint64, q AppendRequest, r AppendReply, sent time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || g.role != leader || g.vote.Term != term {
		return true
	}
	if r.Term > g.vote.Term {
		g.stepDown(r.Term)
		return true
	}
	p.acked = sent
	g.notify()
	if !r.OK {
		p.next = max(1, min(p.next-1, r.Last+1))
		return true
	}
	p.match = max(p.match, q.PrevIndex+uint64(len(q.Entries)))
	p.next = p.match + 1
	g.advance()
	g.tidy()
	return p.next <= g.last()
}

// advance commits what a majority has. Only entries of the own term count.
func (g *Group) advance() {
	have := make([]uint64, 0, len(g.voters))
	for _, id := range g.voters {
		switch {
		case id == g.cfg.ID:
			have = append(have, g.last())
		case g.peers[id] != nil:
			have = append(have, g.peers[id].match)
		default:
			have = append(have, 0)
		}
	}
	if len(have) == 0 {
		return
	}
	slices.Sort(have)
	n := have[(len(have)-1)/2]
	if n > g.commit && g.term(n) == g.vote.Term {
		g.commit = n
		g.apply()
		g.kickAll()
	}
}

func (g *Group) kickAll() {
	for _, p := range g.peers {
		select {
		case p.kick <- struct{}{}:
		default:
		}
	}
}

// majorityAck is the latest moment from which a majority of voters has answered.
func (g *Group) majorityAck() time.Time {
	var acks []time.Time
	for _, id := range g.voters {
		switch {
		case id == g.cfg.ID:
			acks = append(acks, time.Now())
		case g.peers[id] != nil:
			acks = append(acks, g.peers[id].acked)
		default:
			acks = append(acks, time.Time{})
		}
	}
	if len(acks) == 0 {
		return time.Time{}
	}
	slices.SortFunc(acks, func(a, b time.Time) int { return b.Compare(a) })
	return acks[len(acks)/2]
}
