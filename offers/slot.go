package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// slot is one thing that a pod in place shall hold, and the reservation that it has for it already.
type slot struct {
	holder tasks.Holder
	kind   string
	// value is the amount of a scalar or the size of a volume.
	value tasks.Milli
	// port names the port and number is its number, 0 until one is chosen.
	port   string
	number uint64
	volume *tasks.VolumeNeed
	// held is nil for something new, stock is what the offer has of it.
	held  *tasks.Held
	stock *stock
	// again says that the reservation is not in the offer and may be made again under its id.
	again bool
}

// reserves says that the slot needs a reservation that is not there.
func (s *slot) reserves() bool { return s.held == nil || s.again }

// slotsOf lists what a pod in place shall hold, each with the reservation it has, and the reservations that are left
// over. The order is that of a new place: executor before task, scalars, ports, volume.
func slotsOf(req tasks.Requirement, w want) (slots []slot, over []*tasks.Held) {
	for _, part := range w.parts {
		for _, amount := range part.amounts() {
			slots = append(slots, slot{holder: part.holder, kind: amount.kind, value: amount.value})
		}
		if w.hostPorts {
			for _, port := range part.need.Ports {
				slots = append(slots, slot{holder: part.holder, kind: tasks.Ports, port: port.Name, number: port.Port})
			}
		}
		if volume := part.need.Volume; volume != nil {
			slots = append(slots, slot{holder: part.holder, kind: tasks.Disk, value: volume.Size, volume: volume})
		}
	}
	used := make([]bool, len(req.Held))
	pair := func(fits func(*slot, *tasks.Held) bool) {
		for i := range slots {
			for j := range req.Held {
				if slots[i].held == nil && !used[j] && fits(&slots[i], &req.Held[j]) {
					slots[i].held, used[j] = &req.Held[j], true
				}
			}
		}
	}
	pair((*slot).fitsAmount)
	pair((*slot).fitsVolume)
	// Fixed numbers go first: a port whose name changed keeps its reservation, and no other port takes it by name.
	pair((*slot).fitsNumber)
	pair((*slot).fitsName)
	for i := range slots {
		if s := &slots[i]; s.port != "" && s.held != nil {
			s.number = portOf(s.held.Resource)
		}
	}
	for j := range req.Held {
		if !used[j] {
			over = append(over, &req.Held[j])
		}
	}
	return slots, over
}

func (s *slot) fitsAmount(held *tasks.Held) bool {
	return s.port == "" && s.volume == nil && held.For == s.holder && held.Resource.Kind == s.kind &&
		held.Resource.PersistenceID() == ""
}

func (s *slot) fitsVolume(held *tasks.Held) bool {
	return s.volume != nil && held.For == s.holder && held.Resource.PersistenceID() != ""
}

func (s *slot) fitsNumber(held *tasks.Held) bool {
	return s.number != 0 && held.Resource.Kind == tasks.Ports && portOf(held.Resource) == s.number
}

// fitsName is for ports that may have any number: they keep the one that they had.
func (s *slot) fitsName(held *tasks.Held) bool {
	return s.port != "" && s.number == 0 && held.Resource.Kind == tasks.Ports && held.For == s.holder && held.Port == s.port
}

// portOf is the number of a port that is held, 0 if the resource has none.
func portOf(r tasks.Resource) uint64 {
	if len(r.Ranges) == 0 {
		return 0
	}
	return r.Ranges[0].Begin
}
