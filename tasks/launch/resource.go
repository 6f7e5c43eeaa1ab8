package launch

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Resource writes a resource as Mesos wants it. With refined set, reservations become the stack of Mesos 1.4 and later;
// without, the older pair of role and reservation, which can hold one reservation only: a taller stack, which masters
// of that age cannot have made, is written in the newer form.
func Resource(r tasks.Resource, refined bool) mesos.Resource {
	out := mesos.Resource{Name: r.Kind, Disk: disk(r)}
	if r.Kind == tasks.Ports {
		out.Type = mesos.RANGES.Enum()
		out.Ranges = &mesos.Value_Ranges{Range: make([]mesos.Value_Range, len(r.Ranges))}
		for i, ports := range r.Ranges {
			out.Ranges.Range[i] = mesos.Value_Range{Begin: ports.Begin, End: ports.End}
		}
	} else {
		out.Type = mesos.SCALAR.Enum()
		out.Scalar = &mesos.Value_Scalar{Value: r.Scalar.Float()}
	}
	if r.AllocatedTo != "" {
		out.AllocationInfo = &mesos.Resource_AllocationInfo{Role: new(r.AllocatedTo)}
	}
	if r.Provider != "" {
		out.ProviderID = &mesos.ResourceProviderID{Value: r.Provider}
	}
	if r.Revocable {
		out.Revocable = &mesos.Resource_RevocableInfo{}
	}
	if r.Shared {
		out.Shared = &mesos.Resource_SharedInfo{}
	}
	if refined || len(r.Reservations) > 1 {
		stack(&out, r.Reservations)
	} else {
		pair(&out, r.Reservations)
	}
	return out
}

func stack(out *mesos.Resource, reservations []tasks.Reservation) {
	for _, reservation := range reservations {
		entry := reservationInfo(reservation)
		entry.Type = mesos.Resource_ReservationInfo_STATIC.Enum()
		if reservation.Dynamic {
			entry.Type = mesos.Resource_ReservationInfo_DYNAMIC.Enum()
		}
		entry.Role = new(reservation.Role)
		out.Reservations = append(out.Reservations, entry)
	}
}

// pair is the format before refinement: the role * is nobody's, another role alone is a static reservation, and with a
// reservation message it is a dynamic one.
func pair(out *mesos.Resource, reservations []tasks.Reservation) {
	if len(reservations) == 0 {
		out.Role = new("*")
		return
	}
	out.Role = new(reservations[0].Role)
	if reservations[0].Dynamic {
		entry := reservationInfo(reservations[0])
		out.Reservation = &entry
	}
}

func reservationInfo(reservation tasks.Reservation) mesos.Resource_ReservationInfo {
	var info mesos.Resource_ReservationInfo
	if reservation.Principal != "" {
		info.Principal = new(reservation.Principal)
	}
	if len(reservation.Labels) > 0 {
		info.Labels = &mesos.Labels{Labels: make([]mesos.Label, len(reservation.Labels))}
		for i, l := range reservation.Labels {
			info.Labels.Labels[i] = label(l.Key, l.Value)
		}
	}
	return info
}

// disk writes what is special about a disk: its source when it is not the agent's root disk, and its volume. A volume
// is always read-write: the master refuses another mode (recorded from Mesos 1.12).
func disk(r tasks.Resource) *mesos.Resource_DiskInfo {
	if r.Disk == nil {
		return nil
	}
	info := &mesos.Resource_DiskInfo{Source: source(*r.Disk)}
	if r.Disk.PersistenceID != "" {
		info.Persistence = &mesos.Resource_DiskInfo_Persistence{ID: r.Disk.PersistenceID}
		if r.Disk.Principal != "" {
			info.Persistence.Principal = new(r.Disk.Principal)
		}
		info.Volume = &mesos.Volume{Mode: mesos.RW.Enum(), ContainerPath: r.Disk.ContainerPath}
	}
	if info.Source == nil && info.Persistence == nil {
		return nil
	}
	return info
}

func source(d tasks.DiskInfo) *mesos.Resource_DiskInfo_Source {
	if d.Type == "" || d.Type == tasks.DiskRoot {
		return nil
	}
	out := &mesos.Resource_DiskInfo_Source{
		Type: mesos.Resource_DiskInfo_Source_Type(mesos.Resource_DiskInfo_Source_Type_value[d.Type]),
	}
	var root *string
	if d.Root != "" {
		root = &d.Root
	}
	switch out.Type {
	case mesos.Resource_DiskInfo_Source_MOUNT:
		out.Mount = &mesos.Resource_DiskInfo_Source_Mount{Root: root}
	case mesos.Resource_DiskInfo_Source_PATH:
		out.Path = &mesos.Resource_DiskInfo_Source_Path{Root: root}
	}
	if d.ID != "" {
		out.ID = &d.ID
	}
	if d.Profile != "" {
		out.Profile = &d.Profile
	}
	if d.Vendor != "" {
		out.Vendor = &d.Vendor
	}
	return out
}
