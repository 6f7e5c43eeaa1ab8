package httpshell

import (
	"log/slog"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// action is something to do with the model; it runs on the owner's goroutine and must not wait for it.
type action func(m *model.Model, now time.Time)

// owner is the goroutine that has the model.
type owner struct {
	log   *slog.Logger
	model *model.Model // its goroutine's alone

	streams map[string]*stream // its goroutine's alone
	hands   map[string]Hands   // by agent id; its goroutine's alone

	mu    sync.Mutex
	inbox []action
	wake  chan struct{} // one token: the inbox is not empty
	quit  chan struct{} // closed to end it
	done  chan struct{} // closed when it has ended
}

func newOwner(m *model.Model, log *slog.Logger) *owner {
	made := &owner{log: log, model: m, streams: map[string]*stream{}, hands: map[string]Hands{},
		wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	go made.run()
	return made
}

// post leaves an action for the owner. It never waits, so executors may report while the owner talks to them.
func (o *owner) post(do action) {
	o.mu.Lock()
	o.inbox = append(o.inbox, do)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// do has an action done and its outputs carried out, and then returns. It returns false when the owner has ended.
func (o *owner) do(what action) bool {
	finished := make(chan struct{})
	o.post(func(m *model.Model, now time.Time) {
		defer close(finished)
		what(m, now)
		o.carryOut(now)
	})
	select {
	case <-finished:
		return true
	case <-o.done:
		return false
	}
}

func (o *owner) stop() {
	close(o.quit)
	<-o.done
}

func (o *owner) run() {
	defer close(o.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		for _, do := range o.take() {
			now := time.Now()
			do(o.model, now)
			o.carryOut(now)
		}
		now := time.Now()
		next, planned := o.model.Next()
		if planned && !next.After(now) {
			o.model.Advance(now)
			o.carryOut(now)
			next, planned = o.model.Next()
		}
		timer.Stop()
		var due <-chan time.Time
		if planned {
			// At least a millisecond, so that a model that always has something due cannot take the whole processor.
			timer.Reset(max(time.Until(next), time.Millisecond))
			due = timer.C
		}
		select {
		case <-o.wake:
		case <-due:
		case <-o.quit:
			for _, stream := range o.streams {
				stream.end()
			}
			return
		}
	}
}

func (o *owner) take() []action {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.inbox
	o.inbox = nil
	return batch
}
