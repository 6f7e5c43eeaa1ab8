package httpshell

import (
	"encoding/json"
	"net"
	"net/http"
	"strconv"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

func (s *Server) statePage(w http.ResponseWriter, _ *http.Request) {
	state := s.State()
	counts := map[string]int{}
	for _, agent := range state.Agents {
		counts[agent.Connection]++
		if agent.Deactivated {
			counts["deactivated"]++
		}
	}
	s.page(w, object{
		"version": state.Version, "id": state.MasterID, "hostname": s.options.Model.Hostname,
		"pid": "master@" + s.address(), "leader": "master@" + s.address(),
		"start_time": unix(s.started), "elected_time": unix(s.started),
		"activated_slaves":     float64(counts["up"] + counts["down"] - counts["deactivated"]),
		"deactivated_slaves":   float64(counts["deactivated"]),
		"unreachable_slaves":   float64(counts["unreachable"]),
		"flags":                s.flags(),
		"slaves":               slaves(state, "up", "down"),
		"recovered_slaves":     slaves(state, "recovered"),
		"frameworks":           frameworks(state.Frameworks),
		"completed_frameworks": frameworks(state.Completed),
		"orphan_tasks":         []any{}, "unregistered_frameworks": []any{},
	})
}

func (s *Server) slavesPage(w http.ResponseWriter, _ *http.Request) {
	state := s.State()
	s.page(w, object{"slaves": slaves(state, "up", "down"), "recovered_slaves": slaves(state, "recovered")})
}

func (s *Server) frameworksPage(w http.ResponseWriter, _ *http.Request) {
	state := s.State()
	s.page(w, object{"frameworks": frameworks(state.Frameworks),
		"completed_frameworks": frameworks(state.Completed), "unregistered_frameworks": []any{}})
}

func slaves(state model.State, connections ...string) []object {
	list := []object{}
	for _, agent := range state.Agents {
		for _, connection := range connections {
			if agent.Connection == connection {
				list = append(list, slave(agent))
			}
		}
	}
	return list
}

func slave(agent model.AgentState) object {
	unreserved, reserved := byRole(agent.Total)
	reservedAmounts, reservedFull := object{}, object{}
	for role, resources := range reserved {
		reservedAmounts[role], reservedFull[role] = amounts(resources), resourcesJSON(resources)
	}
	attributes := object{}
	for _, attribute := range agent.Spec.Attributes {
		switch attribute.Type {
		case mesos.TEXT:
			attributes[attribute.Name] = attribute.GetText().GetValue()
		case mesos.SCALAR:
			attributes[attribute.Name] = attribute.GetScalar().GetValue()
		}
	}
	page := object{
		"id": agent.ID, "hostname": agent.Spec.Hostname, "port": agent.Spec.Port,
		"pid":             "slave(1)@" + net.JoinHostPort(agent.Spec.IP, strconv.Itoa(int(agent.Spec.Port))),
		"registered_time": unix(agent.Registered), "attributes": attributes,
		"active":      agent.Connection == "up" && !agent.Deactivated,
		"deactivated": agent.Deactivated,
		"resources":   amounts(agent.Total), "used_resources": amounts(agent.Used),
		"offered_resources": amounts(agent.Offered), "unreserved_resources": amounts(unreserved),
		"reserved_resources": reservedAmounts, "reserved_resources_full": reservedFull,
		"unreserved_resources_full": resourcesJSON(unreserved), "used_resources_full": resourcesJSON(agent.Used),
		"offered_resources_full": resourcesJSON(agent.Offered),
	}
	if agent.Spec.Region != "" || agent.Spec.Zone != "" {
		page["domain"] = object{"fault_domain": object{
			"region": object{"name": agent.Spec.Region}, "zone": object{"name": agent.Spec.Zone}}}
	}
	if agent.Drain != "" {
		page["drain_info"] = object{"state": agent.Drain}
	}
	return page
}

// resourcesJSON is resources in full, as the API has them.
func resourcesJSON(resources []mesos.Resource) []json.RawMessage {
	list := []json.RawMessage{}
	for _, resource := range resources {
		if data, err := encodeJSON(&resource); err == nil {
			list = append(list, data)
		}
	}
	return list
}
