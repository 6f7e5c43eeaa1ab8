package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// join gives a container on a named network an address of its own, as a CNI plug-in does: a new one for each container, in the
// range that DC/OS' network "dcos" has. Containers without a network have their agent's address.
func (m *Model) join(container *mesos.ContainerInfo) (network, ip string) {
	for _, info := range container.GetNetworkInfos() {
		if name := info.GetName(); name != "" {
			m.containerCount++
			n := m.containerCount
			return name, fmt.Sprintf("9.%d.%d.%d", n/62500, n/250%250, n%250+1)
		}
	}
	return "", ""
}

// networkInfos are the addresses of a task's container.
func (t *task) networkInfos() []mesos.NetworkInfo {
	address := func(ip *string) []mesos.NetworkInfo_IPAddress {
		return []mesos.NetworkInfo_IPAddress{{Protocol: mesos.IPv4.Enum(), IPAddress: ip}}
	}
	if t.executor.network == "" {
		return []mesos.NetworkInfo{{IPAddresses: address(&t.agent.spec.IP)}}
	}
	return []mesos.NetworkInfo{{Name: &t.executor.network, IPAddresses: address(&t.executor.ip)}}
}
