package run

import (
	"context"
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// request is an event with somebody waiting for its answer.
type request struct {
	event  core.ClusterReport
	answer chan core.Reply
}

// ErrEnded says that the loop has ended, and that nobody knows whether the report counted: the next process answers it.
var ErrEnded = errors.New("the scheduler is stopping, ask again later")

// Report hands a node's report of its cluster to the core and waits for the answer, which comes only after what the
// report changed is stored. Errors: ErrEnded, or the end of the caller's context.
func (l *Loop) Report(ctx context.Context, taskID, clusterID string) (core.Reply, error) {
	answer := make(chan core.Reply, 1)
	req := request{event: core.ClusterReport{TaskID: taskID, ClusterID: clusterID}, answer: answer}
	select {
	case l.requests <- req:
	case <-l.ended:
		return core.Reply{}, ErrEnded
	case <-ctx.Done():
		return core.Reply{}, fmt.Errorf("hand the report over: %w", ctx.Err())
	}
	select {
	case reply := <-answer:
		return reply, nil
	case <-l.ended:
		return core.Reply{}, ErrEnded
	case <-ctx.Done():
		return core.Reply{}, fmt.Errorf("wait for the answer: %w", ctx.Err())
	}
}
