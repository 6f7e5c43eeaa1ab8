package run

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// sender sends calls in order, outside the loop's goroutine.
type sender struct {
	master Master
	// feed takes what a call's failure means for the core; it is set before run.
	feed func(core.Event)
	log  *slog.Logger

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

func newSender(master Master, log *slog.Logger) *sender {
	return &sender{master: master, log: log, wake: make(chan struct{}, 1)}
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
	s.stir()
}

// putAgain queues a call once more, unless its subscription is over.
func (s *sender) putAgain(call queued) {
	s.lock.Lock()
	if call.subscription == s.subscription {
		s.queue = append(s.queue, call)
	}
	s.lock.Unlock()
	s.stir()
}

// waiting is how many calls have not left yet.
func (s *sender) waiting() int {
	s.lock.Lock()
	defer s.lock.Unlock()
	return len(s.queue)
}

func (s *sender) stir() {
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
				s.failed(next, err)
			}
		}
	}
}

// declineAgain is the pause before a DECLINE that failed is sent once more.
const declineAgain = 5 * time.Second

// failed sees to it that no offer of a failed call stays with us: the master would keep it for this framework as long as the
// subscription lasts, and never offer that agent again.
func (s *sender) failed(failed queued, err error) {
	s.log.Warn("call to the master failed", "call", callName(failed.call), "error", err.Error())
	var refused *mesos.Refused
	isRefused := errors.As(err, &refused)
	switch call := failed.call.(type) {
	case core.Accept:
		// Should it have counted all the same, the offers are used up, and a master ignores their DECLINE.
		s.putAgain(queued{core.Decline{OfferIDs: call.OfferIDs, Refuse: call.Refuse}, failed.subscription})
		if call.Launch != nil && isRefused && !refused.InDoubt() {
			s.notLaunched(call.Launch.Record, err)
		}
	case core.Decline, core.AnswerInverse:
		if !isRefused || refused.Status >= http.StatusInternalServerError {
			time.AfterFunc(declineAgain, func() { s.putAgain(failed) })
		}
	}
}

// notLaunched tells the core of a launch that the master refused: it will never hear of it from Mesos. After any other
// failure the launch may have happened, and reconciliation settles it.
func (s *sender) notLaunched(record tasks.Record, err error) {
	s.feed(core.Updated{TaskID: record.TaskID, AgentID: record.Agent.ID,
		Status: tasks.Status{State: tasks.Errored, Reason: "CALL_REFUSED", Message: err.Error()}})
}

func callName(call core.Call) string {
	switch call := call.(type) {
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
	case core.AnswerInverse:
		if call.Agree {
			return "ACCEPT_INVERSE_OFFERS"
		}
		return "DECLINE_INVERSE_OFFERS"
	case core.Teardown:
		return "TEARDOWN"
	}
	return "UNKNOWN"
}
