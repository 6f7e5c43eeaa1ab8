package takeover

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// refuseService lists what is wrong with the installation as a whole.
func refuseService(found Found, in installation, target tasks.Target) (faults []tasks.Fault) {
	add := func(field, value, old, message, remedy string) {
		faults = append(faults, tasks.Fault{Field: field, Value: value, Old: old, Message: message, Remedy: remedy})
	}
	if len(found.Holders) > 0 {
		add(fieldLock, strings.Join(found.Holders, ", "), "", "the former scheduler still runs, or has only just ended",
			"stop it; its lock goes within a minute or two")
	}
	if schema := string(found.Nodes[nodeSchema]); schema != "1" {
		add(nodeSchema, schema, "", "is a layout that cannot be taken over; 1 is the one of a single service", "go on with the former scheduler")
	}
	for path := range found.Nodes {
		if path == nodeServices || strings.HasPrefix(path, nodeServices+"/") {
			add(nodeServices, "", "", "the former scheduler ran several services", "go on with the former scheduler")
			break
		}
	}
	if uninstalling := strings.Trim(string(found.Nodes[propUninstall]), "\" \n"); uninstalling != "" && uninstalling != "false" {
		add(propUninstall, uninstalling, "", "the service is being uninstalled, and there is no way back from that",
			"let the former scheduler finish; then install this one as a new service")
	}
	service := target.Service
	if name, there := found.Nodes[nodeName]; there && string(name) != service.Name {
		add("FRAMEWORK_NAME", service.Name, string(name), "the state belongs to another service, whose name looks alike in ZooKeeper",
			fmt.Sprintf("set it to %q", name))
	} else if in.config.Name != "" && in.config.Name != service.Name {
		add("FRAMEWORK_NAME", service.Name, in.config.Name, "the stored configuration is that of another service", fmt.Sprintf("set it to %q", in.config.Name))
	}
	if in.configID == "" || in.config.Name == "" {
		return faults // a fault of its own
	}
	same := func(field, now, before, message string) {
		if before != "" && before != now {
			add(field, now, before, message, fmt.Sprintf("set it to %q", before))
		}
	}
	same("FRAMEWORK_PRINCIPAL", service.Principal, in.config.Principal, "the reservations and volumes belong to the principal")
	if in.config.Role != "" && in.config.Role != service.Role {
		add("service/role", service.Role, in.config.Role, "the reservations and volumes are made for the role, and this version has no other",
			"go on with the former scheduler")
	}
	user := cmp.Or(in.config.pod(tasks.NodePod).User, in.config.User, "root") // the SDK's default, section 2.7
	same("FRAMEWORK_USER", service.User, user, "the data on the volumes belongs to the user")
	return faults
}

// refuseTask lists what is wrong with one task.
func refuseTask(s stored, in installation, target tasks.Target) (faults []tasks.Fault) {
	add := func(value, message, remedy string) {
		faults = append(faults, tasks.Fault{Field: s.name, Value: value, Message: message, Remedy: remedy})
	}
	pod, spec := s.pod()
	switch kindOf(s, target) {
	case working:
		add(string(s.state()), "is at work, and would be killed", "wait for its end, or stop its plan with the former scheduler")
	case wrong:
		add(string(s.state()), "runs, and this service has no such task in "+pod.String(), "let the former scheduler bring it to the task that the newer packages have there")
	case foreign:
		add(string(s.state()), "is of a kind that is not known, and has a volume whose data would be given up",
			"remove it with the former scheduler, or go on with that one")
	}
	if s.override != "" && s.override != "NONE" {
		add(s.override, "is paused or being removed by hand", "resume it, or let it end, with the former scheduler")
	}
	if kindOf(s, target) != adopted {
		return faults
	}
	if label(s.info.Labels, "permanently-failed") == "true" {
		add("", "is being replaced", "let the former scheduler finish the replacement")
	}
	if s.status != nil && s.status.TaskID.Value != s.info.TaskID.Value {
		add(s.status.TaskID.Value, "its last status is of another launch", "start the former scheduler once: it repairs this")
	}
	want, _, _ := target.Spec(pod, spec)
	if pod.Index >= want.Count {
		add("", fmt.Sprintf("exists, and the settings ask for %d of its kind", want.Count), countRemedy(pod))
	}
	if got := network(s); got != want.Network {
		field := "ENABLE_VIRTUAL_NETWORK or VIRTUAL_NETWORK_NAME"
		faults = append(faults, tasks.Fault{Field: field, Value: cmp.Or(want.Network, hostNetwork), Old: cmp.Or(got, hostNetwork),
			Message: s.name + " is on another network; nodes restart one at a time, and those on one need not reach those on the other", Remedy: "set it as it was"})
	}
	return append(faults, refuseHeld(s, in, target)...)
}

const fieldLock = "lock"

const hostNetwork = "the agent's own"

func countRemedy(pod tasks.Pod) string {
	if pod.Type == tasks.NodePod {
		return fmt.Sprintf("set NODE_COUNT to %d or more; nodes can be removed afterwards", pod.Index+1)
	}
	return "let the former scheduler remove it"
}

