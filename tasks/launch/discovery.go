package launch

import (
	"strconv"

	"github.com/google/uuid"
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// vipSpace is the name space of the UUIDs in VIP labels (RFC 9562, section 5.5); any fixed value does.
var vipSpace = uuid.MustParse("6f1c1a52-2f0e-4d4e-9a52-6c7b1d0f3b8e")

// discovery tells DC/OS' DNS and load balancer of the task: its name, its ports, and their virtual addresses.
func discovery(l Launch, pod tasks.PodSpec, spec tasks.TaskSpec) *mesos.DiscoveryInfo {
	info := &mesos.DiscoveryInfo{
		Visibility: mesos.CLUSTER,
		Name:       new(l.Record.Task),
	}
	var ports []mesos.Port
	for _, port := range spec.Ports {
		number, held := l.Record.Ports[port.Name]
		if !held {
			continue
		}
		ports = append(ports, mesos.Port{
			Number:     uint32(number),
			Name:       new(port.Name),
			Protocol:   new("tcp"),
			Visibility: visibility(port).Enum(),
			Labels:     portLabels(l, pod, port),
		})
	}
	if len(ports) > 0 {
		info.Ports = &mesos.Ports{Ports: ports}
	}
	return info
}

// visibility is EXTERNAL for what /v1/endpoints lists, CLUSTER for the rest (the SDK's rule).
func visibility(port tasks.PortSpec) mesos.DiscoveryInfo_Visibility {
	if port.Advertise {
		return mesos.EXTERNAL
	}
	return mesos.CLUSTER
}

// portLabels are VIP_<uuid>=<name>:<port> for DC/OS' load balancer and, on a virtual network, network-scope=container,
// which tells it to send to the container's address and not to the agent's.
func portLabels(l Launch, pod tasks.PodSpec, port tasks.PortSpec) *mesos.Labels {
	var list []mesos.Label
	if port.VIPName != "" {
		id := uuid.NewSHA1(vipSpace, []byte(l.Record.TaskID+"/"+port.Name))
		list = append(list, label("VIP_"+id.String(), port.VIPName+":"+strconv.FormatUint(port.VIPPort, 10)))
	}
	if pod.Network != "" {
		list = append(list, label("network-scope", "container"))
	}
	if list == nil {
		return nil
	}
	return &mesos.Labels{Labels: list}
}
