package httpshell

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// Events for Faults.SendEvent that a healthy small master would not send.

// OversizedEvent is a MESSAGE event with so many bytes of data; 4 MiB is what mesos-go reads by default.
func OversizedEvent(size int) *scheduler.Event {
	return &scheduler.Event{Type: scheduler.Event_MESSAGE, Message: &scheduler.Event_Message{
		AgentID: mesos.AgentID{Value: "agent"}, ExecutorID: mesos.ExecutorID{Value: "executor"}, Data: make([]byte, size)}}
}

// ManyOffers is one OFFERS event with n offers of n agents, as a master sends after a quiet time in a large cluster: each
// with cpus, memory, disk and ports, attributes and a fault domain. The model knows none of them: DECLINE is a silent 202,
// a launch on one is TASK_DROPPED / REASON_INVALID_OFFERS.
func ManyOffers(n int, frameworkID, role string) *scheduler.Event {
	offers := make([]mesos.Offer, n)
	for i := range offers {
		name := fmt.Sprintf("agent-%05d.example", i)
		allocated := func(r mesos.Resource) mesos.Resource {
			r.AllocationInfo = &mesos.Resource_AllocationInfo{Role: &role}
			return r
		}
		offers[i] = mesos.Offer{
			ID: mesos.OfferID{Value: fmt.Sprintf("many-O%d", i)}, FrameworkID: mesos.FrameworkID{Value: frameworkID},
			AgentID: mesos.AgentID{Value: fmt.Sprintf("many-S%d", i)}, Hostname: name,
			AllocationInfo: &mesos.Resource_AllocationInfo{Role: &role},
			Attributes:     []mesos.Attribute{model.Text("rack", fmt.Sprint("r", i%40)), model.Text("zone", fmt.Sprint("z", i%3))},
			Domain: &mesos.DomainInfo{FaultDomain: &mesos.DomainInfo_FaultDomain{
				Region: mesos.DomainInfo_FaultDomain_RegionInfo{Name: "region-1"},
				Zone:   mesos.DomainInfo_FaultDomain_ZoneInfo{Name: fmt.Sprint("zone-", i%3)}}},
			Resources: []mesos.Resource{allocated(model.Scalar("cpus", 4)), allocated(model.Scalar("mem", 4096)),
				allocated(model.Scalar("disk", 20000)), allocated(model.Ports(1025, 2180, 26000, 27000))},
		}
	}
	return &scheduler.Event{Type: scheduler.Event_OFFERS, Offers: &scheduler.Event_Offers{Offers: offers}}
}
