package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// fresh evaluates an offer as a new place for the pod: everything is reserved anew.
func (e *evaluation) fresh(offer *Offer) *Match {
	e.enough(tasks.CPUs, e.want.cpus)
	e.enough(tasks.Mem, e.want.mem)
	e.enough(tasks.Disk, e.want.disk)
	if e.req.Leaving[offer.Agent.ID] {
		e.refuse(Cause{Kind: Leaving})
	}
	numbers := e.number(e.want.ports, e.want.hostPorts)
	mounts := e.mounts()
	for _, verdict := range e.rule.Check(&offer.Agent, e.census) {
		e.refuse(Cause{Kind: Misplaced, Verdict: verdict})
	}
	if len(e.causes) > 0 {
		return nil
	}

	draft := e.draft(offer)
	for _, part := range e.want.parts {
		for _, amount := range part.amounts() {
			draft.amount(part.holder, amount.kind, amount.value)
		}
		for _, port := range part.need.Ports {
			number := numbers[0]
			numbers = numbers[1:]
			draft.match.Ports[port.Name] = number
			if e.want.hostPorts {
				draft.port(part.holder, port.Name, number)
			}
		}
		volume := part.need.Volume
		switch {
		case volume == nil:
		case volume.Type == tasks.DiskMount:
			draft.volume(part.holder, *volume, mounts[0])
			mounts = mounts[1:]
		default:
			draft.volume(part.holder, *volume, nil)
		}
	}
	return draft.match
}

// enough adds a cause when less of a scalar is free than needed.
func (e *evaluation) enough(kind string, need tasks.Milli) {
	if have := e.free.amount(kind); need > have {
		e.refuse(Cause{Kind: Short, Resource: kind, Need: need, Have: have})
	}
}

// mounts picks a disk for each wanted MOUNT volume, nil where there is none.
func (e *evaluation) mounts() []*tasks.Resource {
	var picked []*tasks.Resource
	for _, volume := range e.want.mounts {
		picked = append(picked, e.mount(volume, picked))
	}
	return picked
}
