package offers

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// want is what a requirement asks of an agent, in the order in which it is held: the executor's part, then the task's.
type want struct {
	parts [2]part
	// cpus, mem and disk are the sums over both parts; disk holds the ROOT volumes too.
	cpus, mem, disk tasks.Milli
	ports           []portWant
	mounts          []volumeWant
	hostPorts       bool
}

// part is what one of the two containers asks for.
type part struct {
	holder tasks.Holder
	need   tasks.Need
}

// portWant is a port and the container that asks for it.
type portWant struct {
	holder tasks.Holder
	tasks.PortNeed
}

// volumeWant is a volume and the container that asks for it.
type volumeWant struct {
	holder tasks.Holder
	tasks.VolumeNeed
}

// amount is a scalar of a part that is asked for.
type amount struct {
	kind  string
	value tasks.Milli
}

// amounts lists the scalars of the part that are not zero, volumes left out.
func (p part) amounts() []amount {
	all := []amount{{tasks.CPUs, p.need.CPUs}, {tasks.Mem, p.need.Mem}, {tasks.Disk, p.need.Disk}}
	asked := all[:0]
	for _, one := range all {
		if one.value > 0 {
			asked = append(asked, one)
		}
	}
	return asked
}

func wantOf(req tasks.Requirement) want {
	w := want{
		parts:     [2]part{{tasks.ForExecutor, req.Executor}, {tasks.ForTask, req.Main}},
		hostPorts: req.HostPorts,
	}
	for _, part := range w.parts {
		w.cpus += part.need.CPUs
		w.mem += part.need.Mem
		w.disk += part.need.Disk
		for _, port := range part.need.Ports {
			w.ports = append(w.ports, portWant{part.holder, port})
		}
		if volume := part.need.Volume; volume != nil {
			if volume.Type == tasks.DiskMount {
				w.mounts = append(w.mounts, volumeWant{part.holder, *volume})
			} else {
				w.disk += volume.Size
			}
		}
	}
	return w
}

// faults are the things in a requirement that no agent can meet. The configuration refuses them before; here they
// keep a wrong requirement from turning into a wrong reservation.
func (w want) faults() []Cause {
	var causes []Cause
	bad := func(name, advice, format string, values ...any) {
		causes = append(causes, Cause{Kind: Malformed, Name: name, Detail: fmt.Sprintf(format, values...), Advice: advice})
	}
	for _, part := range w.parts {
		for _, one := range []amount{{tasks.CPUs, part.need.CPUs}, {tasks.Mem, part.need.Mem}, {tasks.Disk, part.need.Disk}} {
			if one.value < 0 {
				bad(one.kind, "Ask for zero or more.", "%s %s of the %s is below zero", one.kind, one.value, part.holder)
			}
		}
		volume := part.need.Volume
		if volume == nil {
			continue
		}
		if volume.Type != tasks.DiskRoot && volume.Type != tasks.DiskMount {
			bad(volume.Path, "Use ROOT or MOUNT.", "volume %s has the unknown disk type %q", volume.Path, volume.Type)
		}
		if volume.Size <= 0 {
			bad(volume.Path, "Ask for more than zero.", "volume %s has the size %s", volume.Path, volume.Size)
		}
	}
	for i, port := range w.ports {
		if port.Port > lastPort {
			bad(port.Name, "Choose a port up to 65535.", "port %s has the number %d", port.Name, port.Port)
		}
		for _, other := range w.ports[:i] {
			if other.Name == port.Name {
				bad(port.Name, "Give each port a name of its own.", "two ports have the name %s", port.Name)
			}
			if other.Port == port.Port && port.Port != 0 {
				bad(port.Name, "Choose different ports.", "ports %s and %s both ask for %d", other.Name, port.Name, port.Port)
			}
		}
	}
	return causes
}
