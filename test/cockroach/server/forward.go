package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/replog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// notLeading is the code of the fault with which a node sends a caller on.
const notLeading = "NotLeading"

// addressed is a message between nodes: cluster and node make sure that it meets
// whom it is meant for, whatever now listens on the address.
type addressed struct {
	ClusterID string          `json:"clusterId"`
	To        int             `json:"to"`
	Hops      int             `json:"hops,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Body      json.RawMessage `json:"body,omitempty"`
	blob      []byte
}

// Blob and SetBlob carry what goes next to the JSON.
func (a addressed) Blob() []byte      { return a.blob }
func (a *addressed) SetBlob(b []byte) { a.blob = b }

// Send carries a replication message; see replog.Transport.
func (n *Node) Send(ctx context.Context, to int, op string, in, out any) error {
	return n.send(ctx, n.pool.Call, to, op, "", in, out)
}

type caller func(ctx context.Context, addr, op string, in, out any) error

func (n *Node) send(ctx context.Context, call caller, to int, op, kind string, in, out any) error {
	addr := n.addressOf(to)
	if addr == "" {
		return fmt.Errorf("%w: address of node %d is not known", wire.ErrNotSent, to)
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode %s: %w", op, err)
	}
	a := addressed{ClusterID: n.Facts().ClusterID, To: to, Kind: kind, Body: body}
	if c, ok := in.(wire.Carrier); ok {
		a.blob = c.Blob()
	}
	return call(ctx, addr, op, a, out)
}

// fresh calls over a new connection: one that was idle may have died unnoticed,
// which would leave it open whether a write arrived.
func (n *Node) fresh(ctx context.Context, addr, op string, in, out any) error {
	c, err := dialer(n.cfg).Dial(ctx, addr)
	if err != nil {
		return fmt.Errorf("%w: %w", wire.ErrNotSent, err)
	}
	defer c.Close()
	return c.Call(ctx, op, in, out)
}

// errAmbiguous is returned for a command whose fate is not known.
var errAmbiguous = &wire.Fault{SQLState: "40003", Message: "result is ambiguous (error=connection to the leaseholder was lost)"}

// propose has a command committed, by this node or by the leader, and waits for
// as long as there is no leader. Commands that may be given twice are repeated
// when their fate is not known (again); others give errAmbiguous.
func (n *Node) propose(ctx context.Context, kind string, data any, again bool) (cluster.Outcome, error) {
	return n.proposeText(ctx, kind, data, nil, again)
}

// command is what goes to the leader: JSON and what is too long for it.
type command struct {
	json.RawMessage
	blob []byte
}

// Blob gives what goes next to the JSON.
func (c command) Blob() []byte { return c.blob }

func (n *Node) proposeText(ctx context.Context, kind string, data any, blob []byte, again bool) (cluster.Outcome, error) {
	body, err := json.Marshal(data)
	if err != nil {
		return cluster.Outcome{}, fmt.Errorf("encode %s: %w", kind, err)
	}
	for {
		o, err := n.proposeOnce(ctx, kind, command{body, blob})
		var away *replog.NotLeader
		switch {
		case err == nil:
			return o, nil
		case ctx.Err() != nil:
			return o, ctx.Err()
		case n.ctx.Err() != nil:
			return o, n.ctx.Err()
		case errors.As(err, &away), errors.Is(err, wire.ErrNotSent), again:
			if !n.pause(ctx) {
				return o, ctx.Err()
			}
		default:
			return o, errAmbiguous
		}
	}
}

// pause waits for a change of leadership, or a little.
func (n *Node) pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-n.ctx.Done():
		return false
	case <-time.After(20 * time.Millisecond):
		return true
	}
}

func (n *Node) proposeOnce(ctx context.Context, kind string, c command) (cluster.Outcome, error) {
	g := n.replication()
	if g == nil {
		return cluster.Outcome{}, &replog.NotLeader{}
	}
	v, err := g.Propose(ctx, kind, c.RawMessage, c.blob)
	if err == nil {
		return v.(cluster.Outcome), nil
	}
	var away *replog.NotLeader
	if !errors.As(err, &away) {
		return cluster.Outcome{}, err
	}
	leader := away.Leader
	if leader == 0 {
		// Somebody to ask while no leader is known: a node that moved is not called
		// by the leader until it has registered.
		leader = n.peers.latest()
	}
	if leader == 0 || leader == n.Facts().ID {
		return cluster.Outcome{}, away
	}
	var o cluster.Outcome
	err = n.send(ctx, n.fresh, leader, opPropose, kind, c, &o)
	var f *wire.Fault
	if errors.As(err, &f) && f.Code == notLeading {
		return o, &replog.NotLeader{}
	}
	return o, err
}

func (n *Node) replication() *replog.Group {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.group
}

// proposed serves a command that another node sent on. One that is no leader
// either sends it on once more: the caller may know nobody else.
func (n *Node) proposed(ctx context.Context, a addressed) (any, error) {
	away := &wire.Fault{Code: notLeading, Message: "node does not lead"}
	g := n.replication()
	if g == nil {
		return nil, away
	}
	v, err := g.Propose(ctx, a.Kind, a.Body, a.blob)
	var elsewhere *replog.NotLeader
	switch {
	case err == nil:
		return v.(cluster.Outcome), nil
	case !errors.As(err, &elsewhere):
		return nil, err
	case elsewhere.Leader == 0 || a.Hops > 0:
		return nil, away
	}
	a.To, a.Hops = elsewhere.Leader, a.Hops+1
	var o cluster.Outcome
	if err := n.fresh(ctx, n.addressOf(a.To), opPropose, a, &o); err != nil {
		if errors.Is(err, wire.ErrNotSent) {
			return nil, away
		}
		return nil, err
	}
	return o, nil
}

// atLeader runs a read where it is current: here when this node leads, else at
// the leader. It tries for as long as ctx lasts.
func (n *Node) atLeader(ctx context.Context, op string, in any, here func(context.Context) (any, error), out any) error {
	for {
		var f *wire.Fault
		leader := 0
		g := n.replication()
		if g != nil {
			leader = g.Status().Leader
		}
		switch {
		case leader == n.Facts().ID && g != nil:
			v, err := here(ctx)
			if err == nil || (errors.As(err, &f) && f.Code != notLeading) {
				return assign(v, err, out)
			}
		case leader != 0:
			err := n.send(ctx, n.pool.Call, leader, op, "", in, out)
			if err == nil || (errors.As(err, &f) && f.Code != notLeading) {
				return err
			}
		}
		if !n.pause(ctx) {
			return context.Cause(ctx)
		}
	}
}

// assign hands a value over the way the wire would have.
func assign(v any, err error, out any) error {
	if err != nil || out == nil {
		return err
	}
	if to, ok := out.(wire.Receiver); ok {
		to.SetBlob(v.(wire.Carrier).Blob())
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return json.Unmarshal(b, out)
}

// current waits until this node's state is current; it fails when the node does
// not lead.
func (n *Node) current(ctx context.Context) error {
	err := n.replication().Barrier(ctx)
	var away *replog.NotLeader
	if errors.As(err, &away) {
		return &wire.Fault{Code: notLeading, Message: "node does not lead"}
	}
	return err
}
