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

func TestUnreachable(t *testing.T) {
	for _, c := range []struct {
		name   string
		change []func(*mesos.FrameworkInfo)
		down   []string // at once
		later  []string // after the ping time-out
		back   []string // on return, before offers
	}{
		{"partition aware", nil, nil, []string{"t UNREACHABLE MASTER AGENT_REMOVED", "failure S0"}, []string{"t RUNNING MASTER AGENT_REREGISTERED"}},
		{"not partition aware", []func(*mesos.FrameworkInfo){without(mesos.FrameworkInfo_Capability_PARTITION_AWARE)},
			nil, []string{"t LOST MASTER AGENT_REMOVED", "failure S0"}, []string{"t RUNNING MASTER AGENT_REREGISTERED"}},
		{"without checkpointing", []func(*mesos.FrameworkInfo){func(f *mesos.FrameworkInfo) { f.Checkpoint = ptr(false) }},
			[]string{"t LOST MASTER AGENT_DISCONNECTED"}, []string{"failure S0"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, model.Options{}, virtual.Agents(1), c.change...)
			b.launch("t")
			agent := b.Agents()[0]
			b.Events()
			b.with(func(m *model.Model, now time.Time) error { return m.AgentDown(now, agent) })
			b.want("agent down", c.down...)
			b.Step(74 * time.Second)
			b.want("before the time-out")
			b.Step(2 * time.Second)
			b.want("after it", c.later...)
			b.with(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent) })
			got := b.said()
			if len(got) == 0 || !slices.Equal(got[:len(got)-1], c.back) && len(c.back)+len(got) > 1 {
				t.Errorf("on return: %q, want %q and an offer", got, c.back)
			}
		})
	}
}

func TestUpdatesWaitForTheAgent(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.launch("t")
	agent := b.Agents()[0]
	b.with(func(m *model.Model, now time.Time) error { return m.AgentDown(now, agent) })
	b.Events()
	if err := b.Exit("t", 0); err != nil {
		t.Fatal(err)
	}
	b.must(calls.Kill("t", ""))
	b.Step(10 * time.Second)
	b.want("while the agent is down")
	b.with(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent) })
	b.want("on its return", "t FINISHED EXECUTOR", "failure S0 t-executor")
}

func TestAcknowledgementIsLostWithTheAgent(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.launch("t")
	agent := b.Agents()[0]
	if err := b.Exit("t", 3); err != nil {
		t.Fatal(err)
	}
	var last *scheduler.Event
	for _, e := range b.Events() {
		if e.Type == scheduler.Event_UPDATE {
			last = e
		}
	}
	b.with(func(m *model.Model, now time.Time) error { return m.AgentDown(now, agent) })
	b.ack(last)
	b.Events()
	b.with(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent) })
	if got := b.said(); !slices.Contains(got, "t FAILED EXECUTOR") {
		t.Errorf("after the return %q came, want the unacknowledged status again", got)
	}
	b.ack(last)
	b.must(calls.Reconcile(calls.ReconcileTasks(map[string]string{"t": agent})))
	if got := b.said(); !slices.Contains(got, "t GONE MASTER RECONCILIATION") {
		t.Errorf("after the acknowledgement: %q", got)
	}
}

func TestRetries(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.accept(b.small("t", "e", b.Agents()[0]))
	b.Step(100 * time.Millisecond)
	b.Events()
	var gaps []time.Duration
	last := b.Now()
	for len(gaps) < 8 {
		b.RunUntil(func() bool {
			return slices.Contains(b.said(), "t STARTING EXECUTOR")
		}, time.Hour)
		gaps = append(gaps, b.Now().Sub(last))
		last = b.Now()
	}
	want := []time.Duration{10, 20, 40, 80, 160, 320, 600, 600}
	for n := range want {
		if want[n] *= time.Second; gaps[n] != want[n] {
			t.Fatalf("sent again after %v, want %v", gaps, want)
		}
	}
}

func TestReboot(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.launch("t")
	agent := b.Agents()[0]
	b.Events()
	b.with(func(m *model.Model, now time.Time) error { return m.AgentReboot(now, agent) })
	if running := b.Running(); len(running) != 0 {
		t.Errorf("%v still run on a machine that is off", running)
	}
	b.Step(5 * time.Second)
	b.with(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent) })
	b.Step(3 * time.Second)
	got := b.said()
	for _, want := range []string{"failure S0 t-executor", "t FAILED AGENT EXECUTOR_TERMINATED"} {
		if !slices.Contains(got, want) {
			t.Errorf("after the reboot: %q, want %q among it", got, want)
		}
	}
}

