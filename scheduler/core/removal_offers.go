package core

import (
	"log/slog"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// giveAgain is the time between two tries for the same reservations.
const giveAgain = 10 * time.Second

// giveBack gives back what is offered of ours, known or not, and learns from what is not offered.
func (f *frame) giveBack(list []offers.Offer) {
	f.Counters.add("offers.processed", len(list))
	strays := map[int]offers.Stray{}
	for _, stray := range offers.Strays(list, nil, f.Facts.FrameworkID, f.Facts.Target().Service.Role) {
		strays[stray.Index] = stray
	}
	var waited, others []offers.Offer
	for i, offer := range list {
		if f.Facts.Removal.Left[offer.Agent.ID] != nil {
			f.there(offer.Agent.ID)
		}
		stray, has := strays[i]
		f.missing(offer.Agent, stray)
		switch {
		case has && f.giveOne(stray):
		case has || f.Facts.Removal.Left[offer.Agent.ID] != nil && f.Facts.Removal.Left[offer.Agent.ID].Open() > 0:
			waited = append(waited, offer)
		default:
			others = append(others, offer)
		}
	}
	f.decline(waited, refuseNotReady, "declines.short")
	f.decline(others, refuseWanting, "declines.long")
}

// giveOne gives back what one offer has of ours, unless that was done a moment ago.
func (f *frame) giveOne(stray offers.Stray) bool {
	anew := false
	for _, resource := range stray.Unreserve {
		id := resource.Label(tasks.LabelResourceID)
		f.cameFrom(id, stray.Agent.ID)
		f.found(stray.Agent, volumeOf(stray, resource))
		at := f.resource(stray.Agent.ID, id)
		anew = anew || f.Now.Sub(at.Given) >= giveAgain
	}
	if !anew {
		return false
	}
	again := false
	f.changeLeft(stray.Agent.ID, func(left *plans.Left) {
		left.Agent = stray.Agent
		for i := range left.Resources {
			if one := &left.Resources[i]; amongStray(stray, one.ID) {
				again = again || !one.Given.IsZero()
				one.Given, one.Gone = f.Now, false
			}
		}
	})
	f.Removing.Changed = f.Now
	f.stillThere()
	level, message := slog.LevelInfo, "giving reservations back"
	if again {
		level, message = slog.LevelWarn, "giving reservations back once more, they are offered although they were given back"
	}
	f.log(level, message, "agent", stray.Agent.ID, "host", stray.Agent.Hostname, "volumes", len(stray.Destroy), "resources", len(stray.Unreserve))
	f.Counters.add("operation.destroy", len(stray.Destroy))
	f.Counters.add("operation.unreserve", len(stray.Unreserve))
	f.send(Accept{OfferIDs: stray.OfferIDs, Destroy: stray.Destroy, Unreserve: stray.Unreserve, Refuse: refuseUsed, Refined: f.Link.Refined})
	return true
}

// stillThere takes back that everything was done.
func (f *frame) stillThere() {
	if f.Facts.Removal.Teardown.IsZero() {
		return
	}
	removal := *f.Facts.Removal
	removal.Teardown = time.Time{}
	f.Facts.Removal = &removal
}

// volumeOf is the resource with the volume that is destroyed on it.
func volumeOf(stray offers.Stray, resource tasks.Resource) tasks.Resource {
	id := resource.Label(tasks.LabelResourceID)
	for _, volume := range stray.Destroy {
		if volume.Label(tasks.LabelResourceID) == id {
			return volume
		}
	}
	return resource
}

func amongStray(stray offers.Stray, id string) bool {
	return slices.ContainsFunc(stray.Unreserve, func(r tasks.Resource) bool { return r.Label(tasks.LabelResourceID) == id })
}

// cameFrom takes a reservation off another agent: it came back under a new id.
func (f *frame) cameFrom(id, agentID string) {
	is := func(known plans.LeftResource) bool { return known.ID == id }
	if left := f.Facts.Removal.Left[agentID]; left != nil && slices.ContainsFunc(left.Resources, is) {
		return
	}
	for other, left := range f.Facts.Removal.Left {
		if slices.ContainsFunc(left.Resources, is) {
			f.changeLeft(other, func(left *plans.Left) { left.Resources = slices.DeleteFunc(left.Resources, is) })
			return
		}
	}
}

func (f *frame) resource(agentID, id string) plans.LeftResource {
	for _, one := range f.Facts.Removal.Left[agentID].Resources {
		if one.ID == id {
			return one
		}
	}
	return plans.LeftResource{}
}
