package config

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Discovery says how nodes and clients find nodes.
type Discovery struct {
	Mode    string `env:"DISCOVERY" envDefault:"autoip" choices:"autoip,mesos-dns,address" help:"autoip: DC/OS names. mesos-dns: names under SERVICE_TLD. address: the agents' addresses, for plain Mesos without names."`
	TaskTLD string `env:"SERVICE_TLD" envDefault:"autoip.dcos.thisdcos.directory" help:"Domain of task names: <task>.<service>.<domain>."`
	VIPTLD  string `env:"VIP_TLD" envDefault:"l4lb.thisdcos.directory" help:"Domain of virtual addresses: pg.<service>.<domain>."`
	Virtual Flag   `env:"ENABLE_VIRTUAL_NETWORK" envDefault:"false" help:"Runs the nodes on the DC/OS virtual network, with addresses of their own. It never changes after the first deployment."`
	Network string `env:"VIRTUAL_NETWORK_NAME" envDefault:"dcos" help:"Name of the virtual network."`
}

// Bounds of DNS names (RFC 1035, section 2.3.4).
const (
	maxLabel  = 63
	maxDomain = 253
)

// domainName is a DNS name of letters, digits and dashes (RFC 1123, section 2.1).
var domainName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

// longestTask is as long as a task's name becomes (NODE_COUNT goes up to 1000).
var longestTask = tasks.Pod{Type: tasks.NodePod, Index: 999}.Task("node-join")

// check is given the service's name, because names of tasks are made of it and the domains.
func (d Discovery) check(f *faults, service string) {
	names := tasks.Service{Name: service, TaskDomain: d.TaskTLD, VIPDomain: d.VIPTLD}
	for _, domain := range []struct{ field, value, longest string }{
		{"SERVICE_TLD", d.TaskTLD, names.HostName(longestTask)},
		{"VIP_TLD", d.VIPTLD, names.VIPName("http")},
	} {
		if !domainName.MatchString(domain.value) {
			f.add(domain.field, domain.value, "is not a DNS name", "write letters, digits and dashes between dots, as in "+
				"l4lb.thisdcos.directory, without a dot at the ends")
			continue
		}
		if len(domain.longest) > maxDomain {
			f.add(domain.field, domain.value, fmt.Sprintf("makes names of %d characters, and DNS holds %d", len(domain.longest), maxDomain),
				"choose a shorter domain")
		}
	}
	if d.Network == "" || strings.ContainsAny(d.Network, " \t\r\n/") {
		f.add("VIRTUAL_NETWORK_NAME", d.Network, "is not the name of a network", "write it as the agents' CNI configuration has it, such as dcos")
	}
}

// network is the virtual network that nodes run on, empty for the agents' own.
func (d Discovery) network() string {
	if d.Virtual {
		return d.Network
	}
	return ""
}
