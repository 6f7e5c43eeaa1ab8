package run

import (
	"context"
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// request is an event with somebody waiting for its answer.
type request struct {
	event  core.Asking
	answer chan core.Reply
}

// ErrEnded says that the loop has ended, and that nobody knows whether what was asked counted: the next process knows.
var ErrEnded = errors.New("the scheduler is stopping, ask again later")

// Ask hands an event to the core and waits for the answer, which comes only after what the event changed is stored.
// Errors: ErrEnded, or the end of the caller's context.
func (l *Loop) Ask(ctx context.Context, event core.Asking) (core.Reply, error) {
	answer := make(chan core.Reply, 1)
	select {
	case l.requests <- request{event: event, answer: answer}:
	case <-l.ended:
		return core.Reply{}, ErrEnded
	case <-ctx.Done():
		return core.Reply{}, fmt.Errorf("hand the request over: %w", ctx.Err())
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

// Tell hands an event to the core, and gives up when the loop or the context ends.
func (l *Loop) Tell(ctx context.Context, event core.Event) {
	select {
	case l.inbox <- event:
	case <-l.ended:
	case <-ctx.Done():
	}
}
