package server

import (
	"context"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// joinLoop asks peers, in turn and for as long as it takes, to be let into their
// cluster.
func (n *Node) joinLoop() {
	for n.Facts().Phase == Waiting {
		for _, addr := range n.candidates() {
			if n.joinAt(addr) {
				return
			}
		}
		if !sleep(n.ctx, n.cfg.Times.Heartbeat) {
			return
		}
	}
}

// candidates are the join list and whoever of a cluster has called here.
func (n *Node) candidates() []string {
	return append(n.joinList(), n.peers.callers()...)
}

type joinRequest struct {
	Join        cluster.Join `json:"join"`
	ClusterName string       `json:"clusterName,omitempty"`
	AnyName     bool         `json:"anyName,omitempty"`
}

type joinReply struct {
	ClusterID string         `json:"clusterId"`
	NodeID    int            `json:"nodeId"`
	Nodes     []cluster.Node `json:"nodes"`
}

// joinAt asks one address, and says whether that is settled.
func (n *Node) joinAt(addr string) bool {
	ctx, cancel := context.WithTimeout(n.ctx, 5*time.Second)
	defer cancel()
	n.mu.Lock()
	q := joinRequest{Join: cluster.Join{Token: n.id.Token, Node: n.self}, ClusterName: n.cfg.ClusterName, AnyName: n.cfg.AnyName}
	n.mu.Unlock()
	var r joinReply
	if err := n.pool.Call(ctx, addr, opJoin, q, &r); err != nil {
		n.peers.complain(n.cfg.Log, addr, err)
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.id.ClusterID != "" {
		// Initialised while the answer was under way.
		return true
	}
	for _, x := range r.Nodes {
		n.peers.learn(x.ID, x.Address, x.StartedAt)
	}
	if err := n.settle(r.ClusterID, r.NodeID, NewNode, store.Loaded{}); err != nil {
		n.fail(err)
		return true
	}
	n.spawn(n.arrive)
	return true
}

// join answers a new store.
func (n *Node) join(ctx context.Context, q joinRequest) (any, error) {
	if f := n.nameFault(q.ClusterName, q.AnyName); f != nil {
		return nil, f
	}
	if n.Facts().Phase != Serving {
		return nil, &wire.Fault{Code: wire.Unavailable, Message: "node is not in a cluster yet"}
	}
	o, err := n.propose(ctx, cluster.KindJoin, q.Join, true)
	if err != nil {
		return nil, err
	}
	if o.Fault != nil {
		return nil, o.Fault
	}
	return joinReply{ClusterID: n.state.ClusterID(), NodeID: o.NodeID, Nodes: n.addresses()}, nil
}

// nameFault compares cluster names; either side may ask not to.
func (n *Node) nameFault(theirs string, anyName bool) *wire.Fault {
	if theirs == n.cfg.ClusterName || anyName || n.cfg.AnyName {
		return nil
	}
	return &wire.Fault{Message: fmt.Sprintf("local cluster name %q does not match peer cluster name %q", n.cfg.ClusterName, theirs)}
}
