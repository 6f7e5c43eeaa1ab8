package server

import (
	"context"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/replog"
)

// allocateLoop moves data, as the leader: the real allocator's rules for one
// range, applied to all of the data at once.
func (n *Node) allocateLoop() {
	for sleep(n.ctx, n.cfg.Times.Heartbeat) {
		g := n.replication()
		st := g.Status()
		if st.Failed != nil {
			n.fail(&StoreError{Err: st.Failed})
			return
		}
		if !st.Leading || !st.Settled {
			continue
		}
		n.allocate(g, st)
		if line, ok := n.state.Upgrade(); ok {
			ctx, cancel := context.WithTimeout(n.ctx, time.Second)
			n.propose(ctx, cluster.KindFinalise, cluster.Finalise{Line: line}, false)
			cancel()
		}
	}
}

// target is how many replicas there should be: three, five with five nodes or
// more (the real system ranges, from 2.1 on), and never an even number. Nodes
// that are being decommissioned do not count, dead ones do.
func (n *Node) target() int {
	if r := n.state.Replicas(); r > 0 {
		return r
	}
	count := 0
	for _, x := range n.state.Nodes() {
		if x.Membership == cluster.Active {
			count++
		}
	}
	if count >= 5 && n.cfg.Version.AtLeast(2, 1, 0) {
		return 5
	}
	return 3
}

// allocate makes at most one change.
func (n *Node) allocate(g *replog.Group, st replog.Status) {
	reports := n.Reports()
	var spare []int // live, active, no voter, and has all the data
	for _, r := range reports {
		caught := st.Match[r.ID]+5 >= st.Last
		if r.Membership == cluster.Active && r.Available && !r.Draining && caught && !slices.Contains(st.Voters, r.ID) {
			spare = append(spare, r.ID)
		}
	}
	leaving := n.leaving(reports, st)
	switch {
	case leaving != 0 && len(st.Voters) > n.target():
		n.remove(g, st, leaving)
	case len(spare) == 0:
	case leaving != 0 && len(st.Voters) == n.target():
		n.change(g, append(slices.Clone(st.Voters), spare[0]))
	case len(st.Voters) < n.target() && (len(st.Voters)%2 == 0 || len(spare) >= 2 || leaving != 0):
		// From an odd number the real allocator goes up only when it can go on to
		// the next odd one: two replicas are no safer than one.
		n.change(g, append(slices.Clone(st.Voters), spare[0]))
	}
}

// leaving is the voter that ought to go first: one that is being decommissioned,
// one that is dead, or any when there are too many.
func (n *Node) leaving(reports []Report, st replog.Status) int {
	for _, r := range reports {
		if slices.Contains(st.Voters, r.ID) && r.Membership != cluster.Active {
			return r.ID
		}
	}
	for _, r := range reports {
		if slices.Contains(st.Voters, r.ID) && r.Dead {
			return r.ID
		}
	}
	if len(st.Voters) > n.target() {
		for i := len(st.Voters) - 1; i >= 0; i-- {
			if st.Voters[i] != st.Leader {
				return st.Voters[i]
			}
		}
	}
	return 0
}

// remove takes a voter out; a leader hands over first.
func (n *Node) remove(g *replog.Group, st replog.Status, id int) {
	if id == st.Leader {
		n.handOver(g, st, id)
		return
	}
	n.change(g, slices.DeleteFunc(slices.Clone(st.Voters), func(v int) bool { return v == id }))
}

func (n *Node) change(g *replog.Group, voters []int) {
	if err := g.SetVoters(voters); err != nil {
		n.cfg.Log.Info("voters stay as they are", "wanted", voters, "err", err)
		return
	}
	n.cfg.Log.Info("voters change", "voters", voters)
}

// handOver gives the lead to a voter that is live and stays.
func (n *Node) handOver(g *replog.Group, st replog.Status, self int) bool {
	for _, r := range n.Reports() {
		if r.ID != self && slices.Contains(st.Voters, r.ID) && r.Available && !r.Draining && r.Membership == cluster.Active {
			ctx, cancel := context.WithTimeout(n.ctx, n.cfg.Times.Election)
			err := g.Transfer(ctx, r.ID)
			cancel()
			if err == nil {
				return true
			}
		}
	}
	return false
}
