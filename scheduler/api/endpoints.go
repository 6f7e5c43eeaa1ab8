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
				if port.Advertise {
					found[port.Name] = withTask(found[port.Name], target.Service, *record, port)
				}
			}
		}
	}
	return found
}

func withTask(endpoint wire.Endpoint, service tasks.Service, record tasks.Record, port tasks.PortSpec) wire.Endpoint {
	number := strconv.FormatUint(record.Ports[port.Name], 10)
	endpoint.Address = append(endpoint.Address, net.JoinHostPort(record.Address(), number))
	endpoint.DNS = append(endpoint.DNS, fmt.Sprintf("%s:%s", service.HostName(record.Task), number))
	if port.VIPName != "" {
		endpoint.VIP = fmt.Sprintf("%s:%d", service.VIPName(port.VIPName), port.VIPPort)
	}
	return endpoint
}