// refuseHeld judges reservations, volume, ports and version.
func refuseHeld(s stored, in installation, target tasks.Target) (faults []tasks.Fault) {
	add := func(field, value, old, message, remedy string) {
		faults = append(faults, tasks.Fault{Field: field, Value: value, Old: old, Message: s.name + " " + message, Remedy: remedy})
	}
	pod, spec := s.pod()
	_, want, _ := target.Spec(pod, spec)
	numbers := ports(s)
	volumes := 0
	for _, one := range held(s, numbers) {
		resource := one.Resource
		top, reserved := resource.Top()
		if !reserved || !top.Dynamic || one.ID() == "" {
			add(s.name, resource.Kind, "", "uses "+resource.Kind+" that is not reserved with a resource id", "let the former scheduler replace the pod")
			continue
		}
		if top.Role != target.Service.Role || len(resource.Reservations) > 1 {
			add("service/role", target.Service.Role, top.Role, "has its "+resource.Kind+" reserved in another role, or on top of another reservation",
				"go on with the former scheduler")
		}
		if top.Principal != "" && top.Principal != target.Service.Principal {
			add("FRAMEWORK_PRINCIPAL", target.Service.Principal, top.Principal, "has its "+resource.Kind+" reserved by another principal",
				fmt.Sprintf("set it to %q", top.Principal))
		}
		if resource.PersistenceID() == "" {
			continue
		}
		volumes++
		if want.Need.Volume == nil {
			add(s.name, resource.PersistenceID(), "", "has a volume, and this service wants none there", "go on with the former scheduler")
			continue
		}
		faults = append(faults, refuseVolume(s, one, *want.Need.Volume)...)
	}
	if want.Need.Volume != nil && volumes != 1 {
		add(s.name, fmt.Sprint(volumes), "", "has that many volumes, and exactly one holds a node's data", "let the former scheduler repair or replace the pod")
	}
	if want.Database {
		for _, port := range want.Ports {
			if numbers[port.Name] == 0 {
				add(s.name, port.Name, "", "does not tell the number of this port", "let the former scheduler restart the pod, so that it is written down")
			}
		}
		faults = append(faults, refuseVersion(s, version(s, in), started(want))...)
	}
	return faults
}

func refuseVolume(s stored, one tasks.Held, want tasks.VolumeNeed) (faults []tasks.Fault) {
	is := one.Resource
	add := func(field, now, before string) {
		faults = append(faults, tasks.Fault{Field: field, Value: now, Old: before,
			Message: s.name + " has another volume, which holds its data and cannot be changed", Remedy: "set it to " + before})
	}
	size := is.Scalar < want.Size || is.Scalar > want.Size && is.DiskType() != tasks.DiskMount
	switch {
	case is.DiskType() != want.Type:
		add("NODE_DISK_TYPE", want.Type, is.DiskType())
	case size:
		add("NODE_DISK", want.Size.String(), is.Scalar.String())
	}
	if is.Disk.ContainerPath != want.Path || one.For != tasks.ForTask {
		faults = append(faults, tasks.Fault{Field: s.name, Value: is.Disk.ContainerPath,
			Message: "its volume does not lie at " + want.Path + " of the task, where its data is looked for", Remedy: "go on with the former scheduler"})
	}
	return faults
}

// refuseVersion wants the very release that runs: counted as launched under another one, a node that happens to restart alone
// would be upgraded alone, unseen by the plans.
func refuseVersion(s stored, runs, want cockroach.Version) []tasks.Fault {
	const field = "COCKROACH_VERSION"
	if runs.IsZero() {
		return []tasks.Fault{{Field: field, Value: want.String(), Message: "nothing tells which release " + s.name + " runs",
			Remedy: "let the former scheduler restart the pod with a COCKROACH_URI that names the release"}}
	}
	if runs == want {
		return nil
	}
	remedy := fmt.Sprintf("set it, and COCKROACH_URI where a mirror is used, to %s; upgrade once the takeover is done", runs)
	if err := runs.Supported(); err != nil {
		remedy = fmt.Sprintf("upgrade with the former scheduler first: %v", err)
	}
	return []tasks.Fault{{Field: field, Value: want.String(), Old: runs.String(), Message: s.name + " runs another release", Remedy: remedy}}
}

// started is the release that the target starts.
func started(spec tasks.TaskSpec) cockroach.Version {
	version, err := cockroach.Parse(spec.Env[cockroach.EnvVersion])
	if err != nil {
		return cockroach.Version{}
	}
	return version
}

// refuseWhole judges the nodes together.
func refuseWhole(in installation, records map[string]*tasks.Record) (faults []tasks.Fault) {
	nodes, ready := 0, 0
	held := map[string]string{}
	for _, name := range sorted(records) {
		record := records[name]
		if record.Pod.Type == tasks.NodePod {
			nodes++
			if record.Ready() {
				ready++
			}
		}
		seen := map[string]bool{}
		for _, one := range record.Held {
			if other := held[one.ID()]; other != "" && one.ID() != "" && !seen[one.ID()] {
				faults = append(faults, tasks.Fault{Field: name, Value: one.ID(), Message: "holds the same reservation as " + other,
					Remedy: "start the former scheduler once: it repairs this"})
			}
			seen[one.ID()] = true
		}
		for id := range seen {
			held[id] = name
		}
	}
	switch {
	case nodes == 0:
		faults = append(faults, tasks.Fault{Field: nodeTasks + tasks.NodePod, Message: "no node was ever launched",
			Remedy: "uninstall the former service, and install this one as a new service"})
	case ready == 0 && !in.completed:
		faults = append(faults, tasks.Fault{Field: nodeTasks + tasks.NodePod,
			Message: "no node is ready, and the former scheduler never finished a deployment: nothing says that the database was initialised",
			Remedy:  "bring one node up with the former scheduler, or uninstall the service"})
	}
	return faults
}

// distinct keeps the first of equal faults: tasks that share a setting give one each, and the first names one of them.
func distinct(faults []tasks.Fault) []tasks.Fault {
	var list []tasks.Fault
	for _, fault := range faults {
		same := func(other tasks.Fault) bool {
			return fault.Old != "" && other.Field == fault.Field && other.Value == fault.Value && other.Old == fault.Old || other == fault
		}
		if !slices.ContainsFunc(list, same) {
			list = append(list, fault)
		}
	}
	return list
}
