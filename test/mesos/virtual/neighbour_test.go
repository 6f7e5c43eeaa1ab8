package virtual_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

func TestNeighbour(t *testing.T) {
	c := virtual.New(t0, model.Options{}, virtual.Agents(3)...)
	n := c.NewNeighbour("other", "web-role", 2)
	whole := func(what string) {
		t.Helper()
		if !c.RunUntil(func() bool { return n.Alive() == 2 }, 5*time.Minute) || len(n.Missing()) > 0 || len(c.Problems()) > 0 {
			t.Fatalf("%s: %d tasks, missing %v, problems %v", what, n.Alive(), n.Missing(), c.Problems())
		}
	}
	with := func(fault model.Fault) {
		t.Helper()
		if err := c.With(fault); err != nil {
			t.Fatal(err)
		}
	}
	whole("deployed")
	if err := c.Send(subscribe()); err != nil { // its free resources are ours
		t.Fatal(err)
	}
	agent := c.Agents()[0]
	if err := c.Exit(c.Running()[0], 1); err != nil {
		t.Fatal(err)
	}
	c.Step(time.Second)
	for _, e := range c.Events() {
		if e.Type == scheduler.Event_OFFERS {
			for _, o := range e.Offers.Offers {
				if err := c.Send(calls.Decline(o.ID).With(calls.RefuseSeconds(time.Hour))); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	whole("a task failed")
	with(model.Failover())
	c.Step(5 * time.Second)
	whole("another master")
	with(model.Down(agent))
	c.Step(5 * time.Minute)
	with(model.Return(agent))
	whole("an agent was out of reach")
	with(model.Down(agent))
	c.Step(5 * time.Minute)
	with(model.NewID(agent, true))
	c.Step(time.Second)
	if n.Alive() != 2 {
		t.Errorf("%d tasks after a new id", n.Alive())
	}
	refused := c.With(model.Strip(c.Agents()[1], "framework_id", n.FrameworkID()))
	if refused == nil {
		t.Error("an operator took away what is in use")
	}
	with(func(m *model.Model, now time.Time) error {
		m.TeardownFramework(now, n.FrameworkID())
		return nil
	})
	with(model.Strip(c.Agents()[1], "framework_id", n.FrameworkID()))
	if got := n.Missing(); len(got) != 1 {
		t.Errorf("missing %v, want one volume", got)
	}
}

// The other framework of the role may take everything, and the master lets it: that is a problem.
func TestTheNeighbourIsTouched(t *testing.T) {
	c := virtual.New(t0, model.Options{}, virtual.Agents(1)...)
	n := c.NewNeighbour("other", "web-role", 1)
	c.RunUntil(func() bool { return n.Alive() == 1 }, time.Minute)
	if err := c.Send(subscribe()); err != nil {
		t.Fatal(err)
	}
	c.Events()
	if err := n.Send(calls.Suppress()); err != nil { // it does not ask for its own back
		t.Fatal(err)
	}
	if err := c.Exit(c.Running()[0], 1); err != nil {
		t.Fatal(err)
	}
	destroyed := false
	c.RunUntil(func() bool {
		for _, e := range c.Events() {
			if e.Type != scheduler.Event_OFFERS {
				continue
			}
			for _, r := range e.Offers.Offers[0].Resources {
				if r.Disk != nil && r.Disk.Persistence != nil {
					destroyed = true
					ops := calls.OfferOperations{calls.OpDestroy(mesos.Resource{Name: r.Name, Type: r.Type, Scalar: r.Scalar, Disk: r.Disk, Reservations: r.Reservations})}
					if err := c.Send(calls.Accept(ops.WithOffers(e.Offers.Offers[0].ID))); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		return destroyed
	}, time.Hour)
	problems := c.Problems()
	if !destroyed || len(problems) != 1 || !strings.Contains(problems[0].Error(), "DESTROY on agent") ||
		!slices.Equal(n.Missing(), []string{"other-principal-1"}) {
		t.Errorf("destroyed %t, problems %v, missing %v", destroyed, problems, n.Missing())
	}
}
