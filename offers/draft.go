package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// draft is a match in the making. It only writes down what is already known to fit.
type draft struct {
	req       tasks.Requirement
	ids       *tasks.IDs
	allocated string
	match     *Match
}

func (e *evaluation) draft(offer *Offer) draft {
	return draft{
		req: e.req, ids: e.ids, allocated: e.free.allocated,
		match: &Match{OfferIDs: offer.IDs, Agent: offer.Agent, Ports: map[string]uint64{}},
	}
}

// stack is a new dynamic reservation with a resource id of its own.
func (d *draft) stack() []tasks.Reservation {
	return []tasks.Reservation{{
		Dynamic: true, Role: d.req.Role, Principal: d.req.Principal,
		Labels: []tasks.Label{
			{Key: tasks.LabelResourceID, Value: d.ids.Next()},
			{Key: tasks.LabelFrameworkID, Value: d.req.FrameworkID},
		},
	}}
}

// amount reserves a new scalar.
func (d *draft) amount(holder tasks.Holder, kind string, value tasks.Milli) {
	d.hold(tasks.Held{For: holder, Resource: d.reserve(tasks.Resource{Kind: kind, Scalar: value})})
}

// port reserves a new port. Each port is a resource of its own, so that one can change without the others.
func (d *draft) port(holder tasks.Holder, name string, number uint64) {
	d.hold(tasks.Held{For: holder, Port: name, Resource: d.reserve(tasks.Resource{Kind: tasks.Ports, Ranges: onePort(number)})})
}

// volume reserves disk and creates a new volume on it: on the given MOUNT disk, or on root disk if it is nil.
func (d *draft) volume(holder tasks.Holder, need tasks.VolumeNeed, mount *tasks.Resource) {
	disk := tasks.Resource{Kind: tasks.Disk, Scalar: need.Size}
	info := tasks.DiskInfo{Type: tasks.DiskRoot}
	if mount != nil {
		disk.Scalar, disk.Disk = mount.Scalar, mount.Disk
		info = *mount.Disk
	}
	volume := d.reserve(disk)
	info.PersistenceID, info.Principal, info.ContainerPath = d.ids.Next(), d.req.Principal, need.Path
	volume.Disk = &info
	d.match.Create = append(d.match.Create, volume)
	d.hold(tasks.Held{For: holder, Resource: volume})
}

// reserve puts a new reservation on the resource and notes the operation.
func (d *draft) reserve(resource tasks.Resource) tasks.Resource {
	resource.AllocatedTo = d.allocated
	resource.Reservations = d.stack()
	d.match.Reserve = append(d.match.Reserve, resource)
	return resource
}

func (d *draft) hold(held tasks.Held) { d.match.Held = append(d.match.Held, held) }
