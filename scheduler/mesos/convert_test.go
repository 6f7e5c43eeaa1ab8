package mesos

import (
	"reflect"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestAttributeText(t *testing.T) {
	tests := []struct {
		attribute mesos.Attribute
		want      string
	}{
		{mesos.Attribute{Type: mesos.TEXT, Text: &mesos.Value_Text{Value: "r 1:x"}}, "r 1:x"},
		{mesos.Attribute{Type: mesos.TEXT}, ""},
		{mesos.Attribute{Type: mesos.SCALAR, Scalar: &mesos.Value_Scalar{Value: 4}}, "4.000"},
		{mesos.Attribute{Type: mesos.SCALAR, Scalar: &mesos.Value_Scalar{Value: 1.23456}}, "1.235"},
		{mesos.Attribute{Type: mesos.RANGES, Ranges: &mesos.Value_Ranges{Range: []mesos.Value_Range{{Begin: 1, End: 2}, {Begin: 5, End: 6}}}}, "[1-2,5-6]"},
		{mesos.Attribute{Type: mesos.RANGES}, "[]"},
		{mesos.Attribute{Type: mesos.SET, Set: &mesos.Value_Set{Item: []string{"a", "b"}}}, "{a,b}"},
		{mesos.Attribute{Type: 99}, ""},
	}
	for _, test := range tests {
		if got := attribute(&test.attribute); got != test.want {
			t.Errorf("%s: %q, want %q", test.attribute.String(), got, test.want)
		}
	}
}

func TestBareOffer(t *testing.T) {
	got := Offers([]mesos.Offer{{ID: mesos.OfferID{Value: "o"}, AgentID: mesos.AgentID{Value: "a"}, Hostname: "h",
		URL: &mesos.URL{Address: mesos.Address{Hostname: new("h")}}, Domain: &mesos.DomainInfo{}}})
	if len(got) != 1 || !reflect.DeepEqual(got[0].Agent, tasks.Agent{ID: "a", Hostname: "h"}) || len(got[0].Resources) != 0 || got[0].IDs[0] != "o" {
		t.Errorf("got %+v", got)
	}
	if got := Offers(nil); len(got) != 0 {
		t.Errorf("no offers became %v", got)
	}
}

// TestOffersOfOneAgentAreOne: the core sees each agent once.
func TestOffersOfOneAgentAreOne(t *testing.T) {
	offer := func(id, agent string) mesos.Offer {
		return mesos.Offer{ID: mesos.OfferID{Value: id}, AgentID: mesos.AgentID{Value: agent}}
	}
	event, ok := Event(&scheduler.Event{Type: scheduler.Event_OFFERS, Offers: &scheduler.Event_Offers{
		Offers: []mesos.Offer{offer("o1", "a"), offer("o2", "b"), offer("o3", "a")}}})
	offered := event.(core.Offered)
	if !ok || len(offered.Offers) != 2 || !reflect.DeepEqual(offered.Offers[0].IDs, []string{"o1", "o3"}) {
		t.Errorf("got %+v", offered)
	}
}

func TestAbsences(t *testing.T) {
	at := time.Date(2026, 11, 22, 7, 49, 55, 89047808, time.UTC)
	inverse := func(id string, agent *mesos.AgentID, window mesos.Unavailability) mesos.InverseOffer {
		return mesos.InverseOffer{OfferID: mesos.OfferID{Value: id}, AgentID: agent, Unavailability: window}
	}
	agent := &mesos.AgentID{Value: "a"}
	start := mesos.TimeInfo{Nanoseconds: at.UnixNano()}
	hour := &mesos.DurationInfo{Nanoseconds: time.Hour.Nanoseconds()}
	tests := []struct {
		name string
		list []mesos.InverseOffer
		want []core.Absence
	}{
		{"several", []mesos.InverseOffer{inverse("2", agent, mesos.Unavailability{Start: start, Duration: hour}), inverse("1", &mesos.AgentID{Value: "b"}, mesos.Unavailability{Start: start})},
			[]core.Absence{{OfferID: "2", AgentID: "a", Start: at, Duration: time.Hour}, {OfferID: "1", AgentID: "b", Start: at}}},
		{"no start is the beginning of time", []mesos.InverseOffer{inverse("1", agent, mesos.Unavailability{Duration: hour})},
			[]core.Absence{{OfferID: "1", AgentID: "a", Start: time.Unix(0, 0).UTC(), Duration: time.Hour}}},
		{"no length is not for ever", []mesos.InverseOffer{inverse("1", agent, mesos.Unavailability{Start: start, Duration: &mesos.DurationInfo{}})},
			[]core.Absence{{OfferID: "1", AgentID: "a", Start: at, Duration: 1}}},
		{"a negative length", []mesos.InverseOffer{inverse("1", agent, mesos.Unavailability{Start: start, Duration: &mesos.DurationInfo{Nanoseconds: -5}})},
			[]core.Absence{{OfferID: "1", AgentID: "a", Start: at, Duration: 1}}},
		{"without an agent or an id beside a good one", []mesos.InverseOffer{inverse("1", nil, mesos.Unavailability{}),
			inverse("2", &mesos.AgentID{}, mesos.Unavailability{}), inverse("", agent, mesos.Unavailability{}), inverse("4", agent, mesos.Unavailability{Start: start})},
			[]core.Absence{{OfferID: "4", AgentID: "a", Start: at}}},
		{"nothing", nil, nil},
	}
	for _, test := range tests {
		event, ok := Event(&scheduler.Event{Type: scheduler.Event_INVERSE_OFFERS, InverseOffers: &scheduler.Event_InverseOffers{InverseOffers: test.list}})
		if got := event.(core.Announced).Absences; ok != (test.want != nil) || len(got) != len(test.want) ||
			len(got) > 0 && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %t\ngot  %+v\nwant %+v", test.name, ok, got, test.want)
		}
	}
	event, ok := Event(&scheduler.Event{Type: scheduler.Event_RESCIND_INVERSE_OFFER,
		RescindInverseOffer: &scheduler.Event_RescindInverseOffer{InverseOfferID: mesos.OfferID{Value: "1"}}})
	if !ok || event != (core.Withdrawn{OfferID: "1"}) {
		t.Errorf("got %+v, %t", event, ok)
	}
}

