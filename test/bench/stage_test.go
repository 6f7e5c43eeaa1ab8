package bench

import (
	"encoding/binary"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	wire "github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// stage plays Mesos for the core alone, without a model of it: what it offers and answers is what a frame needs and
// nothing else, so that services of a thousand pods stand in a moment and all that is measured is the core.
type stage struct {
	tb    testing.TB
	state core.State
	now   time.Time
	seeds uint64
	// store is what was written, writes what each write held, in order.
	store  map[string][]byte
	writes []core.Write
	calls  []core.Call
	// took is the processor time of frames since it was last set to zero: other load on the machine does not count.
	took time.Duration
}

// newStage starts a scheduler on an empty store and subscribes it.
func newStage(tb testing.TB, environ ...string) *stage {
	tb.Helper()
	s := &stage{tb: tb, now: time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC), store: map[string][]byte{}}
	s.start(environ...)
	return s
}

// start is a process that begins with what is stored.
func (s *stage) start(environ ...string) {
	s.tb.Helper()
	parsed := config.Parse(append([]string{"PORT_API=8080", "API_ADVERTISE=scheduler:8080", "MESOS_MASTER=http://master:5050",
		"DATABASE_PROBES=off"}, environ...), s.now)
	if len(parsed.Faults) > 0 {
		s.tb.Fatalf("the environment has faults: %v", parsed.Faults)
	}
	facts, err := core.Decode(s.store)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.seeds++
	state, effects := core.Start(facts, parsed.Settings.Target(), fmt.Sprintf("target-%d", s.seeds), s.now, parsed.Settings.Core())
	s.state = state
	s.execute(effects)
	s.take(core.Subscribed{FrameworkID: frameworkID, MasterID: "master-1", MasterVersion: "1.11.0"})
}

// take is one frame. It returns the calls that left.
func (s *stage) take(event core.Event) []core.Call {
	in := core.Input{Now: s.now, Event: event}
	s.seeds++
	binary.BigEndian.PutUint64(in.Seed[:], s.seeds)
	runtime.LockOSThread()
	began := threadTime()
	state, effects := core.Frame(s.state, in)
	s.took += threadTime() - began
	runtime.UnlockOSThread()
	s.state = state
	return s.execute(effects)
}

func (s *stage) execute(effects []core.Effect) (calls []core.Call) {
	for _, effect := range effects {
		switch e := effect.(type) {
		case core.Write:
			s.writes = append(s.writes, e)
			maps.Copy(s.store, e.Set)
			for _, key := range e.Delete {
				delete(s.store, key)
			}
		case core.Send:
			calls = append(calls, e.Call)
		case core.Exit:
			s.tb.Fatalf("the core ends the process: %s", e.Message)
		}
	}
	s.calls = append(s.calls, calls...)
	return calls
}

// offer is one event of offers of the agents from first on.
func (s *stage) offer(first, count int, mem func(int) float64) []core.Call {
	s.tb.Helper()
	return s.take(flat(s.tb, fleet(first, count, mem)))
}

// flat is an event as scheduler/mesos hands it to the core.
func flat(tb testing.TB, event *wire.Event) core.Event {
	tb.Helper()
	converted, ok := mesos.Event(event)
	if !ok {
		tb.Fatalf("%s is no event of the core's", event.Type)
	}
	return converted
}

// update is a status update of a task as its agent sends it.
func (s *stage) update(record *tasks.Record, status tasks.Status) []core.Call {
	s.seeds++
	status.At, status.Source = s.now, "SOURCE_EXECUTOR"
	return s.take(core.Updated{TaskID: record.TaskID, AgentID: record.Agent.ID, Status: status,
		UUID: binary.BigEndian.AppendUint64(nil, s.seeds)})
}

// life is what the agent says of a task that starts and passes its check.
func life() []tasks.Status {
	address := []string{"10.0.0.1"}
	return []tasks.Status{
		{State: tasks.Starting, IPs: address},
		{State: tasks.Running, IPs: address, HasCheck: true},
		{State: tasks.Running, IPs: address, HasCheck: true, CheckExit: new(int32(0))},
	}
}

// lives brings each task that was launched by these calls to ready, and says how many there were.
func (s *stage) lives(calls []core.Call) (launched int) {
	for _, call := range calls {
		accept, ok := call.(core.Accept)
		if !ok || accept.Launch == nil {
			continue
		}
		launched++
		for _, status := range life() {
			s.update(&accept.Launch.Record, status)
		}
	}
	return launched
}

// deploy offers empty agents, a hundred an event, until the deploy plan is complete.
func (s *stage) deploy() {
	s.tb.Helper()
	for first := 0; s.state.Plans[0].Status != plans.Complete; first += 100 {
		launched := s.lives(s.offer(first, 100, roomy))
		if launched == 0 && !strings.Contains(s.state.Plans[0].Name, plans.DeployPlan) {
			s.tb.Fatal("nothing was launched")
		}
		s.now = s.now.Add(time.Second)
		if first > 1_000_000 {
			s.tb.Fatalf("the deployment does not end: %s", s.state.Plans[0].Status)
		}
	}
}

// bytes is what a write puts on the wire: keys and values.
func size(write core.Write) (bytes int) {
	for key, value := range write.Set {
		bytes += len(key) + len(value)
	}
	return bytes
}

// quiet lets time pass until nothing is asked for any more.
func (s *stage) quiet() {
	s.tb.Helper()
	for range 600 {
		if s.state.Flow.Suppressed {
			return
		}
		s.tick()
	}
	s.tb.Fatalf("offers are still asked for after ten minutes: %v", s.state.Flow.Wanted)
}
