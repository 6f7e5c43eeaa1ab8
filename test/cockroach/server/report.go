package server

import (
	"context"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
)

// ranges is how many ranges a stand-in cluster says that it has: what a new
// cluster of v20.1.5 has. Every node that holds data holds all of them.
const ranges = 32

// Report is one node as this node sees it.
type Report struct {
	cluster.Node
	UpdatedAt       int64 `json:"updatedAt"` // nanoseconds of the Unix epoch
	Available       bool  `json:"available"` // its liveness has not expired
	Live            bool  `json:"live"`      // heard of lately
	Dead            bool  `json:"dead"`      // silent for longer than server.time_until_store_dead
	Replicas        int   `json:"replicas"`
	Leading         int   `json:"leading"` // ranges that it leads
	Underreplicated int   `json:"underreplicated"`
	Unavailable     int   `json:"unavailable"`
}

// Healthy says whether this node's own liveness holds: it has had word from a
// majority, by way of the leader, not too long ago.
func (n *Node) Healthy() bool {
	g := n.replication()
	return g != nil && n.Facts().Phase == Serving && time.Since(g.Status().Contact) < n.cfg.Times.Liveness
}

// Membership gives this node's own membership.
func (n *Node) Membership() string {
	x, _ := n.state.Node(n.Facts().ID)
	return x.Membership
}

// LiveNodes counts the nodes whose liveness holds; 0 when this one's does not.
func (n *Node) LiveNodes() int {
	count := 0
	for _, r := range n.Reports() {
		if r.Available {
			count++
		}
	}
	return count
}

// Reports gives all nodes there ever were, by id, as this node sees them.
func (n *Node) Reports() []Report {
	g := n.replication()
	if g == nil {
		return nil
	}
	me, healthy, st := n.Facts(), n.Healthy(), g.Status()
	var out []Report
	live := 0
	for _, x := range n.state.Nodes() {
		p := n.peers.get(x.ID)
		r := Report{Node: x, UpdatedAt: max(p.updatedAt, x.StartedAt)}
		silence := time.Since(p.heard(me.Started))
		if x.ID == me.ID {
			silence, r.UpdatedAt, r.Draining = 0, time.Now().UnixNano(), me.Draining || x.Draining
		} else if p.draining && p.startedAt == x.StartedAt {
			r.Draining = true
		}
		r.Live = silence < 2*n.cfg.Times.Ping+n.cfg.Times.Ping/2
		r.Available = healthy && silence < n.cfg.Times.Liveness
		r.Dead = silence > n.storeDead() && time.Since(me.Started) > n.storeDead()
		if slices.Contains(st.Voters, x.ID) {
			r.Replicas = ranges
			if r.Available {
				live++
			}
		}
		if st.Leader == x.ID {
			r.Leading = ranges
		}
		out = append(out, r)
	}
	if live < n.target() {
		for i := range out {
			if out[i].Leading > 0 {
				out[i].Underreplicated = ranges
			}
		}
	}
	return out
}

// storeDead is the silence after which data is made anew elsewhere.
func (n *Node) storeDead() time.Duration {
	if d := n.cfg.Times.StoreDead; d > 0 {
		return d
	}
	return n.state.Duration("server.time_until_store_dead")
}

func (n *Node) status(ctx context.Context, q SessionRequest) (any, error) {
	if err := n.session(ctx, q); err != nil {
		return nil, err
	}
	return n.Reports(), nil
}

// Current waits until a majority confirms that what this node knows is current.
func (n *Node) Current(ctx context.Context) error {
	return n.atLeader(ctx, opBarrier, struct{}{}, func(ctx context.Context) (any, error) { return struct{}{}, n.current(ctx) }, nil)
}
