package launch

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// FromMesos reads a resource in either format of reservations. Values that are sets keep their name only: we use none.
// The result shares no memory with r but its texts.
func FromMesos(r *mesos.Resource) tasks.Resource {
	out := tasks.Resource{
		Kind:         r.Name,
		AllocatedTo:  r.GetAllocationInfo().GetRole(),
		Reservations: reservations(r),
		Disk:         diskInfo(r.Disk),
		Provider:     r.GetProviderID().GetValue(),
		Revocable:    r.Revocable != nil,
		Shared:       r.Shared != nil,
	}
	if r.Scalar != nil {
		out.Scalar = tasks.MilliOf(r.Scalar.Value)
	}
	if r.Ranges != nil && len(r.Ranges.Range) > 0 {
		out.Ranges = make([]tasks.PortRange, len(r.Ranges.Range))
		for i, ports := range r.Ranges.Range {
			out.Ranges[i] = tasks.PortRange{Begin: ports.Begin, End: ports.End}
		}
	}
	return out
}

// reservations is the stack, outermost last. The older format's role * is nobody's reservation.
func reservations(r *mesos.Resource) []tasks.Reservation {
	if len(r.Reservations) > 0 {
		stack := make([]tasks.Reservation, len(r.Reservations))
		for i := range r.Reservations {
			entry := &r.Reservations[i]
			stack[i] = reservation(entry, entry.GetRole(), entry.GetType() == mesos.Resource_ReservationInfo_DYNAMIC)
		}
		return stack
	}
	role := r.GetRole()
	if r.Reservation == nil {
		if role == "" || role == "*" {
			return nil
		}
		return []tasks.Reservation{{Role: role}}
	}
	return []tasks.Reservation{reservation(r.Reservation, role, true)}
}

func reservation(info *mesos.Resource_ReservationInfo, role string, dynamic bool) tasks.Reservation {
	out := tasks.Reservation{Dynamic: dynamic, Role: role, Principal: info.GetPrincipal()}
	if info.Labels != nil && len(info.Labels.Labels) > 0 {
		out.Labels = make([]tasks.Label, len(info.Labels.Labels))
		for i := range info.Labels.Labels {
			l := &info.Labels.Labels[i]
			out.Labels[i] = tasks.Label{Key: l.Key, Value: l.GetValue()}
		}
	}
	return out
}

func diskInfo(info *mesos.Resource_DiskInfo) *tasks.DiskInfo {
	if info == nil {
		return nil
	}
	var out tasks.DiskInfo
	if s := info.Source; s != nil {
		out.Type = s.Type.String()
		out.Root = s.GetMount().GetRoot() + s.GetPath().GetRoot()
		out.ID, out.Profile, out.Vendor = s.GetID(), s.GetProfile(), s.GetVendor()
	}
	if p := info.Persistence; p != nil {
		out.PersistenceID, out.Principal = p.ID, p.GetPrincipal()
	}
	if info.Volume != nil {
		out.ContainerPath = info.Volume.ContainerPath
	}
	if out == (tasks.DiskInfo{}) {
		return nil
	}
	return &out
}