func TestStatusFields(t *testing.T) {
	at := 1795330352.890695
	tests := []struct {
		name   string
		status mesos.TaskStatus
		want   tasks.Status
	}{
		{"nothing", mesos.TaskStatus{}, tasks.Status{}},
		{"newer than mesos-go", mesos.TaskStatus{State: new(mesos.TaskState(77)), Reason: new(mesos.TaskStatus_Reason(1234)),
			Source: new(mesos.TaskStatus_Source(9))}, tasks.Status{State: "TASK_77", Reason: "REASON_1234", Source: "SOURCE_9"}},
		{"healthy", mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum(), Healthy: new(true), Timestamp: &at},
			tasks.Status{State: tasks.Running, Healthy: new(true), At: time.Date(2026, 11, 22, 6, 52, 32, 890695000, time.UTC)}},
		{"sick", mesos.TaskStatus{State: mesos.TASK_KILLED.Enum(), Healthy: new(false), Message: new("m")},
			tasks.Status{State: tasks.Killed, Healthy: new(false), Message: "m"}},
		{"check without a result", mesos.TaskStatus{CheckStatus: &mesos.CheckStatusInfo{Command: &mesos.CheckStatusInfo_Command{}}},
			tasks.Status{HasCheck: true}},
		{"check of another kind", mesos.TaskStatus{CheckStatus: &mesos.CheckStatusInfo{HTTP: &mesos.CheckStatusInfo_Http{}}},
			tasks.Status{HasCheck: true}},
		{"addresses", mesos.TaskStatus{ContainerStatus: &mesos.ContainerStatus{NetworkInfos: []mesos.NetworkInfo{
			{IPAddresses: []mesos.NetworkInfo_IPAddress{{IPAddress: new("9.0.0.1")}, {}}}, {IPAddresses: []mesos.NetworkInfo_IPAddress{{IPAddress: new("fd::1")}}}}}},
			tasks.Status{IPs: []string{"9.0.0.1", "fd::1"}}},
	}
	for _, test := range tests {
		if got := Status(&test.status); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s\ngot  %+v\nwant %+v", test.name, got, test.want)
		}
	}
	if state := Status(&mesos.TaskStatus{State: new(mesos.TaskState(77))}).State; state.Ended() || state.Alive() {
		t.Error("an unknown state must count neither as ended nor as alive")
	}
}

// TestEmptyEvents: a type without its message is no reason to stop.
func TestEmptyEvents(t *testing.T) {
	for kind := range scheduler.Event_Type_name {
		Event(&scheduler.Event{Type: scheduler.Event_Type(kind)})
	}
	for _, kind := range []scheduler.Event_Type{scheduler.Event_UNKNOWN, scheduler.Event_HEARTBEAT, scheduler.Event_MESSAGE,
		scheduler.Event_INVERSE_OFFERS, scheduler.Event_RESCIND_INVERSE_OFFER, scheduler.Event_UPDATE_OPERATION_STATUS, 99} {
		if event, ok := Event(&scheduler.Event{Type: kind}); ok {
			t.Errorf("%s became %#v", kind, event)
		}
	}
}

// The SDK's own executor, which older services may still run under, tells by a label that a task is ready.
func TestTheWordOfTheSDKsOwnExecutor(t *testing.T) {
	label := func(value string) *mesos.Labels {
		return &mesos.Labels{Labels: []mesos.Label{{Key: "readiness_check_passed", Value: &value}}}
	}
	running := mesos.TASK_RUNNING.Enum()
	if got := Status(&mesos.TaskStatus{State: running, Labels: label("true")}); !got.HasCheck || got.CheckExit == nil || *got.CheckExit != 0 {
		t.Errorf("ready: %+v", got)
	}
	if got := Status(&mesos.TaskStatus{State: running, Labels: label("false")}); got.HasCheck {
		t.Errorf("not ready: %+v", got)
	}
	failed := &mesos.CheckStatusInfo{Command: &mesos.CheckStatusInfo_Command{ExitCode: new(int32(1))}}
	if got := Status(&mesos.TaskStatus{State: running, Labels: label("true"), CheckStatus: failed}); *got.CheckExit != 1 {
		t.Errorf("Mesos' own word counts more: %+v", got)
	}
}
