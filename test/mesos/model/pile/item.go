package pile

import (
	"fmt"
	"math"
	"sort"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Item is one resource: what it is, and how much of it.
type Item struct {
	key    string         // identity; equal keys of divisible items are added up
	what   mesos.Resource // identity in the refined format: no amount, no allocation
	milli  int64          // thousandths of a scalar
	ranges mesos.Ranges   // sorted, disjoint, not adjacent
	whole  bool           // a persistent volume or a mounted disk
}

// New reads one resource in either reservation format. An allocation is ignored.
func New(r mesos.Resource) (Item, error) {
	what := upgrade(r)
	what.AllocationInfo, what.Scalar, what.Ranges = nil, nil, nil
	item := Item{what: what, key: keyOf(what), whole: isVolume(what) || isMount(what)}
	switch r.GetType() {
	case mesos.SCALAR:
		item.milli = int64(math.Round(r.GetScalar().GetValue() * 1000))
	case mesos.RANGES:
		ranges := append(mesos.Ranges(nil), r.GetRanges().GetRange()...)
		item.ranges = ranges.Sort().Squash()
	default:
		return Item{}, fmt.Errorf("resource %q: type %s is not modelled, use SCALAR or RANGES", r.GetName(), r.GetType())
	}
	return item, nil
}

// upgrade returns the resource in the refined format: reservations instead of role and reservation.
func upgrade(r mesos.Resource) mesos.Resource {
	if len(r.Reservations) == 0 && r.Role != nil && *r.Role != "*" {
		reservation := mesos.Resource_ReservationInfo{Type: mesos.Resource_ReservationInfo_STATIC.Enum(), Role: r.Role}
		if old := r.Reservation; old != nil {
			reservation.Type = mesos.Resource_ReservationInfo_DYNAMIC.Enum()
			reservation.Principal, reservation.Labels = old.Principal, old.Labels
		}
		r.Reservations = []mesos.Resource_ReservationInfo{reservation}
	}
	r.Role, r.Reservation = nil, nil
	return r
}

// Name is the resource's name: cpus, mem, disk, ports …
func (i Item) Name() string { return i.what.Name }

// Reservations is the stack of reservations, in the refined format; empty when unreserved.
func (i Item) Reservations() []mesos.Resource_ReservationInfo { return i.what.Reservations }

// Role is the role of the innermost reservation, or "*".
func (i Item) Role() string {
	if n := len(i.what.Reservations); n > 0 {
		return i.what.Reservations[n-1].GetRole()
	}
	return "*"
}

// Disk is the disk part of the resource, or nil.
func (i Item) Disk() *mesos.Resource_DiskInfo { return i.what.Disk }

// IsVolume tells whether the item is a persistent volume.
func (i Item) IsVolume() bool { return isVolume(i.what) }

// Scalar is the amount of a scalar, in the resource's own unit.
func (i Item) Scalar() float64 { return float64(i.milli) / 1000 }

// IsScalar tells a scalar from ranges.
func (i Item) IsScalar() bool { return i.what.GetType() == mesos.SCALAR }

// IsEmpty tells whether there is nothing of it.
func (i Item) IsEmpty() bool {
	if i.IsScalar() {
		return i.milli <= 0
	}
	return len(i.ranges) == 0
}

// WithReservations returns the item under another stack of reservations.
func (i Item) WithReservations(stack []mesos.Resource_ReservationInfo) Item {
	i.what.Reservations = stack
	i.key = keyOf(i.what)
	return i
}

// WithoutVolume returns the plain disk a persistent volume was made from.
func (i Item) WithoutVolume() Item {
	if i.what.Disk == nil {
		return i
	}
	var plain *mesos.Resource_DiskInfo
	if source := i.what.Disk.Source; source != nil {
		plain = &mesos.Resource_DiskInfo{Source: source}
	}
	i.what.Disk = plain
	i.key, i.whole = keyOf(i.what), isMount(i.what)
	return i
}

func isVolume(r mesos.Resource) bool { return r.GetDisk().GetPersistence() != nil }

func isMount(r mesos.Resource) bool {
	source := r.GetDisk().GetSource()
	return source != nil && source.Type == mesos.Resource_DiskInfo_Source_MOUNT
}

// keyOf is the identity of a resource. A volume's container path and persistence principal are no part of it (observed:
// the errors scenario, destroy-with-different-container_path and destroy-without-principal-in-persistence).
func keyOf(r mesos.Resource) string {
	if len(r.Reservations) == 0 && r.Disk == nil {
		return r.Name
	}
	var b strings.Builder
	b.WriteString(r.Name)
	for _, reservation := range r.Reservations {
		fmt.Fprintf(&b, "|%d,%q,%q", reservation.GetType(), reservation.GetRole(), reservation.GetPrincipal())
		for _, label := range sortedLabels(reservation.Labels) {
			fmt.Fprintf(&b, ",%q=%q", label.Key, label.GetValue())
		}
	}
	if source := r.GetDisk().GetSource(); source != nil {
		fmt.Fprintf(&b, "|%d:%q%q%q", source.Type, source.GetPath().GetRoot(), source.GetMount().GetRoot(), source.GetID())
	}
	if isVolume(r) {
		fmt.Fprintf(&b, "|volume %q", r.Disk.Persistence.ID)
	}
	return b.String()
}

func sortedLabels(labels *mesos.Labels) []mesos.Label {
	list := append([]mesos.Label(nil), labels.GetLabels()...)
	sort.Slice(list, func(a, b int) bool {
		if list[a].Key != list[b].Key {
			return list[a].Key < list[b].Key
		}
		return list[a].GetValue() < list[b].GetValue()
	})
	return list
}
