package mesos

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// manyOffers is one OFFERS event as a large cluster brings it: one offer an agent, four resources, three attributes.
func manyOffers(n int) *scheduler.Event {
	scalar := func(name string, value float64) mesos.Resource {
		return mesos.Resource{Name: name, Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: value},
			AllocationInfo: &mesos.Resource_AllocationInfo{Role: new("cockroachdb-role")}}
	}
	text := func(name, value string) mesos.Attribute {
		return mesos.Attribute{Name: name, Type: mesos.TEXT, Text: &mesos.Value_Text{Value: value}}
	}
	event := &scheduler.Event{Type: scheduler.Event_OFFERS, Offers: &scheduler.Event_Offers{}}
	for i := range n {
		ports := scalar("ports", 0)
		ports.Type, ports.Scalar = mesos.RANGES.Enum(), nil
		ports.Ranges = &mesos.Value_Ranges{Range: []mesos.Value_Range{{Begin: 8080, End: 8090}, {Begin: 26000, End: 27000}, {Begin: 31000, End: 32000}}}
		event.Offers.Offers = append(event.Offers.Offers, mesos.Offer{
			ID:          mesos.OfferID{Value: fmt.Sprintf("%s-O%d", framework, i)},
			FrameworkID: mesos.FrameworkID{Value: framework},
			AgentID:     mesos.AgentID{Value: fmt.Sprintf("%s-S%d", framework, i)},
			Hostname:    fmt.Sprintf("node-%d.rack-%d.example.org", i, i%100),
			URL:         &mesos.URL{Scheme: "http", Address: mesos.Address{IP: new(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)), Port: 5051}},
			Domain: &mesos.DomainInfo{FaultDomain: &mesos.DomainInfo_FaultDomain{Region: mesos.DomainInfo_FaultDomain_RegionInfo{Name: "region-1"},
				Zone: mesos.DomainInfo_FaultDomain_ZoneInfo{Name: fmt.Sprintf("zone-%d", i%3)}}},
			Resources: []mesos.Resource{ports, scalar("cpus", 4), scalar("mem", 4096), scalar("disk", 20000)},
			Attributes: []mesos.Attribute{text("rack", fmt.Sprintf("rack-%d", i%100)), text("zone", fmt.Sprintf("zone-%d", i%3)),
				text("host", fmt.Sprintf("agent%d", i))},
		})
	}
	return event
}

// TestTenThousandOffers: one event above mesos-go's own limit of 4 MiB, in far less than a second.
func TestTenThousandOffers(t *testing.T) {
	m := newMaster(t)
	c := start(t, testConfig(m.URL))
	s := m.next()
	wait[core.Subscribed](c)
	event := record(t, manyOffers(10_000))
	if len(event) <= 4<<20 {
		t.Fatalf("the event has %d bytes, the test wants more than 4 MiB", len(event))
	}
	began := time.Now()
	s.raw(string(event))
	offered := wait[core.Offered](c)
	took := time.Since(began)
	if len(offered.Offers) != 10_000 {
		t.Errorf("%d offers", len(offered.Offers))
	}
	if took > patience/2 {
		t.Errorf("took %s", took)
	}
	s.send(rescind("after"))
	wait[core.Rescinded](c)
	t.Logf("%d bytes in %s", len(event), took)
}

// BenchmarkTenThousandOffers decodes and flattens one event.
func BenchmarkTenThousandOffers(b *testing.B) {
	event := record(b, manyOffers(10_000))
	b.SetBytes(int64(len(event)))
	b.ReportAllocs()
	for b.Loop() {
		reader := newFrames(bytes.NewReader(event), largestEvent)
		message, err := reader.next()
		if err != nil {
			b.Fatal(err)
		}
		got, ok := Event(message)
		if offered := got.(core.Offered); !ok || len(offered.Offers) != 10_000 {
			b.Fatal("offers are missing")
		}
	}
}
