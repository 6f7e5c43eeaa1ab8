package core

import (
	"log/slog"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Mesos says nothing to DESTROY and UNRESERVE, and an ACCEPT may be lost, so a reservation counts as gone only by what is
// offered afterwards.
const (
	// goneAfter is how long after an ACCEPT an offer of the agent without the reservation counts: an earlier one may have been
	// under way.
	goneAfter = 2 * time.Second
	// silentAfter is how long an agent has to offer nothing at all after an ACCEPT, while it is there: what was given back may be
	// in use by others by then.
	silentAfter = time.Minute
	// untriedAfter is how long an agent has to offer other things without a reservation that we never saw offered, all of our
	// tasks there having ended: it was never made, or somebody else gave it back. An executor that ends keeps it for a while.
	untriedAfter = time.Minute
	// giveAgain is the time between two tries for the same reservations.
	giveAgain = 10 * time.Second
)

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

// missing judges what an agent does not offer.
func (f *frame) missing(agent tasks.Agent, stray offers.Stray) {
	left := f.Facts.Removal.Left[agent.ID]
	if left == nil {
		return
	}
	untried := left.Ended() && f.Now.Sub(later(f.Link.Since, f.Removing.Freed[agent.ID])) >= untriedAfter
	f.gone(left, func(one plans.LeftResource) bool {
		switch {
		case amongStray(stray, one.ID):
			return false
		case one.Given.IsZero():
			return untried
		}
		return f.Now.Sub(one.Given) >= goneAfter
	})
}

// silentlyGone judges what was given back on agents that are there and offer nothing.
func (f *frame) silentlyGone() {
	if !f.Link.Connected {
		return
	}
	for agentID := range f.Removing.Heard {
		if left := f.Facts.Removal.Left[agentID]; left != nil && left.Away.IsZero() {
			f.gone(left, func(one plans.LeftResource) bool {
				return !one.Given.IsZero() && f.Now.Sub(later(f.Link.Since, one.Given)) >= silentAfter
			})
		}
	}
}

// gone notes that those of an agent's reservations are gone that a rule says so of.
func (f *frame) gone(left *plans.Left, rule func(plans.LeftResource) bool) {
	is := func(one plans.LeftResource) bool { return !one.Gone && rule(one) }
	if !slices.ContainsFunc(left.Resources, is) {
		return
	}
	f.Removing.Changed = f.Now
	f.changeLeft(left.Agent.ID, func(left *plans.Left) {
		for i := range left.Resources {
			left.Resources[i].Gone = left.Resources[i].Gone || is(left.Resources[i])
		}
	})
}
