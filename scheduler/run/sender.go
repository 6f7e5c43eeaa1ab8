package run

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// sender sends calls in order, outside the loop's goroutine.
type sender struct {
	master Master
	feed   func(core.Event)
	log    *slog.Logger

	lock  sync.Mutex
	queue []queued
	// subscription counts subscriptions; calls of an older one are dropped.
	subscription int
	wake         chan struct{}
}

type queued struct {
	call         core.Call
	subscription int
}

func newSender(master Master, feed func(core.Event), log *slog.Logger) *sender {
	return &sender{master: master, feed: feed, log: log, wake: make(chan struct{}, 1)}
}

// newSubscription makes all calls that have not left yet worthless.
func (s *sender) newSubscription() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.subscription++
	s.queue = nil
}

func (s *sender) put(call core.Call) {
	s.lock.Lock()
	s.queue = append(s.queue, queued{call: call, subscription: s.subscription})
	s.lock.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *sender) take() (queued, bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if len(s.queue) == 0 {
		return queued{}, false
	}
	first := s.queue[0]
	s.queue = s.queue[1:]
	return first, first.subscription == s.subscription
}

func (s *sender) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		for {
			next, ok := s.take()
			if !ok {
				break
			}
			if err := s.master.Send(ctx, next.call); err != nil && ctx.Err() == nil {
				s.failed(next.call, err)
			}
		}
	}
}

// failed tells the core of a launch that the master refused: it will never hear of it from Mesos. After any other failure
// the launch may have happened, and reconciliation settles it.
func (s *sender) failed(call core.Call, err error) {
	s.log.Warn("call to the master failed", "call", callName(call), "error", err.Error())
	accept, ok := call.(core.Accept)
	var refused *mesos.Refused
	if !ok || accept.Launch == nil || !errors.As(err, &refused) || refused.InDoubt() {
		return
	}
	record := accept.Launch.Record
	s.feed(core.Updated{TaskID: record.TaskID, AgentID: record.Agent.ID,
		Status: tasks.Status{State: tasks.Errored, Reason: "CALL_REFUSED", Message: err.Error()}})
}

func callName(call core.Call) string {
	switch call.(type) {
	case core.Accept:
		return "ACCEPT"
	case core.Decline:
		return "DECLINE"
	case core.Revive:
		return "REVIVE"
	case core.Suppress:
		return "SUPPRESS"
	case core.Kill:
		return "KILL"
	case core.Reconcile:
		return "RECONCILE"
	case core.Acknowledge:
		return "ACKNOWLEDGE"
	}
	return "UNKNOWN"
}
