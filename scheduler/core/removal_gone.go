package core

import (
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
	// in use by others by then. It is longer than masters take to notice that an agent is away: 75 s as Mesos is shipped, 5 minutes
	// on DC/OS.
	silentAfter = 6 * time.Minute
	// untriedAfter is how long an agent has to offer other things without a reservation that we never saw offered, all of our
	// tasks there having ended: it was never made, or somebody else gave it back. An executor that ends keeps it for a while.
	untriedAfter = time.Minute
)

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
