package server

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/replog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// Operations between nodes.
const (
	opPing    = "ping"
	opJoin    = "join"
	opPropose = "propose"
	opRead    = "read"
	opBarrier = "barrier"
	opDumpAt  = "dump-at"
	opPage    = "page"
	opBulk    = "bulk"
)

// Operations that clients call.
const (
	OpHealth     = "health"     // -> Facts: the node answers at all
	OpInit       = "init"       // InitRequest -> nothing
	OpSQL        = "sql"        // SQLRequest -> SQLReply
	OpStatus     = "status"     // SessionRequest -> []Report
	OpDump       = "dump"       // DumpRequest -> DumpReply
	OpMembership = "membership" // MembershipRequest -> MembershipReply
	OpDrain      = "drain"      // DrainRequest -> DrainReply
)

// names of the RPCs in the real program's fault before init.
var beforeInit = map[string]string{
	OpMembership: "node waiting for init; /cockroach.server.serverpb.Status/Nodes not available",
}

func handle[T any](body json.RawMessage, blob []byte, f func(T) (any, error)) (any, error) {
	var q T
	if len(body) > 0 {
		if err := json.Unmarshal(body, &q); err != nil {
			return nil, fmt.Errorf("decode request: %w", err)
		}
	}
	if to, ok := any(&q).(wire.Receiver); ok {
		to.SetBlob(blob)
	}
	return f(q)
}

// answer serves one request; see wire.Handler.
func (n *Node) answer(ctx context.Context, op string, body json.RawMessage, blob []byte) (any, error) {
	if f := n.mayCall(ctx, op); f != nil {
		return nil, f
	}
	switch op {
	case opPing:
		return handle(body, blob, n.pinged)
	case opJoin:
		return handle(body, blob, func(q joinRequest) (any, error) { return n.join(ctx, q) })
	case OpHealth:
		return n.Facts(), nil
	case OpInit:
		return handle(body, blob, n.initialise)
	case OpSQL:
		return handle(body, blob, func(q SQLRequest) (any, error) { return n.sql(ctx, q) })
	case OpStatus:
		return handle(body, blob, func(q SessionRequest) (any, error) { return n.status(ctx, q) })
	case OpDump:
		return handle(body, blob, func(q DumpRequest) (any, error) { return n.dump(ctx, q) })
	case OpMembership:
		return handle(body, blob, func(q MembershipRequest) (any, error) { return n.membership(ctx, q) })
	case OpDrain:
		return handle(body, blob, func(q DrainRequest) (any, error) { return n.drainFor(ctx, q) })
	case replog.OpAppend, replog.OpVote, replog.OpTimeoutNow, opPropose, opRead, opBarrier, opDumpAt, opPage, opBulk:
		return handle(body, blob, func(a addressed) (any, error) { return n.peer(ctx, op, a) })
	}
	return nil, &wire.Fault{Code: wire.Unknown, Message: "unknown operation " + op}
}

// peer serves the messages of other nodes of the cluster.
func (n *Node) peer(ctx context.Context, op string, a addressed) (any, error) {
	f := n.Facts()
	if a.ClusterID != f.ClusterID {
		return nil, &wire.Fault{Code: notLeading, Message: fmt.Sprintf("client cluster ID %q doesn't match server cluster ID %q", a.ClusterID, f.ClusterID)}
	}
	g := n.replication()
	if a.To != f.ID || g == nil {
		return nil, wrongNode(a.To, f.ID)
	}
	switch op {
	case replog.OpAppend:
		return handle(a.Body, a.blob, func(q replog.AppendRequest) (any, error) {
			if q.Snapshot != nil {
				if err := n.take(&q); err != nil {
					return nil, err
				}
			}
			return g.HandleAppend(q), nil
		})
	case replog.OpVote:
		return handle(a.Body, a.blob, func(q replog.VoteRequest) (any, error) { return g.HandleVote(q), nil })
	case replog.OpTimeoutNow:
		g.HandleTimeoutNow()
		return struct{}{}, nil
	case opPropose:
		return n.proposed(ctx, a)
	case opBarrier:
		return struct{}{}, n.current(ctx)
	case opBulk:
		return handle(a.Body, a.blob, func(q SQLRequest) (any, error) { return n.bulkHere(ctx, q) })
	case opPage:
		return handle(a.Body, a.blob, n.page)
	case opDumpAt:
		return handle(a.Body, a.blob, func(q DumpRequest) (any, error) { return n.dumpHere(ctx, q) })
	}
	return handle(a.Body, a.blob, func(q SQLRequest) (any, error) { return n.readHere(ctx, q) })
}

// InitRequest asks a node to make the cluster.
type InitRequest struct {
	ClusterName string `json:"clusterName,omitempty"`
	AnyName     bool   `json:"anyName,omitempty"`
}

func (n *Node) initialise(q InitRequest) (any, error) {
	if f := n.nameFault(q.ClusterName, q.AnyName); f != nil {
		return nil, f
	}
	return struct{}{}, n.bootstrap()
}
