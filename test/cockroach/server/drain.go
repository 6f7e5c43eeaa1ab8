package server

import (
	"context"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// DrainRequest asks a node to drain, and maybe to stop after it.
type DrainRequest struct {
	ClusterName string `json:"clusterName,omitempty"`
	AnyName     bool   `json:"anyName,omitempty"`
	Shutdown    bool   `json:"shutdown,omitempty"`
	Self        int    `json:"node,omitempty"` // the node to drain; 0: the one that is asked
}

// DrainReply says how much there was to give away.
type DrainReply struct {
	Remaining int `json:"remaining"`
}

// drainFor serves a client's drain.
func (n *Node) drainFor(ctx context.Context, q DrainRequest) (any, error) {
	if f := n.nameFault(q.ClusterName, q.AnyName); f != nil {
		return nil, f
	}
	f := n.Facts()
	if q.Self != 0 && q.Self != f.ID {
		return n.drainAt(ctx, q)
	}
	if f.Phase != Serving {
		return nil, &wire.Fault{Code: wire.Unavailable, Message: "node cannot be drained before it has been initialized"}
	}
	n.mu.Lock()
	already := n.drained
	n.mu.Unlock()
	r := DrainReply{Remaining: 1}
	if already {
		r.Remaining = 0
	}
	if err := n.Drain(ctx); err != nil {
		return nil, err
	}
	if q.Shutdown {
		n.mu.Lock()
		if !n.quitting {
			n.quitting = true
			close(n.quit)
		}
		n.mu.Unlock()
	}
	return r, nil
}

// drainAt passes a drain on to the node that it is for.
func (n *Node) drainAt(ctx context.Context, q DrainRequest) (any, error) {
	if _, ok := n.state.Node(q.Self); !ok {
		return nil, &wire.Fault{Message: "node does not exist"}
	}
	var r DrainReply
	addr := n.addressOf(q.Self)
	if err := n.pool.Call(ctx, addr, OpDrain, q, &r); err != nil {
		return nil, err
	}
	return r, nil
}

// Drain takes the node out of service: not ready at once, no SQL after
// server.shutdown.drain_wait, then its part of the data handed over. It returns
// when that is done, which without a majority, or without another node that
// stays, is never. Calling it again is harmless.
func (n *Node) Drain(ctx context.Context) error {
	n.mu.Lock()
	first := !n.draining
	n.draining = true
	n.mu.Unlock()
	if first {
		if !sleep(ctx, n.state.Duration("server.shutdown.drain_wait")) {
			return ctx.Err()
		}
	}
	n.mu.Lock()
	n.refusing = true
	id := n.id.NodeID
	n.mu.Unlock()
	if _, err := n.propose(ctx, cluster.KindDraining, cluster.Draining{ID: id, On: true}, true); err != nil {
		return err
	}
	// Others may be leaving at this moment: who stays shows after a while.
	if first && !sleep(ctx, n.cfg.Times.Settle) {
		return ctx.Err()
	}
	for !n.handedOver(id) {
		if !sleep(ctx, 20*time.Millisecond) {
			return ctx.Err()
		}
	}
	n.mu.Lock()
	n.drained = true
	n.mu.Unlock()
	return nil
}

// handedOver says whether somebody else can go on: another voter that is live
// and stays, and leads when this node led. A cluster of one has nobody to wait for.
func (n *Node) handedOver(id int) bool {
	g := n.replication()
	st := g.Status()
	if slices.Equal(st.Voters, []int{id}) || (st.Leader != 0 && !slices.Contains(st.Voters, id)) {
		return true
	}
	if st.Leading {
		n.handOver(g, st, id)
		return false
	}
	stays := slices.ContainsFunc(n.Reports(), func(r Report) bool {
		return r.ID != id && slices.Contains(st.Voters, r.ID) && r.Live && !r.Draining
	})
	return stays && st.Leader != 0
}
