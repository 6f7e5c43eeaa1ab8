package model_test

import (
	"errors"
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

const whole = "offer S0 db-role: ports:[1025-32000]; cpus:4; mem:8192; disk:100000"

func (b *bench) refused(fault model.Fault, status int, text string) {
	b.t.Helper()
	var refusal *model.Refusal
	if err := b.With(fault); !errors.As(err, &refusal) || refusal.Status != status || !strings.Contains(refusal.Text, text) {
		b.t.Errorf("got %v, want %d with %q", err, status, text)
	}
}

func TestOffersRescindedAtOnce(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.must(calls.Decline(b.offers()[0].ID))
	b.Events()
	b.with(model.RescindNext(1))
	b.must(calls.Revive())
	var late mesos.OfferID
	events := b.Events()
	for _, e := range events {
		if e.Type == scheduler.Event_OFFERS {
			late = e.Offers.Offers[0].ID
		}
	}
	if got := lines(events); !slices.Equal(got, []string{whole, "rescind"}) {
		t.Fatalf("got %q", got)
	}
	b.must(calls.Accept(calls.OfferOperations{b.small("t", "e", b.Agents()[0])}.WithOffers(late)))
	b.want("too late", "t DROPPED MASTER INVALID_OFFERS")
	b.Step(time.Second)
	b.want("the next pass", whole)
	b.with(model.RescindOffers(b.Agents()[0]))
	b.want("of this agent", "rescind")
	b.Step(time.Second)
	b.Events()
	b.with(model.RescindOffers(""))
	b.want("of all agents", "rescind")
}

func TestSlowOffers(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.with(model.SlowOffers(time.Minute))
	b.with(model.RescindOffers(""))
	b.Events()
	b.Step(59 * time.Second)
	b.want("before the pass")
	b.Step(time.Second)
	b.want("after it", whole)
}

func TestLostUpdatesComeAgain(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.with(model.LoseUpdates(2))
	b.accept(b.small("t", "e", b.Agents()[0]))
	b.Events()
	b.Step(30 * time.Second) // 0.1 s and 10.1 s are lost
	b.want("before the second time again")
	b.Step(200 * time.Millisecond)
	b.want("the second time again", "t STARTING EXECUTOR")
}

func TestRepeatedUpdates(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	b.launch("t")
	b.Events()
	b.with(model.RepeatUpdates())
	again := b.Events()
	if got := lines(again); !slices.Equal(got, []string{"t RUNNING EXECUTOR"}) {
		t.Fatalf("repeated %q, want the last status only", got)
	}
	b.ack(again[0]) // the second acknowledgement of one status
	if err := b.Exit("t", 0); err != nil {
		t.Fatal(err)
	}
	end := b.Events()
	b.ack(end[0])
	b.with(model.RepeatUpdates())
	late := b.Events()
	if got := lines(late); !slices.Equal(got, []string{"t FINISHED EXECUTOR"}) || string(late[0].Update.Status.UUID) != string(end[0].Update.Status.UUID) {
		t.Errorf("after the end %q", got)
	}
	b.with(model.Down(b.Agents()[0]))
	b.Events()
	b.with(model.RepeatUpdates())
	b.want("an agent that is down repeats nothing")
}

// labelled puts labels of a framework and a resource id on a reservation.
func labelled(r mesos.Resource, framework, id string) mesos.Resource {
	r = reserved(r)
	r.Reservations[len(r.Reservations)-1].Labels = &mesos.Labels{Labels: []mesos.Label{{Key: "framework_id", Value: &framework}, {Key: "resource_id", Value: &id}}}
	return r
}

func TestOperatorStripsReservations(t *testing.T) {
	b := start(t, model.Options{}, virtual.Agents(1))
	agent, us := b.Agents()[0], b.FrameworkID()
	disk, other := labelled(model.Scalar("disk", 100), us, "d"), labelled(model.Scalar("mem", 64), us, "m")
	data := volume(disk, "v")
	group := b.small("t", "e", agent)
	group.LaunchGroup.TaskGroup.Tasks[0].Resources = append(group.LaunchGroup.TaskGroup.Tasks[0].Resources, data)
	b.accept(calls.OpReserve(disk, other), calls.OpCreate(data), group)
	acknowledged := func() bool {
		for _, e := range b.Events() {
			if e.Type == scheduler.Event_UPDATE {
				b.ack(e)
			}
		}
		return false
	}
	b.RunUntil(acknowledged, time.Second)
	b.refused(model.Strip(agent, "resource_id", "d"), 400, "Persistent volumes in use")
	want := []model.Reservation{
		{AgentID: agent, Role: "db-role", FrameworkID: us, ResourceID: "m", Name: "mem"},
		{AgentID: agent, Role: "db-role", FrameworkID: us, ResourceID: "d", Name: "disk", VolumeID: "v", InUse: true},
	}
	if got := b.Model.Reservations(); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	b.with(model.Strip(agent, "resource_id", "m"))
	b.with(model.Strip(agent, "resource_id", "nothing of that name"))
	if err := b.Exit("t", 0); err != nil {
		t.Fatal(err)
	}
	b.RunUntil(acknowledged, time.Second)
	b.with(model.Wipe(agent, "framework_id", us))
	want = []model.Reservation{{AgentID: agent, Role: "db-role", FrameworkID: us, ResourceID: "d", Name: "disk"}}
	if got := b.Model.Reservations(); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	b.with(model.Strip(agent, "framework_id", us))
	if got := b.Model.Reservations(); len(got) != 0 {
		t.Errorf("left: %+v", got)
	}
	if err := b.With(model.Strip("nobody", "framework_id", us)); err == nil {
		t.Error("an unknown agent was stripped")
	}
}

func TestTrespass(t *testing.T) {
	for _, c := range []struct {
		name  string
		owner string // empty: a reservation without labels
		from  *string
		ops   func(b *bench, plain, data mesos.Resource) []mesos.Offer_Operation
		want  []string
	}{
		{"our own", "us", ptr(principal), func(b *bench, plain, data mesos.Resource) []mesos.Offer_Operation {
			return []mesos.Offer_Operation{calls.OpDestroy(data), calls.OpUnreserve(plain)}
		}, nil},
		{"destroyed and unreserved", "another", ptr(principal), func(b *bench, plain, data mesos.Resource) []mesos.Offer_Operation {
			return []mesos.Offer_Operation{calls.OpDestroy(data), calls.OpUnreserve(plain)}
		}, []string{"DESTROY another", "UNRESERVE another"}},
		{"used", "another", ptr(principal), func(b *bench, plain, data mesos.Resource) []mesos.Offer_Operation {
			group := b.small("t", "e", b.Agents()[0])
			group.LaunchGroup.TaskGroup.Tasks[0].Resources = append(group.LaunchGroup.TaskGroup.Tasks[0].Resources, data)
			return []mesos.Offer_Operation{group}
		}, []string{"LAUNCH_GROUP another"}},
		{"without labels, of our principal", "", ptr(principal), func(b *bench, plain, data mesos.Resource) []mesos.Offer_Operation {
			return []mesos.Offer_Operation{calls.OpDestroy(data)}
		}, nil},
		{"without labels, of another principal", "", ptr("someone"), func(b *bench, plain, data mesos.Resource) []mesos.Offer_Operation {
			return []mesos.Offer_Operation{calls.OpDestroy(data)}
		}, []string{"DESTROY principal someone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &bench{virtual.New(t0, model.Options{}, virtual.Agents(1)...), t}
			b.must(calls.Subscribe(info()))
			plain := reserved(model.Scalar("disk", 100))
			if c.owner != "" {
				plain = labelled(model.Scalar("disk", 100), strings.Replace(c.owner, "us", b.FrameworkID(), 1), "d")
			}
			plain.Reservations[0].Principal = c.from
			data := volume(plain, "v")
			b.with(func(m *model.Model, now time.Time) error {
				m.Reserve(now, b.Agents()[0], []mesos.Resource{plain})
				m.CreateVolumes(now, b.Agents()[0], []mesos.Resource{data})
				return nil
			})
			b.Step(10 * time.Second)
			b.accept(c.ops(b, plain, data)...)
			var got []string
			for _, trespass := range b.Model.Trespasses() {
				got = append(got, trespass.Operation+" "+trespass.Owner)
			}
			if !slices.Equal(got, c.want) || len(b.Problems()) != len(c.want) {
				t.Errorf("got %q and the problems %v, want %q", got, b.Problems(), c.want)
			}
		})
	}
}
