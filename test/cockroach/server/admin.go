package server

import (
	"context"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// MembershipRequest moves nodes towards a membership: decommissioning, active,
// or decommissioned. An empty To only asks how far they are.
type MembershipRequest struct {
	ClusterName string `json:"clusterName,omitempty"`
	AnyName     bool   `json:"anyName,omitempty"`
	Nodes       []int  `json:"nodes"`
	To          string `json:"to,omitempty"`
}

// MembershipReply gives the nodes afterwards, and those that were there already.
type MembershipReply struct {
	Nodes   []Report `json:"nodes"`
	Already []int    `json:"already,omitempty"`
	Missing []int    `json:"missing,omitempty"`
}

// membership serves decommission and recommission. All ids are looked at before
// any is changed.
func (n *Node) membership(ctx context.Context, q MembershipRequest) (any, error) {
	if f := n.nameFault(q.ClusterName, q.AnyName); f != nil {
		return nil, f
	}
	if n.Facts().Phase != Serving {
		return nil, &wire.Fault{Code: wire.Unavailable, Message: beforeInit[OpMembership]}
	}
	if err := n.Current(ctx); err != nil {
		return nil, err
	}
	var r MembershipReply
	for _, id := range q.Nodes {
		x, ok := n.state.Node(id)
		switch {
		case !ok:
			r.Missing = append(r.Missing, id)
		case q.To == cluster.Decommissioning && x.Membership != cluster.Active,
			q.To == cluster.Active && x.Membership == cluster.Active:
			r.Already = append(r.Already, id)
		}
	}
	if len(r.Missing) > 0 {
		return r, nil
	}
	for _, id := range q.Nodes {
		if q.To == "" {
			break
		}
		o, err := n.propose(ctx, cluster.KindMembership, cluster.Membership{ID: id, To: q.To}, true)
		if err != nil {
			return nil, err
		}
		if o.Fault != nil {
			return nil, o.Fault
		}
	}
	if q.To != "" {
		if err := n.seen(ctx, q); err != nil {
			return nil, err
		}
	}
	for _, rep := range n.Reports() {
		for _, id := range q.Nodes {
			if rep.ID == id {
				r.Nodes = append(r.Nodes, rep)
			}
		}
	}
	return r, nil
}

// seen waits until the change has come back through the log to this node.
func (n *Node) seen(ctx context.Context, q MembershipRequest) error {
	for _, id := range q.Nodes {
		for {
			x, _ := n.state.Node(id)
			if x.Membership == q.To || (x.Membership == cluster.Decommissioned && q.To == cluster.Decommissioning) {
				break
			}
			if !sleep(ctx, 5*time.Millisecond) {
				return fmt.Errorf("wait for the membership of node %d: %w", id, ctx.Err())
			}
		}
	}
	return nil
}
