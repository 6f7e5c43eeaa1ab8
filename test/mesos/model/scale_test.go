package model_test

import (
	"reflect"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

const many = 10_000

// A pass over 10,000 agents must be cheap enough for tests that run many. The best of three counts: the machine may be busy.
func TestManyAgents(t *testing.T) {
	c := virtual.New(t0, model.Options{}, virtual.Agents(many)...)
	if err := c.Send(calls.Subscribe(info())); err != nil {
		t.Fatal(err)
	}
	best := time.Hour
	for range 3 {
		ids := offerIDs(c.Events())
		if len(ids) != many {
			t.Fatalf("%d offers, want %d", len(ids), many)
		}
		if err := c.Send(calls.Decline(ids...)); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := c.Send(calls.Revive()); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(begun))
	}
	// The benchmark below has the figure; this only tells work that grows with the square, which would take minutes, from
	// a busy machine with the race detector on.
	if best > 10*time.Second {
		t.Errorf("a pass took %s", best)
	}
	if err := c.Send(calls.Decline(offerIDs(c.Events())...)); err != nil {
		t.Fatal(err)
	}
	c.Step(7 * time.Second)
	if again := offerIDs(c.Events()); len(again) != many {
		t.Errorf("%d offers after the filters ended, want %d", len(again), many)
	}
}

func offerIDs(events []*scheduler.Event) (ids []mesos.OfferID) {
	for _, e := range events {
		if e.Type == scheduler.Event_OFFERS {
			for _, o := range e.Offers.Offers {
				ids = append(ids, o.ID)
			}
		}
	}
	return ids
}

func BenchmarkAllocation(b *testing.B) {
	c := virtual.New(t0, model.Options{}, virtual.Agents(many)...)
	if err := c.Send(calls.Subscribe(info())); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		if err := c.Send(calls.Decline(offerIDs(c.Events())...).With(calls.RefuseSeconds(0))); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := c.Send(calls.Revive()); err != nil {
			b.Fatal(err)
		}
	}
}

// Same inputs, same outputs: what makes a failing random history repeatable.
func TestDeterminism(t *testing.T) {
	history := func() []*scheduler.Event {
		b := start(t, model.Options{Seed: 7}, virtual.Agents(5), roles("a", "b"))
		var all []*scheduler.Event
		b.accept(named(calls.OpReserve(model.Scalar("cpus", 1)), "bad"), b.small("t", "e", b.offers()[0].AgentID.Value))
		b.Step(time.Minute)
		all = append(all, b.Events()...)
		b.with(func(m *model.Model, now time.Time) error { return m.AgentDown(now, b.Agents()[0]) })
		b.Step(5 * time.Minute)
		return append(all, b.Events()...)
	}
	if one, two := history(), history(); !reflect.DeepEqual(one, two) {
		t.Error("two runs of one history differ")
	}
}
