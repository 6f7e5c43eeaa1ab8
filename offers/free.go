package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// free is what of an offer nobody has reserved and we may take.
type free struct {
	cpus, mem, disk tasks.Milli
	ports           []tasks.PortRange
	// mounts are the free MOUNT disks, each taken as a whole or not at all.
	mounts []*tasks.Resource
	// allocated is the role that the resources are offered to, empty where the offer does not say.
	allocated string
}

// count fills in what is free in an offer, reusing the space of the last one.
func (f *free) count(offer *Offer, role string) {
	*f = free{ports: f.ports[:0], mounts: f.mounts[:0]}
	for i := range offer.Resources {
		if resource := &offer.Resources[i]; takable(resource, role) {
			f.add(resource)
		}
	}
}

// takable says that a new reservation may be made on the resource.
func takable(r *tasks.Resource, role string) bool {
	return len(r.Reservations) == 0 && !r.Revocable && !r.Shared && r.Provider == "" &&
		(r.AllocatedTo == "" || r.AllocatedTo == role)
}

func (f *free) add(r *tasks.Resource) {
	if r.AllocatedTo != "" {
		f.allocated = r.AllocatedTo
	}
	switch r.Kind {
	case tasks.CPUs:
		f.cpus += r.Scalar
	case tasks.Mem:
		f.mem += r.Scalar
	case tasks.Disk:
		switch {
		case r.PersistenceID() != "":
		case r.DiskType() == tasks.DiskRoot:
			f.disk += r.Scalar
		case r.DiskType() == tasks.DiskMount:
			f.mounts = append(f.mounts, r)
		}
	case tasks.Ports:
		for _, ports := range r.Ranges {
			ports.Begin, ports.End = max(ports.Begin, 1), min(ports.End, lastPort)
			if ports.Begin <= ports.End {
				f.ports = append(f.ports, ports)
			}
		}
	}
}

// release adds what an UNRESERVE gives back. Only a reservation that stands alone leaves an unreserved resource; one
// that refines another leaves that other.
func (f *free) release(r tasks.Resource) {
	if len(r.Reservations) == 1 {
		r.Reservations = nil
		f.add(&r)
	}
}

// amount is what is free of a scalar kind.
func (f *free) amount(kind string) tasks.Milli {
	switch kind {
	case tasks.CPUs:
		return f.cpus
	case tasks.Mem:
		return f.mem
	case tasks.Disk:
		return f.disk
	}
	return 0
}
