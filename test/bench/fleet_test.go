package bench

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// role is the role of the default service.
const role = "cockroachdb-role"

// fleet is one OFFERS event as a large cluster brings it: an offer for each of the agents from first on, with scalars
// and port ranges, a mount disk, attributes and a fault domain. The memory of agent i is mem(i) MB.
func fleet(first, count int, mem func(i int) float64) *scheduler.Event {
	event := &scheduler.Event{Type: scheduler.Event_OFFERS, Offers: &scheduler.Event_Offers{}}
	for i := first; i < first+count; i++ {
		address := fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
		disk := scalar("disk", 4000)
		disk.Disk = &mesos.Resource_DiskInfo{Source: &mesos.Resource_DiskInfo_Source{
			Type: mesos.Resource_DiskInfo_Source_MOUNT, Mount: &mesos.Resource_DiskInfo_Source_Mount{Root: new("/mnt/a")}}}
		event.Offers.Offers = append(event.Offers.Offers, mesos.Offer{
			ID: mesos.OfferID{Value: fmt.Sprintf("%s-O%d", frameworkID, i)}, FrameworkID: mesos.FrameworkID{Value: frameworkID},
			AgentID: mesos.AgentID{Value: fmt.Sprintf("%s-S%d", frameworkID, i)}, Hostname: fmt.Sprintf("node-%d.example.org", i),
			URL:            &mesos.URL{Scheme: "http", Address: mesos.Address{IP: &address, Port: 5051}},
			AllocationInfo: &mesos.Resource_AllocationInfo{Role: new(role)},
			Domain: &mesos.DomainInfo{FaultDomain: &mesos.DomainInfo_FaultDomain{
				Region: mesos.DomainInfo_FaultDomain_RegionInfo{Name: "region-1"},
				Zone:   mesos.DomainInfo_FaultDomain_ZoneInfo{Name: fmt.Sprintf("zone-%d", i%3)}}},
			Attributes: []mesos.Attribute{text("os", "debian"), text("rack", fmt.Sprintf("rack-%d", i%100))},
			Resources:  []mesos.Resource{scalar("cpus", 4), scalar("mem", mem(i)), scalar("disk", 20_000), ports(), disk},
		})
	}
	return event
}

// roomy agents serve every task of the service, small ones none.
func roomy(int) float64   { return 16_384 }
func small(i int) float64 { return float64(512 + i%256) }

func scalar(name string, value float64) mesos.Resource {
	return mesos.Resource{Name: name, Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: value},
		AllocationInfo: &mesos.Resource_AllocationInfo{Role: new(role)}}
}

// ports are what a private agent of DC/OS offers.
func ports() mesos.Resource {
	list := []mesos.Value_Range{{Begin: 1025, End: 2180}, {Begin: 2182, End: 3887}, {Begin: 3889, End: 5049},
		{Begin: 5052, End: 8079}, {Begin: 8082, End: 8180}, {Begin: 8182, End: 32000}}
	return mesos.Resource{Name: "ports", Type: mesos.RANGES.Enum(), Ranges: &mesos.Value_Ranges{Range: list},
		AllocationInfo: &mesos.Resource_AllocationInfo{Role: new(role)}}
}

func text(name, value string) mesos.Attribute {
	return mesos.Attribute{Name: name, Type: mesos.TEXT, Text: &mesos.Value_Text{Value: value}}
}
