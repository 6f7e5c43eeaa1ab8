package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
)

// head is the content of the head node. Its ZooKeeper version goes up by one with each batch or claim, and each of them
// demands the version that it knows: of two writers, one finds out.
type head struct {
	Batch  string `json:"batch"`  // unique id of the last batch or claim
	Writer string `json:"writer"` // host/pid, for people
}

// newHead makes the head of a batch to come.
func newHead() (head, []byte, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown-host" // only shown to people
	}
	h := head{Batch: uuid.NewString(), Writer: fmt.Sprintf("%s/%d", host, os.Getpid())}
	text, err := json.Marshal(h)
	if err != nil {
		return head{}, nil, fmt.Errorf("writing the head of the state store: %w", err)
	}
	return h, text, nil
}

// readHead catches up with the leader and reads the head.
func (z *zooBackend) readHead(ctx context.Context) (head, int32, error) {
	if err := z.conn.Sync(ctx, z.node(headKey)); err != nil {
		return head{}, 0, fmt.Errorf("reading the head of the state store: %w", err)
	}
	text, stat, err := z.conn.Get(ctx, z.node(headKey))
	if err != nil {
		return head{}, 0, fmt.Errorf("reading the head of the state store: %w", err)
	}
	var h head
	if len(text) > 0 {
		if err := json.Unmarshal(text, &h); err != nil {
			return head{}, 0, &CorruptError{Where: z.node(headKey), Problem: "it is no JSON: " + err.Error(),
				Remedy: "set it to {} if no scheduler of this service is running"}
		}
	}
	return h, stat.Version, nil
}

// advance carries out the operations together with the step of the head from z.version to the next, and finds out what
// happened when the answer is lost:
//
//   - the head names our batch: it was done;
//   - the head is as before: it was not done, or not yet. Doing it again is safe, because only one of the two can find
//     the version it demands;
//   - the head names another: somebody else writes, and ours can never be done any more.
func (z *zooBackend) advance(ctx context.Context, ops []zkconn.Op) error {
	ctx, cancel := context.WithTimeout(ctx, z.operation)
	defer cancel()
	next, text, err := newHead()
	if err != nil {
		return err
	}
	ops = append([]zkconn.Op{zkconn.Set(z.node(headKey), text, z.version)}, ops...)
	for {
		err := z.attempt(ctx, func(ctx context.Context) error { return z.conn.Multi(ctx, ops...) })
		if err == nil {
			z.version++
			return nil
		}
		if !zkconn.InDoubt(err) && !contradicts(err) {
			return fmt.Errorf("storing a change: %w", err)
		}
		lost := err

		var now head
		var version int32
		err = z.attempt(ctx, func(ctx context.Context) (err error) {
			now, version, err = z.readHead(ctx)
			return err
		})
		switch {
		case errors.Is(err, zkconn.ErrNoNode):
			return &ConflictError{Where: z.node()} // somebody removed the whole store
		case err != nil && !transient(err):
			return err
		case err != nil:
			lost = err // still in the dark
		case now.Batch == next.Batch:
			z.version = version
			z.log.Info("a change to the state was stored although its answer was lost", "batch", next.Batch)
			return nil
		case version != z.version:
			return &ConflictError{Where: z.node(), By: now.Writer}
		case contradicts(lost):
			// Nobody claimed the store and yet nodes are not as we wrote them: it was changed by hand.
			return &CorruptError{Where: z.node(), Problem: fmt.Sprintf("nodes were changed behind the scheduler's back (%v)", lost),
				Remedy: "start the scheduler again, so that it reads the state as it is now"}
		}
		if !pause(ctx) {
			return &DoubtError{Where: z.node(), Cause: lost}
		}
	}
}

// contradicts tells whether the server refused a multi because nodes are not as this writer knows them.
func contradicts(err error) bool {
	return errors.Is(err, zkconn.ErrBadVersion) || errors.Is(err, zkconn.ErrNoNode) ||
		errors.Is(err, zkconn.ErrNodeExists) || errors.Is(err, zkconn.ErrNotEmpty)
}
