package model_test

import (
	"slices"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

// inverse returns the agents and windows of the inverse offers that came, and their ids.
func (b *bench) inverse() (windows []string, ids []mesos.OfferID) {
	for _, e := range b.Events() {
		if e.Type != scheduler.Event_INVERSE_OFFERS {
			continue
		}
		for _, o := range e.InverseOffers.InverseOffers {
			length := "for ever"
			if o.Unavailability.Duration != nil {
				length = time.Duration(o.Unavailability.Duration.Nanoseconds).String()
			}
			windows = append(windows, short(o.AgentID.Value)+" "+time.Unix(0, o.Unavailability.Start.Nanoseconds).Sub(t0).String()+" "+length)
			ids = append(ids, o.OfferID)
		}
	}
	return windows, ids
}

func TestAway(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(3))
	b.launch("t")
	agents := b.Agents()
	b.Events()
	at := b.Now().Sub(t0)
	b.with(model.Away(agents[0], time.Hour, time.Minute))
	got, ids := b.inverse()
	if want := []string{"S0 " + (at + time.Hour).String() + " 1m0s"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	b.must(calls.AcceptInverseOffers(ids...).With(calls.RefuseSeconds(time.Hour)))
	// The schedule has changed: everybody is asked again, also where a framework only has an offer.
	b.with(model.Away(agents[1], 0, 0))
	if got, _ := b.inverse(); !slices.Equal(got, []string{"S0 " + (at + time.Hour).String() + " 1m0s", "S1 " + at.String() + " for ever"}) {
		t.Errorf("got %q", got)
	}
	b.refused(model.Drain(agents[0], -1, false), 400, "part of a maintenance schedule under Machine")
	b.with(model.Down(agents[0]))
	b.want("an agent that is down is nobody's to leave", "rescind_inverse_offer")
	b.with(model.Return(agents[0]))
	b.with(model.Stay(agents[1]))
	b.Step(time.Second)
	if got, _ := b.inverse(); !slices.Equal(got, []string{"S0 " + (at + time.Hour).String() + " 1m0s"}) {
		t.Errorf("got %q", got)
	}
	b.with(model.Stay(agents[0]))
	b.with(model.Drain(agents[0], -1, false))
}

func TestReactivate(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	agent := b.Agents()[0]
	b.refused(model.Reactivate(agent), 400, "Agent is not deactivated")
	b.Events()
	b.with(model.Drain(agent, -1, false))
	b.want("an empty agent is drained at once", "rescind")
	b.Step(time.Minute)
	b.want("and offered no more")
	b.with(model.Reactivate(agent))
	b.Step(time.Second)
	b.want("after it", whole)
	b.with(model.Drain(agent, -1, false))
	b.with(model.Down(agent))
	b.Step(2 * time.Minute)
	b.refused(model.Reactivate(agent), 409, "Agent removed while processing the call")
	b.with(model.Return(agent))
	b.Events()
	b.Step(6 * time.Second)
	if b.offers() == nil {
		t.Error("no offer of an agent that came back reactivated")
	}
}

// What MARK_AGENT_GONE says about tasks depends on what the master knows of the agent (master's source: Master::markGone).
func TestGoneFromAfar(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(b *bench, agent string)
		want   []string
	}{
		{"unreachable", func(b *bench, agent string) {
			b.with(model.Down(agent))
			b.Step(2 * time.Minute)
		}, []string{"t GONE_BY_OPERATOR MASTER AGENT_REMOVED_BY_OPERATOR"}},
		{"unreachable for an earlier master", func(b *bench, agent string) {
			b.with(model.Down(agent))
			b.Step(2 * time.Minute)
			b.with(model.Failover())
			b.must(again(b.FrameworkID()))
		}, nil},
		{"not back after a fail-over", func(b *bench, agent string) {
			b.with(model.Down(agent))
			b.with(model.Failover())
			b.must(again(b.FrameworkID()))
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, model.Options{}, virtual.Agents(1))
			b.launch("t")
			agent := b.Agents()[0]
			c.before(b, agent)
			b.Events()
			b.with(model.Gone(agent))
			b.want("marked gone", c.want...)
			b.must(calls.Reconcile(calls.ReconcileTasks(map[string]string{"t": agent})))
			b.want("asked", "t GONE_BY_OPERATOR MASTER RECONCILIATION")
		})
	}
}

