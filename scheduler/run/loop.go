package run

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

// Store is what the loop needs of scheduler/store: one atomic change.
type Store interface {
	Apply(ctx context.Context, batch store.Batch) error
}

// Master is what the loop needs of scheduler/mesos.
type Master interface {
	// Run keeps a subscription up until the context ends or the master ends it (it sends core.MasterError then), and
	// hands every event to inbox in order.
	Run(ctx context.Context, inbox func(core.Event)) error
	// Send makes one call on the current subscription.
	Send(ctx context.Context, call core.Call) error
}

// Observer hears what metrics need and the core cannot know: durations.
type Observer interface {
	// Frame is called after each frame with the time from event to last effect.
	Frame(event core.Event, took time.Duration)
}

// Parts are what a loop is made of.
type Parts struct {
	Store    Store
	Master   Master
	Observer Observer
	Log      *slog.Logger
	// Now and Seed are the clock and the randomness.
	Now  func() time.Time
	Seed func() [16]byte
	// Tick is the time between two ticks.
	Tick time.Duration
}

// Loop runs the scheduler.
type Loop struct {
	Parts
	state    core.State
	snapshot atomic.Pointer[core.State]
	inbox    chan core.Event
	requests chan request
	ended    chan struct{}
	sender   *sender
	waiting  map[uint64]chan core.Reply
	next     uint64
	// leave ends the connection to the master; nothing is sent any more.
	leave context.CancelFunc
}

// inboxSize bounds the events that wait: a master that sends faster than frames are taken in waits on its stream.
const inboxSize = 64

// New makes a loop that starts from this state.
func New(state core.State, parts Parts) *Loop {
	loop := &Loop{Parts: parts, state: state, inbox: make(chan core.Event, inboxSize),
		requests: make(chan request), ended: make(chan struct{}), waiting: map[uint64]chan core.Reply{}}
	loop.sender = newSender(parts.Master, parts.Log)
	loop.snapshot.Store(&state)
	return loop
}

// Snapshot is the state after the last frame.
func (l *Loop) Snapshot() core.State { return *l.snapshot.Load() }

// Queued is how many calls to the master wait for the one before, and how many events wait for the loop.
func (l *Loop) Queued() (calls, events int) { return l.sender.waiting(), len(l.inbox) }

// Run executes the first effects, connects, and goes on until the context ends or the core or the store ends it. The
// result says why: nil after the context, an *Ended otherwise. It may be called once.
func (l *Loop) Run(ctx context.Context, first []core.Effect) error {
	defer close(l.ended)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.sender.feed = l.feed(ctx)
	connected, leave := context.WithCancel(ctx)
	l.leave = leave
	defer leave()
	if err := l.execute(ctx, first); err != nil {
		return err
	}
	done := make(chan struct{}, 2)
	go func() { l.sender.run(connected); done <- struct{}{} }()
	go func() { l.subscribe(connected); done <- struct{}{} }()
	err := l.take(ctx)
	cancel()
	<-done
	<-done
	return err
}

// take takes one event after the other.
func (l *Loop) take(ctx context.Context) error {
	ticks := time.NewTicker(l.Tick)
	defer ticks.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case event := <-l.inbox:
			err = l.frame(ctx, event)
		case req := <-l.requests:
			l.next++
			l.waiting[l.next] = req.answer
			err = l.frame(ctx, req.event.For(l.next))
		case <-ticks.C:
			err = l.frame(ctx, core.Tick{})
		}
		if ctx.Err() != nil {
			// A frame that the end cut short is as one that was never taken in.
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (l *Loop) frame(ctx context.Context, event core.Event) error {
	start := l.Now()
	switch event.(type) {
	case core.Subscribed, core.Disconnected:
		l.sender.newSubscription()
	}
	state, effects := core.Frame(l.state, core.Input{Now: start, Seed: l.Seed(), Event: event})
	if err := l.execute(ctx, effects); err != nil {
		return err
	}
	l.state = state
	l.snapshot.Store(&state)
	l.Observer.Frame(event, l.Now().Sub(start))
	return nil
}

// subscribe keeps the subscription up, unless there is to be none. Its error was an event before: the core ends the process on it.
func (l *Loop) subscribe(ctx context.Context) {
	if ctx.Err() == nil {
		_ = l.Master.Run(ctx, l.feed(ctx))
	}
}

// feed puts an event into the inbox, and gives up when the loop ends.
func (l *Loop) feed(ctx context.Context) func(core.Event) {
	return func(event core.Event) { l.Tell(ctx, event) }
}
