package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// settle writes down what a pod in place holds afterwards, slot by slot, with the operations for what is not there
// yet. Numbers and mounts are for the slots that reserve ports and MOUNT disks, in their order.
func (d *draft) settle(slots []slot, numbers []uint64, mounts []*tasks.Resource) {
	for i := range slots {
		s := &slots[i]
		switch {
		case s.port != "":
			number := s.number
			if s.reserves() {
				number, numbers = numbers[0], numbers[1:]
			}
			d.match.Ports[s.port] = number
			d.settlePort(s, number)
		case s.volume != nil:
			var mount *tasks.Resource
			if s.mount() && !s.heldDisk() {
				mount, mounts = mounts[0], mounts[1:]
			}
			d.settleVolume(s, mount)
		case s.held == nil:
			d.amount(s.holder, s.kind, s.value)
		default:
			if more := s.stock.missing(); more > 0 && !s.stock.grown {
				s.stock.grown = true
				d.match.Reserve = append(d.match.Reserve, s.stock.scalar(more))
			}
			d.hold(tasks.Held{For: s.holder, Resource: s.stock.scalar(s.value)})
		}
	}
}

func (d *draft) settlePort(s *slot, number uint64) {
	if s.held == nil {
		d.port(s.holder, s.port, number)
		return
	}
	resource := s.stock.shape()
	resource.Ranges = onePort(number)
	if s.again {
		d.match.Reserve = append(d.match.Reserve, resource)
	}
	d.hold(tasks.Held{For: s.holder, Port: s.port, Resource: resource})
}

func (d *draft) settleVolume(s *slot, mount *tasks.Resource) {
	if s.held == nil {
		d.volume(s.holder, *s.volume, mount)
		return
	}
	d.hold(tasks.Held{For: s.holder, Resource: *s.stock.resource})
}