func TestNewID(t *testing.T) {
	for _, keep := range []bool{true, false} {
		b := start(t, model.Options{}, virtual.Agents(1))
		agent := b.Agents()[0]
		disk := labelled(model.Scalar("disk", 100), b.FrameworkID(), "d")
		b.accept(calls.OpReserve(disk), calls.OpCreate(volume(disk, "v")), b.small("t", "e", agent))
		b.Step(time.Second)
		b.Events()
		b.with(model.NewID(agent, keep))
		free := "offer S1 db-role: ports:[1025-32000]; cpus:4; mem:8192; disk:100000"
		if keep {
			free = "offer S1 db-role: ports:[1025-32000]; disk(reservations: [(DYNAMIC,db-role,db-principal,{framework_id: " + b.FrameworkID() +
				", resource_id: d})])[v:data]:100; cpus:4; mem:8192; disk:99900"
		}
		b.want("a new id", "t LOST MASTER AGENT_REMOVED", "rescind", "failure S0", free)
		if got := b.Running(); len(got) != 0 {
			t.Errorf("%v still run", got)
		}
	}
}

// A master knows only registered agents by their address, so an unreachable one stays unreachable beside its successor.
func TestNewIDOfAnUnreachableAgent(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.launch("t")
	agent := b.Agents()[0]
	b.with(model.Down(agent))
	b.Step(2 * time.Minute)
	b.Events()
	b.with(model.NewID(agent, false))
	b.want("a new id", "offer S1 db-role: ports:[1025-32000]; cpus:4; mem:8192; disk:100000")
	b.must(calls.Reconcile(calls.ReconcileTasks(map[string]string{"t": agent})))
	b.want("asked", "t UNREACHABLE MASTER RECONCILIATION")
	if err := b.With(model.Return(agent)); err == nil {
		t.Error("an agent without metadata came back")
	}
	if err := b.With(model.NewID(agent, false)); err == nil {
		t.Error("an agent without metadata got another id")
	}
	if got := b.Running(); len(got) != 0 {
		t.Errorf("%v still run", got)
	}
	b.with(model.Gone(agent))
	b.want("marked gone", "t GONE_BY_OPERATOR MASTER AGENT_REMOVED_BY_OPERATOR")
}

func TestViews(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(2))
	b.launch("t")
	agents := b.Agents()
	b.with(model.Away(agents[1], 0, 0))
	tasks := func(each func(func(model.TaskView) bool)) (list []model.TaskView) {
		each(func(v model.TaskView) bool { list = append(list, v); return true })
		return list
	}
	want := []model.TaskView{{FrameworkID: b.FrameworkID(), AgentID: agents[0], ExecutorID: "t-executor", ID: "t", Name: "t", State: mesos.TASK_RUNNING}}
	if got := tasks(b.Model.EachTask); !slices.Equal(got, want) {
		t.Errorf("the master knows %+v", got)
	}
	b.with(model.Down(agents[0]))
	b.Step(2 * time.Minute)
	if got := tasks(b.Model.EachTask); len(got) != 0 {
		t.Errorf("the master knows %+v of an agent out of reach", got)
	}
	if got := tasks(b.Model.EachProcess); !slices.Equal(got, want) {
		t.Errorf("%+v run", got)
	}
	var views []model.AgentView
	b.Model.EachAgent(func(v model.AgentView) bool { views = append(views, v); return true })
	if !slices.Equal(views, []model.AgentView{{ID: agents[0], Hostname: "10.0.0.1", Connection: "unreachable"}, {ID: agents[1], Hostname: "10.0.0.2", Connection: "up", Away: true}}) {
		t.Errorf("agents %+v", views)
	}
	b.must(calls.Suppress())
	if !b.Model.Suppressed(b.FrameworkID()) || b.Model.Suppressed("nobody") {
		t.Error("Suppressed is wrong")
	}
}
