package bench

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

// world lives until the service is deployed, and gives its state.
func world(b *testing.B, done func(w *sim.World) bool, agents int) core.State {
	b.Helper()
	w := sim.New(model.Options{}, virtual.Agents(agents))
	if over, err := w.Run(func() bool { return done(w) }, 10*time.Minute); err != nil || !over {
		b.Fatalf("%v\n%s", err, w.Describe())
	}
	return w.State()
}

func deployedState(b *testing.B) core.State {
	return world(b, func(w *sim.World) bool { return w.Deployed() && w.State().Flow.Suppressed }, 4)
}

// BenchmarkFrameTick is what an idle scheduler does once a second.
func BenchmarkFrameTick(b *testing.B) {
	state := deployedState(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, effects := core.Frame(state, core.Input{Now: state.Now.Add(time.Second), Event: core.Tick{}}); len(effects) > 0 {
			b.Fatalf("idle, and yet %v", effects)
		}
	}
}

// BenchmarkFrameUpdate is a status update that changes a record: what is stored is made of it.
func BenchmarkFrameUpdate(b *testing.B) {
	state := deployedState(b)
	record := state.Facts.Records["cockroachdb-1-node-join"]
	status := record.Status
	status.Healthy = new(false)
	event := core.Updated{TaskID: record.TaskID, AgentID: record.Agent.ID, Status: status, UUID: []byte("uuid")}
	b.ReportAllocs()
	for b.Loop() {
		if _, effects := core.Frame(state, core.Input{Now: state.Now, Event: event}); len(effects) != 2 {
			b.Fatalf("got %v, want a write and an acknowledgement", effects)
		}
	}
}

// BenchmarkFrameOffers is an event of 10,000 offers that one step wants and none serves, as flood sends them: evaluate,
// explain, decline.
func BenchmarkFrameOffers(b *testing.B) {
	state := world(b, func(w *sim.World) bool { return w.State().Link.Connected }, 0)
	event := core.Offered{Offers: offersOf(b, small)}
	b.ReportAllocs()
	for n := uint64(0); b.Loop(); n++ {
		in := core.Input{Now: state.Now, Event: event}
		binary.BigEndian.PutUint64(in.Seed[:], n)
		after, _ := core.Frame(state, in)
		if len(after.Looks["cockroachdb-0-node-init"].Latest) != many {
			b.Fatal("not every agent was looked at")
		}
	}
	b.ReportMetric(float64(many)*float64(b.N)/b.Elapsed().Seconds(), "offers/s")
}

// BenchmarkDecode is how a process starts: the facts are read back from what is stored.
func BenchmarkDecode(b *testing.B) {
	state := deployedState(b)
	_, effects := core.Start(core.Facts{Records: state.Facts.Records}, state.Facts.Target(), "t2", state.Now, state.Settings)
	write, ok := effects[0].(core.Write)
	if !ok {
		b.Fatalf("got %T first, want the write of a new target", effects[0])
	}
	for b.Loop() {
		facts, err := core.Decode(write.Set)
		if err != nil || len(facts.Targets) != 1 {
			b.Fatalf("%v, %d targets", err, len(facts.Targets))
		}
	}
}
