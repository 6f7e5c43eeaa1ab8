package leader

import (
	"context"
	"errors"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// Shares of the session time-out, as divisors.
const (
	proofsPerSession = 6 // a proof is due this often
	answersPerProof  = 6 // a server that has not answered for this share is left for another
	retriesPerProof  = 4 // after a failed proof the next comes sooner
)

// fence is how long after a proof we stop: two thirds of the session.
func fence(session time.Duration) time.Duration { return session * 2 / 3 }

// keep proves the session again and again until the leadership ends. ctx ends with Release.
//
// After a loss it leaves the process the last third of the session to end in, and then gives the lock up: a process that
// hangs in its end would otherwise keep its successor out, if the connection came back.
func (w *waiter) keep(ctx context.Context, l *Leadership, node string) {
	w.proveUntilLost(ctx, l, node)
	session := w.conn.Session()
	select {
	case <-time.After(session - fence(session)):
		l.release()
	case <-ctx.Done():
	}
}

func (w *waiter) proveUntilLost(ctx context.Context, l *Leadership, node string) {
	for {
		sent := time.Now()
		err := w.prove(ctx, node)
		session := w.conn.Session()
		wait := session / proofsPerSession
		switch {
		case err == nil:
			l.extend(sent.Add(fence(session)))
		case errors.Is(err, zkconn.ErrNoNode):
			// The answer of a quorum. The session may have ended, or a person removed the node.
			l.lose(ErrGone)
			return
		default:
			wait /= retriesPerProof
		}
		select {
		case <-time.After(wait):
		case <-w.expired:
			l.lose(ErrExpired)
			return
		case <-l.Lost():
			return
		case <-ctx.Done():
			return
		}
	}
}

// prove makes ZooKeeper confirm that our session lives and holds the node: a change of nothing that needs the node.
func (w *waiter) prove(ctx context.Context, node string) error {
	short, cancel := context.WithTimeout(ctx, w.conn.Session()/answersPerProof)
	defer cancel()
	err := w.conn.Multi(short, zkconn.Check(node, zkconn.AnyVersion))
	if err != nil && short.Err() != nil && ctx.Err() == nil {
		w.conn.Redial()
	}
	return err
}
