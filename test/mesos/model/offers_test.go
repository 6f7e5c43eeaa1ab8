package model_test

import (
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
)

func TestRefusal(t *testing.T) {
	for _, c := range []struct {
		name    string
		seconds *float64
		again   time.Duration // when the offer is back
	}{
		{"none named is five seconds", nil, 5 * time.Second},
		{"negative is five seconds", ptr(-3.0), 5 * time.Second},
		{"zero is the next pass", ptr(0.0), time.Second},
		{"short outlives the next pass", ptr(0.1), 2 * time.Second},
		{"a minute", ptr(60.0), time.Minute},
		{"more than a year is a year", ptr(1e12), 365 * 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, model.Options{HeartbeatInterval: 24 * time.Hour}, virtual.Agents(1))
			b.Events()
			call := calls.Decline(b.offers()[0].ID)
			call.Decline.Filters = &mesos.Filters{RefuseSeconds: c.seconds}
			b.must(call)
			b.RunUntil(func() bool { return len(b.offers()) > 0 }, 2*365*24*time.Hour)
			if took := b.Now().Sub(t0); took < c.again || took > c.again+time.Second {
				t.Errorf("offered again after %s, want %s", took, c.again)
			}
		})
	}
}

func TestReviveClearsFilters(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1), roles("a", "b"))
	offers := b.offers()
	b.must(calls.Decline(offers[0].ID).With(calls.RefuseSeconds(time.Hour)))
	b.must(calls.SuppressWith([]string{"a"}))
	b.Events()
	b.Step(2 * time.Second)
	if got := b.offers(); len(got) != 1 || got[0].AllocationInfo.GetRole() != "b" {
		t.Fatalf("with role a suppressed: %v", b.said())
	}
	b.must(calls.Decline(b.offers()[0].ID).With(calls.RefuseSeconds(time.Hour)))
	b.Step(time.Minute)
	b.must(calls.ReviveWith([]string{"nobody"}))
	if got := b.offers(); len(got) != 0 {
		t.Fatalf("REVIVE of a strange role made offers: %v", got)
	}
	b.must(calls.ReviveWith([]string{"a"}))
	if got := b.offers(); len(got) != 1 || got[0].AllocationInfo.GetRole() != "a" {
		t.Fatalf("after REVIVE of role a: %v", got)
	}
}

func TestTwoRolesShareAgents(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(4), roles("a", "b"))
	count := map[string]int{}
	for _, o := range b.offers() {
		count[o.AllocationInfo.GetRole()]++
	}
	if count["a"] != 2 || count["b"] != 2 {
		t.Errorf("offers by role: %v, want two each", count)
	}
}

func TestReservedGoesToItsRole(t *testing.T) {
	agent := virtual.Agent(0)
	agent.Resources = []mesos.Resource{model.Static("a", model.Scalar("cpus", 1)), model.Static("b", model.Scalar("cpus", 2)), model.Scalar("cpus", 4)}
	for _, c := range []struct {
		role string
		want string
	}{
		{"a", "offer S0 a: cpus(reservations: [(STATIC,a)]):1; cpus:4"},
		{"b/below", "offer S0 b/below: cpus(reservations: [(STATIC,b)]):2; cpus:4"},
		{"c", "offer S0 c: cpus:4"},
	} {
		b := start(t, model.Options{}, []model.AgentSpec{agent}, roles(c.role))
		b.want(c.role, "subscribed", c.want)
	}
}

func TestRegionAware(t *testing.T) {
	far := virtual.Agent(1)
	far.Region = "region-2"
	agents := []model.AgentSpec{virtual.Agent(0), far}
	options := model.Options{Region: "region-1", Zone: "zone-0"}
	if n := len(start(t, options, agents).offers()); n != 2 {
		t.Errorf("REGION_AWARE: %d offers, want 2", n)
	}
	if n := len(start(t, options, agents, without(mesos.FrameworkInfo_Capability_REGION_AWARE)).offers()); n != 1 {
		t.Errorf("not REGION_AWARE: %d offers, want 1", n)
	}
}

func TestTooLittleIsNotOffered(t *testing.T) {
	agent := virtual.Agent(0)
	agent.Resources = []mesos.Resource{model.Scalar("cpus", 0.005), model.Scalar("mem", 16), model.Scalar("disk", 10000)}
	b := start(t, model.Options{}, []model.AgentSpec{agent})
	b.want("an agent with nothing but disk", "subscribed")
}

func TestUpdateFrameworkRescindsForeignRoles(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1), roles("a"))
	b.Events()
	changed := *info(roles("b"))
	changed.ID = &mesos.FrameworkID{Value: b.FrameworkID()}
	b.must(calls.UpdateFramework(changed))
	b.want("role a became b", "rescind", "offer S0 b: ports:[1025-32000]; cpus:4; mem:8192; disk:100000")
	changed.Principal = ptr("other")
	if err := b.Send(calls.UpdateFramework(changed)); err == nil || err.(*model.Refusal).Status != 400 {
		t.Errorf("another principal: %v", err)
	}
}
