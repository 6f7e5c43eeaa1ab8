package pile

import (
	"strconv"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Format chooses how resources are written.
type Format struct {
	// AllocatedTo is the role in allocation_info; empty: no allocation_info.
	AllocatedTo string
	// Legacy writes role and reservation instead of reservations, for frameworks without RESERVATION_REFINEMENT. A
	// resource with more than one reservation has no legacy form.
	Legacy bool
}

// Resources writes the pile as Mesos resources that share no memory which either side changes.
func (p Pile) Resources(f Format) []mesos.Resource {
	out := make([]mesos.Resource, len(p))
	var allocation *mesos.Resource_AllocationInfo
	if f.AllocatedTo != "" {
		allocation = &mesos.Resource_AllocationInfo{Role: &f.AllocatedTo}
	}
	for n := range p {
		out[n] = p[n].what
		out[n].AllocationInfo = allocation
		if p[n].IsScalar() {
			out[n].Scalar = &mesos.Value_Scalar{Value: p[n].Scalar()}
		} else {
			out[n].Ranges = &mesos.Value_Ranges{Range: append([]mesos.Value_Range(nil), p[n].ranges...)}
		}
		if f.Legacy {
			downgrade(&out[n])
		}
	}
	return out
}

func downgrade(r *mesos.Resource) {
	if len(r.Reservations) == 0 {
		star := "*"
		r.Role = &star
		return
	}
	reservation := r.Reservations[0]
	r.Role, r.Reservations = reservation.Role, nil
	if reservation.GetType() == mesos.Resource_ReservationInfo_DYNAMIC {
		r.Reservation = &mesos.Resource_ReservationInfo{Principal: reservation.Principal, Labels: reservation.Labels}
	}
}

// Text writes resources as Mesos does in its error messages:
// disk(allocated: role)(reservations: [(DYNAMIC,role,principal,{key: value})])[id:path]:64; ports:[1-2, 4-4].
func (p Pile) Text(allocatedTo string) string {
	parts := make([]string, len(p))
	for n := range p {
		parts[n] = p[n].Text(allocatedTo)
	}
	return strings.Join(parts, "; ")
}

// Text writes one item as Pile.Text does.
func (i Item) Text(allocatedTo string) string {
	var b strings.Builder
	b.WriteString(i.what.Name)
	if allocatedTo != "" {
		b.WriteString("(allocated: " + allocatedTo + ")")
	}
	if len(i.what.Reservations) > 0 {
		stack := make([]string, len(i.what.Reservations))
		for n := range i.what.Reservations {
			stack[n] = reservationText(&i.what.Reservations[n])
		}
		b.WriteString("(reservations: [" + strings.Join(stack, ",") + "])")
	}
	if disk := i.what.Disk; disk != nil {
		b.WriteString("[" + diskText(disk) + "]")
	}
	b.WriteString(":")
	if i.IsScalar() {
		b.WriteString(strconv.FormatFloat(i.Scalar(), 'f', -1, 64))
		return b.String()
	}
	ranges := make([]string, len(i.ranges))
	for n, r := range i.ranges {
		ranges[n] = strconv.FormatUint(r.Begin, 10) + "-" + strconv.FormatUint(r.End, 10)
	}
	b.WriteString("[" + strings.Join(ranges, ", ") + "]")
	return b.String()
}

func reservationText(r *mesos.Resource_ReservationInfo) string {
	parts := []string{r.GetType().String(), r.GetRole()}
	if r.Principal != nil {
		parts = append(parts, *r.Principal)
	}
	if labels := r.Labels.GetLabels(); len(labels) > 0 {
		pairs := make([]string, len(labels))
		for n, label := range labels {
			pairs[n] = label.Key + ": " + label.GetValue()
		}
		parts = append(parts, "{"+strings.Join(pairs, ", ")+"}")
	}
	return "(" + strings.Join(parts, ",") + ")"
}

func diskText(d *mesos.Resource_DiskInfo) string {
	var parts []string
	if source := d.Source; source != nil {
		text := source.Type.String()
		if root := source.GetMount().GetRoot() + source.GetPath().GetRoot(); root != "" {
			text += ":" + root
		}
		parts = append(parts, text)
	}
	if d.Persistence != nil {
		volume := d.Persistence.ID
		if d.Volume != nil {
			volume += ":" + d.Volume.ContainerPath
		}
		parts = append(parts, volume)
	}
	return strings.Join(parts, ",")
}