func TestDrain(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.launch("t")
	agent := b.Agents()[0]
	b.Events()
	b.with(func(m *model.Model, now time.Time) error {
		if refusal := m.DrainAgent(now, agent, time.Second, true); refusal != nil {
			return refusal
		}
		if refusal := m.ReactivateAgent(now, agent); refusal == nil || refusal.Status != 400 {
			t.Errorf("reactivating a draining agent: %v", refusal)
		}
		return nil
	})
	b.Step(time.Second)
	events := b.Events()
	if got := lines(events); !slices.Contains(got, "t KILLED EXECUTOR AGENT_DRAINING") {
		t.Fatalf("drain: %q", got)
	}
	for _, e := range events {
		if e.Type == scheduler.Event_UPDATE {
			b.ack(e)
		}
	}
	b.Step(time.Second)
	b.want("drained and marked gone", "failure S0")
	if n := len(b.Agents()); n != 0 {
		t.Errorf("%d agents are left", n)
	}
}

func TestMarkedGone(t *testing.T) {
	for _, c := range []struct {
		change []func(*mesos.FrameworkInfo)
		want   string
	}{
		{nil, "t GONE_BY_OPERATOR MASTER AGENT_REMOVED_BY_OPERATOR"},
		{[]func(*mesos.FrameworkInfo){without(mesos.FrameworkInfo_Capability_PARTITION_AWARE)}, "t LOST MASTER AGENT_REMOVED_BY_OPERATOR"},
	} {
		b := start(t, model.Options{}, virtual.Agents(1), c.change...)
		b.launch("t")
		agent := b.Agents()[0]
		b.Events()
		b.with(func(m *model.Model, now time.Time) error {
			if refusal := m.MarkAgentGone(now, agent); refusal != nil {
				return refusal
			}
			if refusal := m.MarkAgentGone(now, agent); refusal != nil {
				t.Errorf("marked gone twice: %v", refusal)
			}
			if refusal := m.MarkAgentGone(now, "nobody"); refusal == nil || *refusal != (model.Refusal{Status: 404, Text: "Agent 'nobody' not found"}) {
				t.Errorf("an unknown agent: %v", refusal)
			}
			return nil
		})
		b.want("marked gone", c.want, "failure S0")
		if got := b.Running(); len(got) != 0 {
			t.Errorf("%v still run", got)
		}
		if err := b.With(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, agent) }); err == nil {
			t.Error("an agent that is gone came back")
		}
	}
}

func TestInverseOffersComeAgain(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(2))
	b.launch("t")
	b.Events()
	window := model.Window{IP: "10.0.0.1", Start: t0.Add(time.Hour), Duration: time.Hour}
	b.with(func(m *model.Model, now time.Time) error {
		if refusal := m.Maintenance(now, []model.Window{{Start: t0}}); refusal == nil {
			t.Error("a window without a machine was taken")
		}
		m.Maintenance(now, []model.Window{window})
		return nil
	})
	inverse := func() (ids []mesos.OfferID) {
		for _, e := range b.Events() {
			if e.Type == scheduler.Event_INVERSE_OFFERS {
				ids = append(ids, e.InverseOffers.InverseOffers[0].OfferID)
			}
		}
		return ids
	}
	ids := inverse()
	if len(ids) != 1 {
		t.Fatalf("%d inverse offers, want 1", len(ids))
	}
	b.must(calls.DeclineInverseOffers(ids...).With(calls.RefuseSeconds(10 * time.Second)))
	b.Step(9 * time.Second)
	if ids := inverse(); len(ids) != 0 {
		t.Errorf("asked again before the filter ended")
	}
	b.Step(2 * time.Second)
	if ids := inverse(); len(ids) != 1 {
		t.Errorf("not asked again after the filter ended")
	}
	b.with(func(m *model.Model, now time.Time) error {
		m.Maintenance(now, nil)
		return nil
	})
	if got := b.said(); !slices.Contains(got, "rescind_inverse_offer") {
		t.Errorf("schedule cleared: %q", got)
	}
}
