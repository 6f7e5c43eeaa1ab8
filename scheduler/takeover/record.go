package takeover

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// record is the task as if we had launched it under the target.
func record(s stored, targetID string, now time.Time) tasks.Record {
	pod, spec := s.pod()
	r := tasks.Record{
		Schema: tasks.RecordSchema, Pod: pod, Spec: spec, Task: s.name, TaskID: s.info.TaskID.Value,
		ExecutorID: s.info.GetExecutor().GetExecutorID().Value, TargetID: targetID, Agent: agent(s), Ports: ports(s),
		Confirmed: true, Status: status(s, now),
	}
	r.Held = held(s, r.Ports)
	r.Launched = cmp.Or(r.Status.At, now)
	r.LastIPs = r.Status.IPs
	switch {
	case r.Ready():
		r.Reached, r.ReadyAt = true, r.Status.At
	case r.Status.State.Ended():
		// Recovery brings it back, and waits for nobody.
		r.Reached, r.Recovering, r.DownAt = true, true, r.Status.At
	case r.Status.State == tasks.Unreachable:
		r.Reached, r.Away, r.DownAt = true, r.Status.At, r.Status.At
	}
	return r
}

// status is the last one that was stored. A launch without one is taken for under way: reconciliation tells.
func status(s stored, now time.Time) tasks.Status {
	if s.status == nil {
		return tasks.Status{State: tasks.Staging, At: now, Since: now}
	}
	out := launch.StatusFromMesos(s.status)
	if out.At.IsZero() {
		out.At = now
	}
	out.Since = out.At
	if out.State == "" {
		out.State = tasks.Staging
	}
	// Without any check the task was ready when it ran, by the SDK's rule (section 2.2).
	if out.State == tasks.Running && !out.HasCheck && s.info.Check == nil && label(s.info.Labels, "readiness_check") == "" {
		out.HasCheck, out.CheckExit = true, new(int32(0))
	}
	return out
}

func agent(s stored) tasks.Agent {
	out := tasks.Agent{ID: s.info.AgentID.Value, Hostname: label(s.info.Labels, "offer_hostname"),
		Zone: label(s.info.Labels, "offer_zone"), Region: label(s.info.Labels, "offer_region")}
	for _, one := range strings.Split(label(s.info.Labels, "offer_attributes"), ";") {
		if name, value, ok := strings.Cut(one, ":"); ok {
			out.Attributes = append(out.Attributes, tasks.Attribute{Name: name, Value: value})
		}
	}
	if network(s) == "" && s.status != nil {
		// On the agent's own network the container has the agent's address.
		if list := launch.StatusFromMesos(s.status).IPs; len(list) > 0 {
			out.IP = list[0]
		}
	}
	return out
}

// network is the virtual network that the pod is on, empty for the agent's own.
func network(s stored) string {
	for _, container := range []*mesos.ContainerInfo{s.info.GetExecutor().GetContainer(), s.info.Container} {
		if container == nil {
			continue
		}
		for i := range container.NetworkInfos {
			if name := container.NetworkInfos[i].GetName(); name != "" {
				return name
			}
		}
	}
	return ""
}

// ports are the numbers of the named ports: as they are announced, else as older releases put them into the environment.
func ports(s stored) map[string]uint64 {
	out := map[string]uint64{}
	if announced := s.info.GetDiscovery().GetPorts(); announced != nil {
		for i := range announced.Ports {
			if port := &announced.Ports[i]; port.GetName() != "" {
				out[port.GetName()] = uint64(port.Number)
			}
		}
	}
	for _, name := range []string{"pg", "http"} {
		if out[name] == 0 {
			if number, err := strconv.ParseUint(variable(s, launch.PortVariable(name)), 10, 16); err == nil && number > 0 {
				out[name] = number
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func variable(s stored, name string) string {
	list := s.info.GetCommand().GetEnvironment().GetVariables()
	for i := range list {
		if list[i].Name == name {
			return list[i].GetValue()
		}
	}
	return ""
}

// held are the reservations, the executor's first, as our own records have them: one entry a port.
func held(s stored, numbers map[string]uint64) []tasks.Held {
	var out []tasks.Held
	add := func(holder tasks.Holder, list []mesos.Resource) {
		for i := range list {
			resource := launch.FromMesos(&list[i])
			if resource.Kind != tasks.Ports {
				out = append(out, tasks.Held{For: holder, Resource: resource})
				continue
			}
			for _, ports := range resource.Ranges {
				for number := ports.Begin; number <= ports.End && len(out) < 1000; number++ {
					one := resource
					one.Ranges = []tasks.PortRange{{Begin: number, End: number}}
					out = append(out, tasks.Held{For: holder, Resource: one, Port: nameOf(numbers, number)})
				}
			}
		}
	}
	if executor := s.info.GetExecutor(); executor != nil {
		add(tasks.ForExecutor, executor.Resources)
	}
	add(tasks.ForTask, s.info.Resources)
	return out
}

func nameOf(numbers map[string]uint64, number uint64) string {
	var names []string
	for name, n := range numbers {
		if n == number {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// version is the release that a node was started as: its folder's name, else that of the archive that was fetched.
func version(s stored, in installation) cockroach.Version {
	for _, name := range []string{"COCKROACH_DIR", "COCKROACH_VERSION"} {
		if found, err := cockroach.VersionFromName(variable(s, name)); err == nil {
			return found
		}
	}
	pod, _ := s.pod()
	var uris []string
	for _, command := range []*mesos.CommandInfo{s.info.Command, s.info.GetExecutor().GetCommand()} {
		if command != nil {
			for i := range command.URIs {
				uris = append(uris, command.URIs[i].Value)
			}
		}
	}
	uris = append(uris, in.specs[s.config].pod(pod.Type).URIs...)
	for _, uri := range uris {
		if found, err := cockroach.VersionFromURI(uri); err == nil {
			return found
		}
	}
	return cockroach.Version{}
}
