package launch

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// variables is an environment in the order of its making; a name that is set again keeps its place.
type variables struct {
	list  []mesos.Environment_Variable
	place map[string]int
}

func (v *variables) set(name, value string) {
	if at, ok := v.place[name]; ok {
		v.list[at].Value = &value
		return
	}
	v.place[name] = len(v.list)
	v.list = append(v.list, mesos.Environment_Variable{
		Name: name, Type: mesos.Environment_Variable_VALUE.Enum(), Value: &value,
	})
}

// environment is what the spec asks for, sorted by name, then what the SDK gives every task, then the ports, then what a
// database node is told. What we make wins over what the spec says under the same name, as in the SDK.
func environment(l Launch, pod tasks.PodSpec, spec tasks.TaskSpec) *mesos.Environment {
	v := &variables{place: map[string]int{}}
	for _, name := range slices.Sorted(maps.Keys(spec.Env)) {
		v.set(name, spec.Env[name])
	}
	common(v, l, pod)
	for _, name := range slices.Sorted(maps.Keys(l.Record.Ports)) {
		v.set(PortVariable(name), strconv.FormatUint(l.Record.Ports[name], 10))
	}
	helper(v, l)
	if spec.Database {
		database(v, l, pod, spec)
	}
	if l.Record.Job != nil {
		job(v, l, spec)
	}
	return &mesos.Environment{Variables: v.list}
}

// common are the variables that the SDK gives every task (PodInfoBuilder), by its names and in its order.
func common(v *variables, l Launch, pod tasks.PodSpec) {
	service, record := l.Target.Service, l.Record
	host, port := splitAddress(service.API)
	v.set("POD_INSTANCE_INDEX", strconv.Itoa(record.Pod.Index))
	v.set("FRAMEWORK_NAME", service.Name)
	v.set("FRAMEWORK_HOST", strings.Trim(service.HostName(""), "."))
	v.set("FRAMEWORK_VIP_HOST", strings.Trim(service.VIPName(""), "."))
	v.set("SCHEDULER_API_HOSTNAME", host)
	v.set("SCHEDULER_API_PORT", port)
	v.set("TASK_NAME", record.Task)
	v.set(record.Task, "true")
	v.set("PLACEMENT_REFERENCED_REGION", strconv.FormatBool(strings.Contains(pod.Placement, "@region")))
	v.set("PLACEMENT_REFERENCED_ZONE", strconv.FormatBool(strings.Contains(pod.Placement, "@zone")))
	if record.Agent.Region != "" {
		v.set("REGION", record.Agent.Region)
	}
	if record.Agent.Zone != "" {
		v.set("ZONE", record.Agent.Zone)
	}
}

// PortVariable is the name of the variable that holds a port's number: pg is PORT_PG, db-console is PORT_DB_CONSOLE.
func PortVariable(port string) string {
	return "PORT_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, port)
}

// splitAddress takes host:port apart at the last colon; an IPv6 host loses its brackets.
func splitAddress(address string) (host, port string) {
	at := strings.LastIndexByte(address, ':')
	if at < 0 {
		return address, ""
	}
	return strings.Trim(address[:at], "[]"), address[at+1:]
}

// joinAddress is host:port, with brackets round an IPv6 host.
func joinAddress(host string, port uint64) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + strconv.FormatUint(port, 10)
}
