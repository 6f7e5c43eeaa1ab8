package httpshell

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sort"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// Agent is one agent of a Cluster.
type Agent struct {
	// IP is its address: tasks see it as LIBPROCESS_IP, offers as the hostname unless Hostname is set. Loopback addresses
	// other than 127.0.0.1 work without any set-up on Linux. Required.
	IP       string
	Hostname string
	// Port is the agent's own port in its address; nothing listens there. Default: 5051.
	Port int
	// Attributes are sent as text.
	Attributes map[string]string
	// Region and Zone are the fault domain; both empty: none.
	Region, Zone string
	// CPUs in cores, Mem and Disk in MB.
	CPUs, Mem, Disk float64
	// Ports are pairs of first and last port, both included.
	Ports []uint64
	// MountDisks are disks of their own: folders, made under the agent's work folder, with their size in MB.
	MountDisks map[string]float64
	// NoSandboxPath is an agent without the isolator volume/sandbox_path (see process.Options).
	NoSandboxPath bool
}

// Agents returns n agents as the sandbox has them: agent i, from 1, at 127.0.0.i with rack:ri and zone:zi as attributes, zone-i of
// region-1 as its fault domain, 4 cpus, 4096 MB of memory, 20000 MB of disk, the well-known ports of the database (8080-8090,
// 26000-27000) and 200 ports of its own from 31000+200(i-1) on.
func Agents(n int) []Agent {
	list := make([]Agent, n)
	for i := range list {
		number := fmt.Sprint(i + 1)
		own := uint64(31000 + 200*i)
		list[i] = Agent{
			IP: "127.0.0." + number, Port: 5051 + i, Attributes: map[string]string{"rack": "r" + number, "zone": "z" + number},
			Region: "region-1", Zone: "zone-" + number, CPUs: 4, Mem: 4096, Disk: 20000,
			Ports: []uint64{8080, 8090, 26000, 27000, own, own + 199},
		}
	}
	return list
}

func (a Agent) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if net.ParseIP(a.IP) == nil {
		fault("IP %q is not an IP address", a.IP)
	}
	for name, value := range map[string]float64{"CPUs": a.CPUs, "Mem": a.Mem, "Disk": a.Disk} {
		if value < 0 {
			fault("%s %g is negative", name, value)
		}
	}
	if len(a.Ports)%2 != 0 {
		fault("Ports %v is not a list of pairs", a.Ports)
	}
	for root := range a.MountDisks {
		if !filepath.IsLocal(root) {
			fault("mount disk %q is not a folder under the work folder", root)
		}
	}
	return errors.Join(faults...)
}

// spec is what the agent says of itself to the master.
func (a Agent) spec(workDir string) model.AgentSpec {
	spec := model.AgentSpec{Hostname: a.Hostname, IP: a.IP, Port: int32(a.Port), Region: a.Region, Zone: a.Zone,
		Resources: []mesos.Resource{model.Scalar("cpus", a.CPUs), model.Scalar("mem", a.Mem), model.Scalar("disk", a.Disk)}}
	if spec.Hostname == "" {
		spec.Hostname = a.IP
	}
	if len(a.Ports) > 0 {
		spec.Resources = append(spec.Resources, model.Ports(a.Ports...))
	}
	for _, name := range sortedNames(a.Attributes) {
		spec.Attributes = append(spec.Attributes, model.Text(name, a.Attributes[name]))
	}
	for _, root := range sortedNames(a.MountDisks) {
		spec.Resources = append(spec.Resources, model.MountDisk(filepath.Join(workDir, root), a.MountDisks[root]))
	}
	return spec
}

func sortedNames[V any](values map[string]V) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
