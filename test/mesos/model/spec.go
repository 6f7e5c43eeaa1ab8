package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// AgentSpec is what an agent says about itself when it registers.
type AgentSpec struct {
	// Hostname and IP default to 127.0.0.1; Port defaults to 5051. IP and Port together are the agent's address.
	Hostname string
	IP       string
	Port     int32
	// Attributes are sent with every offer; see Text.
	Attributes []mesos.Attribute
	// Region and Zone are the agent's fault domain; both empty: none.
	Region, Zone string
	// Resources is everything the agent has, unreserved or with static reservations; see Scalar, Ports, MountDisk, Static.
	Resources []mesos.Resource
}

// Window is one entry of a maintenance schedule.
type Window struct {
	// Hostname and IP name the machine as the agents on it do; at least one is given.
	Hostname, IP string
	Start        time.Time
	// Duration zero means without end.
	Duration time.Duration
}

// Text returns a text attribute.
func Text(name, value string) mesos.Attribute {
	return mesos.Attribute{Name: name, Type: mesos.TEXT, Text: &mesos.Value_Text{Value: value}}
}

// Scalar returns an unreserved amount: cpus in cores, mem and disk in MB (megabytes as Mesos counts them, 2^20 bytes).
func Scalar(name string, value float64) mesos.Resource {
	return mesos.Resource{Name: name, Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: value}}
}

// Ports returns a ports resource from pairs of first and last port, both included.
func Ports(pairs ...uint64) mesos.Resource {
	ranges := &mesos.Value_Ranges{}
	for i := 0; i+1 < len(pairs); i += 2 {
		ranges.Range = append(ranges.Range, mesos.Value_Range{Begin: pairs[i], End: pairs[i+1]})
	}
	return mesos.Resource{Name: "ports", Type: mesos.RANGES.Enum(), Ranges: ranges}
}

// MountDisk returns a disk of its own, mounted at root, in MB. It can only be used whole.
func MountDisk(root string, megabytes float64) mesos.Resource {
	disk := Scalar("disk", megabytes)
	disk.Disk = &mesos.Resource_DiskInfo{Source: &mesos.Resource_DiskInfo_Source{
		Type:  mesos.Resource_DiskInfo_Source_MOUNT,
		Mount: &mesos.Resource_DiskInfo_Source_Mount{Root: &root},
	}}
	return disk
}

// Static returns the resource with a static reservation for a role, as an agent started with --resources "cpus(role):4".
func Static(role string, r mesos.Resource) mesos.Resource {
	r.Reservations = []mesos.Resource_ReservationInfo{{Type: mesos.Resource_ReservationInfo_STATIC.Enum(), Role: &role}}
	return r
}
