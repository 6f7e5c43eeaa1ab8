package httpshell

import (
	"fmt"
	"sort"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// amounts is a bag of resources as the pages show it: the sums of cpus, mem (MB), disk (MB) and gpus, and the ports as text.
func amounts(resources []mesos.Resource) object {
	sums := object{"cpus": 0.0, "mem": 0.0, "disk": 0.0, "gpus": 0.0}
	var ports []mesos.Value_Range
	for _, resource := range resources {
		switch resource.GetType() {
		case mesos.SCALAR:
			before, _ := sums[resource.Name].(float64)
			sums[resource.Name] = before + resource.GetScalar().GetValue()
		case mesos.RANGES:
			ports = append(ports, resource.GetRanges().GetRange()...)
		}
	}
	if len(ports) > 0 {
		sort.Slice(ports, func(i, j int) bool { return ports[i].Begin < ports[j].Begin })
		texts := make([]string, len(ports))
		for i, r := range ports {
			texts[i] = fmt.Sprintf("%d-%d", r.Begin, r.End)
		}
		sums["ports"] = "[" + strings.Join(texts, ", ") + "]"
	}
	return sums
}

// byRole sorts resources into the unreserved ones and those reserved for each role.
func byRole(resources []mesos.Resource) (unreserved []mesos.Resource, reserved map[string][]mesos.Resource) {
	reserved = map[string][]mesos.Resource{}
	for _, resource := range resources {
		role := resource.GetRole()
		if stack := resource.Reservations; len(stack) > 0 {
			role = stack[len(stack)-1].GetRole()
		}
		if role == "" || role == "*" {
			unreserved = append(unreserved, resource)
			continue
		}
		reserved[role] = append(reserved[role], resource)
	}
	return unreserved, reserved
}
