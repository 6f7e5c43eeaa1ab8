package offers

import (
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// stay evaluates an offer of the agent on which the pod has its reservations. What it holds is used again; what has
// changed is reserved or given back under the resource id that it has.
func (e *evaluation) stay(offer *Offer) *Match {
	slots, over := slotsOf(e.req, e.want)
	stocks := stockOf(offer, e.req.Held)
	assign(slots, stocks)
	e.vouch(slots, stocks)
	for _, held := range over {
		e.unwantedVolume(held)
	}
	unreserve := surplus(stocks)
	for _, resource := range unreserve {
		e.free.release(resource)
	}
	e.growth(slots, stocks)
	numbers := e.newPorts(slots)
	mounts := e.newMounts(slots)
	if len(e.causes) > 0 {
		return nil
	}
	draft := e.draft(offer)
	draft.match.Unreserve = unreserve
	draft.settle(slots, numbers, mounts)
	if !e.want.hostPorts {
		for i, port := range e.want.ports {
			draft.match.Ports[port.Name] = numbers[i]
		}
	}
	return draft.match
}

// assign joins slots and stocks by the reservations that are held, and notes in each stock what is wanted of it.
func assign(slots []slot, stocks []*stock) {
	for i := range slots {
		s := &slots[i]
		if s.held == nil {
			continue
		}
		at := slices.IndexFunc(stocks, func(stock *stock) bool { return stock.held.ID() == s.held.ID() })
		s.stock = stocks[at]
		if s.port != "" {
			s.stock.numbers = append(s.stock.numbers, s.number)
		} else {
			s.stock.wanted += s.value
		}
	}
}

// vouch adds a cause for every reservation that is needed and not there, and for a volume that is not the wanted one.
// Reservations may be made again if the requirement says so, something of the pod is there, and its volume is.
func (e *evaluation) vouch(slots []slot, stocks []*stock) {
	remake := e.req.Remake && slices.ContainsFunc(stocks, (*stock).present) && !slices.ContainsFunc(slots, lostVolume)
	pod := e.req.Pod.String()
	for i := range slots {
		s := &slots[i]
		if s.held == nil {
			continue
		}
		if s.volume != nil {
			e.sameVolume(s)
		}
		switch {
		case s.there():
		case remake:
			s.again = true
		case s.volume != nil && s.stock.present():
			e.refuse(Cause{Kind: VolumeLost, Resource: tasks.Disk, Name: pod, ID: s.held.Resource.PersistenceID()})
		default:
			e.refuse(Cause{
				Kind: Lacking, Resource: s.kind, Need: s.held.Resource.Scalar, Port: s.number, Name: pod, ID: s.held.ID(),
			})
		}
	}
}

// surplus lists what is held and no longer needed. It leaves volumes alone.
func surplus(stocks []*stock) []tasks.Resource {
	var unreserve []tasks.Resource
	for _, stock := range stocks {
		switch {
		case !stock.present() || stock.held.Resource.PersistenceID() != "":
		case stock.held.Resource.Kind == tasks.Ports:
			if left := without(stock.ranges, stock.numbers); len(left) > 0 {
				resource := stock.shape()
				resource.Ranges = left
				unreserve = append(unreserve, resource)
			}
		case stock.amount > stock.wanted:
			unreserve = append(unreserve, stock.scalar(stock.amount-stock.wanted))
		}
	}
	return unreserve
}

// growth adds a cause for each scalar of which more is needed than the pod holds and the agent has free. MOUNT disks
// are not scalars in this sense: they are taken whole.
func (e *evaluation) growth(slots []slot, stocks []*stock) {
	for _, kind := range []string{tasks.CPUs, tasks.Mem, tasks.Disk} {
		var need tasks.Milli
		have := e.free.amount(kind)
		for i := range slots {
			if s := &slots[i]; s.kind == kind && s.held == nil && !s.mount() {
				need += s.value
			}
		}
		for _, stock := range stocks {
			more := stock.missing()
			if more == 0 || stock.held.Resource.Kind != kind || stock.held.Resource.DiskType() == tasks.DiskMount {
				continue
			}
			need += more
			if !e.extendable(stock) {
				have = 0
			}
		}
		if need > have {
			e.refuse(Cause{Kind: Short, Resource: kind, Need: need, Have: have, Name: e.req.Pod.String()})
		}
	}
}

// extendable says that unreserved resources can add to a reservation. They cannot where it refines another one, or
// where it is in a role that the offer's resources are not for (a service whose role was changed).
func (e *evaluation) extendable(s *stock) bool {
	stack := s.shape().Reservations
	return len(stack) == 1 && stack[0].Role == e.req.Role
}

// newPorts chooses numbers for the ports to be reserved; those that are reserved again keep theirs. On a virtual
// network it numbers all ports.
func (e *evaluation) newPorts(slots []slot) []uint64 {
	if !e.want.hostPorts {
		return e.number(e.want.ports, false)
	}
	var wanted []portWant
	for i := range slots {
		if s := &slots[i]; s.port != "" && s.reserves() {
			wanted = append(wanted, portWant{s.holder, tasks.PortNeed{Name: s.port, Port: s.number}})
		}
	}
	return e.number(wanted, true)
}

// without takes numbers out of port ranges.
func without(ranges []tasks.PortRange, numbers []uint64) []tasks.PortRange {
	left := slices.Clone(ranges)
	for _, number := range numbers {
		var next []tasks.PortRange
		for _, ports := range left {
			if number < ports.Begin || number > ports.End {
				next = append(next, ports)
				continue
			}
			if ports.Begin < number {
				next = append(next, tasks.PortRange{Begin: ports.Begin, End: number - 1})
			}
			if number < ports.End {
				next = append(next, tasks.PortRange{Begin: number + 1, End: ports.End})
			}
		}
		left = next
	}
	return left
}
