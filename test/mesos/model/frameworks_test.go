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

// again is a SUBSCRIBE with the id of an earlier one.
func again(id string) *scheduler.Call {
	f := info()
	f.ID = &mesos.FrameworkID{Value: id}
	return calls.Subscribe(f).With(calls.SubscribeTo(id))
}

func TestFailoverTimeout(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1), func(f *mesos.FrameworkInfo) { f.FailoverTimeout = ptr(60.0) })
	b.launch("t")
	id := b.FrameworkID()
	b.Disconnect()
	b.Step(59 * time.Second)
	if got := b.Running(); len(got) != 1 {
		t.Fatalf("before the time-out %v run", got)
	}
	b.Step(2 * time.Second)
	if got := b.Running(); len(got) != 0 {
		t.Errorf("after the time-out %v run", got)
	}
	if err := b.Send(again(id)); err != nil {
		t.Fatal(err)
	}
	b.want("subscribing afterwards", "error Framework has been removed")
	if !b.Closed() {
		t.Error("the stream is open after ERROR")
	}
	state := b.Model.State()
	if len(state.Frameworks) != 0 || len(state.Completed) != 1 || len(state.Agents[0].Used) != 0 {
		t.Errorf("state: %d frameworks, %d completed, used %v", len(state.Frameworks), len(state.Completed), state.Agents[0].Used)
	}
}

func TestBackInTime(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1), func(f *mesos.FrameworkInfo) { f.FailoverTimeout = ptr(60.0) })
	b.launch("t")
	b.Disconnect()
	b.Step(30 * time.Second)
	b.must(again(b.FrameworkID()))
	b.Step(time.Hour)
	if got := b.Running(); len(got) != 1 {
		t.Errorf("the task of a framework that came back: %v run", got)
	}
}

func TestFiltersEndWithTheConnection(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.must(calls.Decline(b.offers()[0].ID).With(calls.RefuseSeconds(time.Hour)))
	b.Step(time.Minute)
	if got := b.offers(); len(got) != 0 {
		t.Fatalf("offered in spite of the filter: %v", got)
	}
	b.Disconnect()
	b.must(again(b.FrameworkID()))
	if got := b.offers(); len(got) != 1 {
		t.Errorf("%d offers after subscribing again, want 1", len(got))
	}
}

func TestHeldBackStateSurvivesTheMaster(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.accept(b.small("t", "e", b.Agents()[0]))
	b.Step(time.Second)
	b.want("without acknowledgement", "subscribed", "offer S0 db-role: ports:[1025-32000]; cpus:4; mem:8192; disk:100000", "t STARTING EXECUTOR")
	b.with(func(m *model.Model, now time.Time) error {
		m.MasterFailover(now, "second")
		return nil
	})
	if !b.Closed() {
		t.Error("the old master's stream is open")
	}
	b.must(again(b.FrameworkID()))
	b.must(calls.Reconcile())
	b.want("before the agent is back", "subscribed")
	b.Step(2 * time.Second)
	var update *scheduler.Event
	for _, e := range b.Events() {
		if e.Type == scheduler.Event_UPDATE {
			update = e
		}
	}
	if update == nil || update.Update.Status.GetState() != mesos.TASK_STARTING {
		t.Fatalf("the agent repeated %v", update)
	}
	b.ack(update)
	b.want("after the acknowledgement", "t RUNNING EXECUTOR")
}

func TestRecoveredAgentThatStaysAway(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(2))
	b.launch("t")
	agent := b.Agents()[0]
	b.with(func(m *model.Model, now time.Time) error { return m.AgentDown(now, agent) })
	b.with(func(m *model.Model, now time.Time) error {
		m.MasterFailover(now, "")
		return nil
	})
	b.must(again(b.FrameworkID()))
	b.Step(10*time.Minute - time.Second)
	b.must(calls.Reconcile(calls.ReconcileTasks(map[string]string{"t": agent})))
	if got := b.said(); len(got) != 2 { // subscribed, the other agent's offer
		t.Errorf("while recovered: %q", got)
	}
	b.Step(2 * time.Second)
	b.want("after the re-registration time-out", "failure S0")
	b.must(calls.Reconcile(calls.ReconcileTasks(map[string]string{"t": agent})))
	b.want("reconcile", "t UNREACHABLE MASTER RECONCILIATION")
	b.with(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent) })
	if got := b.said(); !slices.Contains(got, "t RUNNING MASTER AGENT_REREGISTERED") {
		t.Errorf("on return: %q", got)
	}
}

func TestTwoFrameworksDoNotSeeEachOther(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(2))
	b.launch("t")
	other := b.NewScheduler()
	if err := other.Send(calls.Subscribe(info())); err != nil {
		t.Fatal(err)
	}
	other.Events()
	stolen := calls.Accept(calls.OfferOperations{b.small("s", "e", b.offers()[0].AgentID.Value)}.WithOffers(b.offers()[0].ID))
	if err := other.Send(stolen); err != nil {
		t.Fatal(err)
	}
	if got := lines(other.Events()); !slices.Equal(got, []string{"s DROPPED MASTER INVALID_OFFERS"}) {
		t.Errorf("another framework's offer: %q", got)
	}
	if err := other.Send(calls.Reconcile()); err != nil {
		t.Fatal(err)
	}
	if got := lines(other.Events()); len(got) != 0 {
		t.Errorf("implicit reconciliation of an empty framework: %q", got)
	}
}
