package sim

import (
	"errors"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	ours "github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// storm is more rounds of calls and answers at one moment than any honest conversation has.
const storm = 1000

// turn takes in what came and lets a second tick.
func (w *World) turn() error {
	if !w.alive && !w.Now().Before(w.Down) {
		var broken *Broken
		if err := w.start(); errors.Is(err, errCrash) {
			w.Kill()
		} else if errors.As(err, &broken) {
			return broken
		} else if err != nil {
			return fmt.Errorf("start: %w", err)
		}
	}
	for rounds := 0; w.alive && !w.state.Removing.Done; rounds++ {
		if rounds > storm {
			return broken("storm", "calls and answers follow each other for ever without any time passing, last the call %T", w.Calls[len(w.Calls)-1])
		}
		if w.Closed() {
			w.pipe = nil
			if err := w.Take(core.Disconnected{Reason: "the stream ended"}); err != nil {
				return err
			}
			if !w.alive {
				break
			}
			if err := w.subscribe(); err != nil {
				break // the master is not back yet
			}
		}
		w.pipe = append(w.pipe, w.Events()...)
		if len(w.pipe) == 0 || w.Now().Before(w.Slow) {
			break
		}
		events := w.pipe
		w.pipe = nil
		for _, message := range events {
			if err := w.deliver(message); err != nil {
				return err
			}
		}
	}
	if err := w.work(); err != nil {
		return err
	}
	if err := w.serveTLS(); err != nil {
		return err
	}
	if err := w.tick(); err != nil {
		return err
	}
	return w.observe(Turned{})
}

// tick lets the process notice the time, and what the database says, about once a second.
func (w *World) tick() error {
	if !w.alive || w.Now().Sub(w.lastTick) < time.Second {
		return nil
	}
	w.lastTick = w.Now()
	if err := w.probe(); err != nil || !w.alive {
		return err
	}
	return w.Take(core.Tick{})
}

// deliver hands one message of the master over, as often as it arrives.
func (w *World) deliver(message *scheduler.Event) error {
	event, ok := ours.Event(message)
	if !ok || !w.alive {
		return nil
	}
	times := 1
	if updated, is := event.(core.Updated); is && w.Arrive != nil {
		times = w.Arrive(updated)
		if times == 0 && len(updated.UUID) == 0 {
			// The agent repeats what was not acknowledged; the master's own words are lost only with the stream.
			w.Disconnect()
		}
	}
	for range times {
		if err := w.Take(event); err != nil {
			return err
		}
	}
	return nil
}

// Take is one frame.
func (w *World) Take(event core.Event) error {
	if !w.alive {
		return nil
	}
	w.tellEvent(event)
	if err := w.observe(Coming{event}); err != nil {
		return err
	}
	state, effects := core.Frame(w.state, core.Input{Now: w.Now(), Seed: w.seed(), Event: event})
	w.figures.Frames++
	if err := w.execute(effects, state.Facts); err != nil {
		if errors.Is(err, errCrash) {
			w.figures.Crashes++
			w.Kill()
			return nil
		}
		return err
	}
	w.state = state
	return w.observe(Framed{})
}
