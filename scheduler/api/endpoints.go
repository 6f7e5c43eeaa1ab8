package api

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func (h handlers) endpoints(w http.ResponseWriter, _ *http.Request) {
	names := wire.Names{}
	for name := range endpointsOf(h.source.Snapshot()) {
		names = append(names, name)
	}
	slices.Sort(names)
	answer(w, http.StatusOK, names)
}

// endpoint answers an unknown name with 404 and no text, as the SDK does.
func (h handlers) endpoint(w http.ResponseWriter, r *http.Request) {
	endpoint, ok := endpointsOf(h.source.Snapshot())[r.PathValue("name")]
	if !ok {
		plain(w, http.StatusNotFound, "")
		return
	}
	answer(w, http.StatusOK, endpoint)
}

// endpointsOf are the advertised ports of every launched task, running or not, by port name.
func endpointsOf(state core.State) map[string]wire.Endpoint {
	found := map[string]wire.Endpoint{}
	for _, pod := range podsOf(state) {
		for _, record := range recordsOf(state, pod) {
			target := state.Facts.Targets[record.TargetID]
			_, spec, ok := target.Spec(record.Pod, record.Spec)
			if !ok {
				continue
			}
			for _, port := range spec.Ports {
				if number, held := record.Ports[port.Name]; held && port.Advertise {
					found[port.Name] = withTask(found[port.Name], target.Service, *record, port, number)
				}
			}
		}
	}
	return found
}

// withTask adds a task's addresses. The virtual address is shown in every kind of discovery: it is a label of the
// task's port, which a load balancer can serve outside of DC/OS too.
func withTask(endpoint wire.Endpoint, service tasks.Service, record tasks.Record, port tasks.PortSpec, number uint64) wire.Endpoint {
	at := strconv.FormatUint(number, 10)
	endpoint.Address = append(endpoint.Address, net.JoinHostPort(record.Address(), at))
	endpoint.DNS = append(endpoint.DNS, net.JoinHostPort(nameOf(service, record), at))
	if service.Secure {
		endpoint.Connect = append(endpoint.Connect, connectTo(port, net.JoinHostPort(nameOf(service, record), at)))
		if port.VIPName != "" && endpoint.VIP == "" && service.Discovery != tasks.DiscoverAddress { // nobody resolves the name there
			endpoint.Connect = slices.Insert(endpoint.Connect, 0, connectTo(port, fmt.Sprintf("%s:%d", service.VIPName(port.VIPName), port.VIPPort)))
		}
	}
	if port.VIPName != "" {
		endpoint.VIP = fmt.Sprintf("%s:%d", service.VIPName(port.VIPName), port.VIPPort)
	}
	return endpoint
}

// sqlPort is the name of the port that speaks PostgreSQL's protocol; the others speak HTTP.
const sqlPort = "pg"

// connectTo is the URL of a port of a secure service. The server is checked by the authority and by the name that was dialled, which
// every node's certificate has.
func connectTo(port tasks.PortSpec, host string) string {
	if port.Name != sqlPort {
		return "https://" + host
	}
	return "postgresql://root@" + host + "?sslmode=verify-full&sslrootcert=ca.crt&sslcert=client.root.crt&sslkey=client.root.key"
}

// nameOf is a task's name in DNS: its own where DC/OS or Mesos-DNS serve one, else that of its agent.
func nameOf(service tasks.Service, record tasks.Record) string {
	if service.Discovery == tasks.DiscoverAddress {
		return record.Agent.Hostname
	}
	return service.HostName(record.Task)
}
