package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// stock is what an offer has of one resource id.
type stock struct {
	held *tasks.Held
	// resource is the offered resource with that id, for its reservations and its disk; nil when there is none.
	resource *tasks.Resource
	// amount is what is offered. Mesos merges scalars with equal reservations, and a lost ACCEPT may have left less
	// or more than the record says, so that it need not be the amount that the record has.
	amount tasks.Milli
	ranges []tasks.PortRange
	// wanted is what is to be held under the id afterwards, numbers are the ports.
	wanted  tasks.Milli
	numbers []uint64
	// grown says that the operation for missing is written down already.
	grown bool
}

// stockOf finds everything that the pod holds in the offer, one entry a resource id, in the order of the record.
func stockOf(offer *Offer, held []tasks.Held) []*stock {
	var all []*stock
	byID := make(map[string]*stock, len(held))
	for i := range held {
		if byID[held[i].ID()] == nil {
			entry := &stock{held: &held[i]}
			byID[held[i].ID()] = entry
			all = append(all, entry)
		}
	}
	for i := range offer.Resources {
		resource := &offer.Resources[i]
		entry := byID[resource.Label(tasks.LabelResourceID)]
		if entry == nil || resource.Kind != entry.held.Resource.Kind || resource.Revocable || resource.Shared {
			continue
		}
		// A disk may be there twice under one id only if its volume is not the one we know.
		if entry.resource == nil || resource.PersistenceID() == entry.held.Resource.PersistenceID() {
			entry.resource = resource
		}
		entry.amount += resource.Scalar
		entry.ranges = append(entry.ranges, resource.Ranges...)
	}
	return all
}

// present says that the offer has the reservation at all.
func (s *stock) present() bool { return s.resource != nil }

// volume says that the offer has the volume that is held under the id.
func (s *stock) volume() bool {
	return s.resource != nil && s.resource.PersistenceID() == s.held.Resource.PersistenceID()
}

// missing is how much of a scalar must be reserved on top of what is there.
func (s *stock) missing() tasks.Milli {
	if s.held.Resource.Kind == tasks.Ports || (s.held.Resource.PersistenceID() != "" && s.present()) {
		return 0
	}
	return max(s.wanted-s.amount, 0)
}

// shape is the resource as it must be named in operations and in a launch: with the reservations and the disk of the
// offer where it is there, of the record where it is not.
func (s *stock) shape() tasks.Resource {
	shape := s.held.Resource
	if s.resource != nil {
		shape = *s.resource
	}
	return shape
}

// scalar is an amount of the resource.
func (s *stock) scalar(amount tasks.Milli) tasks.Resource {
	shape := s.shape()
	shape.Scalar = amount
	return shape
}
