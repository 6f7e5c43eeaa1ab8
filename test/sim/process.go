package sim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	ours "github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// process is the scheduler's process, or what is left of the last one.
type process struct {
	state    core.State
	alive    bool
	lastTick time.Time
	frames   uint64
	pipe     []*scheduler.Event
	replies  map[uint64]core.Reply
	// durable is what the last write stood for, nil when the bytes count. Records are those in the store, decoded: what a
	// successor would read.
	durable *core.Facts
	records map[string]*tasks.Record
	// registered is the framework id that was stored last, and outlives a removal.
	registered string
	// keys are those of jobs that wait for their task: they are held in memory alone.
	keys map[string]bool
	// shut is what the master has: SUPPRESS or REVIVE, whichever arrived last on this subscription.
	shut bool
}

// Kill ends the process as SIGKILL does. The next Run starts another.
func (w *World) Kill() {
	w.alive, w.pipe = false, nil
	w.Disconnect()
}

// errCrash ends a process in the middle of its effects.
var errCrash = errors.New("crash")

// start is a new process: it loads the store and subscribes.
func (w *World) start() error {
	facts, err := w.load()
	if err != nil {
		return err
	}
	w.records, w.jobs.stored, w.keys = maps.Clone(facts.Records), maps.Clone(facts.Jobs), map[string]bool{}
	state, effects := core.Start(facts, w.Target, tasks.NewIDs(w.seed()).Next(), w.Now(), w.Settings)
	w.figures.Processes++
	w.tell("a process starts")
	w.alive, w.state, w.lastTick = true, state, w.Now()
	if err := w.execute(effects, state.Facts); err != nil {
		return err
	}
	if state.Removing.Done {
		return nil // it never calls anybody
	}
	if err := w.beginTLS(); err != nil || !w.alive {
		return err
	}
	return w.subscribe()
}

// load reads the store, as bytes where that is asked for, or where a test changed them.
func (w *World) load() (core.Facts, error) {
	if !w.Thorough && w.durable != nil {
		return *w.durable, nil
	}
	facts, err := core.Decode(w.Store)
	if err != nil {
		return core.Facts{}, fmt.Errorf("read the store: %w", err)
	}
	return facts, nil
}

func (w *World) subscribe() error {
	service := w.Target.Service
	framework := ours.Framework{Name: service.Name, User: service.User, Principal: service.Principal, Role: service.Role, Failover: ours.Failover}
	info := framework.Info(w.state.Facts.FrameworkID, w.Model.Version())
	call := &scheduler.Call{Type: scheduler.Call_SUBSCRIBE, Subscribe: &scheduler.Call_Subscribe{FrameworkInfo: info}}
	call.FrameworkID = info.ID
	w.pipe, w.shut = nil, false
	return w.Send(call)
}

func (w *World) seed() (seed [16]byte) {
	w.frames++
	binary.BigEndian.PutUint64(seed[:], w.frames)
	return seed
}
