package core

import (
	"log/slog"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// How long offers are refused for. A filter holds only against offers that are part of what was refused, so anything
// that an agent gains is offered at once even under the long one (recorded from Mesos 1.12).
const (
	// refuseUsed is for the rest of an offer that was used.
	refuseUsed = time.Second
	// refuseNotReady is for offers that come before reconciliation is done.
	refuseNotReady = 5 * time.Second
	// refuseWanting is for offers that do not fit while something is wanted.
	refuseWanting = 30 * time.Second
	// refuseIdle is for offers that nobody wants.
	refuseIdle = time.Hour
)

// match gives the offers of one event to the work that wants them, cleans strays, and declines the rest in one call.
func (f *frame) match(list []offers.Offer) {
	if f.notReady() != "" {
		f.decline(list, refuseNotReady, "declines.short")
		return
	}
	f.agentsOffered(list)
	f.Counters.add("offers.processed", len(list))
	rest := list
	for _, work := range plans.Next(f.view(), f.Plans).Launches {
		rest = f.try(work, rest)
	}
	rest = f.clean(rest)
	refuse, counter := refuseIdle, "declines.long"
	f.derive()
	if len(plans.Next(f.view(), f.Plans).Launches) > 0 {
		refuse, counter = refuseWanting, "declines.short"
	}
	f.decline(rest, refuse, counter)
}

// try evaluates one launch against the offers that are left, and launches or keeps the refusals.
func (f *frame) try(work plans.Launch, list []offers.Offer) []offers.Offer {
	if len(list) == 0 || f.fareAlike(work) {
		return list
	}
	requirement, ok := f.requirement(work)
	if !ok {
		return list
	}
	if work.Scout && !work.Fresh {
		return f.scoutAtHome(work, requirement, list)
	}
	seen := list
	if work.Scout {
		// Two scouts may not count on one offer.
		seen = slices.DeleteFunc(slices.Clone(list), func(offer offers.Offer) bool { return f.scouted[offer.Agent.ID] })
	}
	outcome := offers.Evaluate(requirement, seen, f.ids)
	if outcome.Match == nil && len(outcome.Refusals) > 0 {
		f.look(requirement, outcome.Refusals)
		if shape := f.shape(work); shape != "" {
			f.refused[shape] = work.Step.Task
		}
		return list
	}
	if outcome.Match == nil {
		// None of these offers is of the agent that the pod goes back to.
		return list
	}
	delete(f.Looks, work.Step.Task)
	if work.Scout {
		f.fits(work)
		f.scouted[outcome.Match.Agent.ID] = true
		return list
	}
	// What scouts saw may be what is used up now.
	clear(f.Fits)
	clear(f.refused)
	f.launch(work, *outcome.Match)
	return slices.Delete(slices.Clone(list), outcome.Index, outcome.Index+1)
}

// launch writes the record of a launch and sends it.
func (f *frame) launch(work plans.Launch, match offers.Match) {
	target := f.Facts.Targets[work.TargetID]
	record := f.newRecord(work, match)
	f.put(record)
	f.launchedJob(work, record)
	f.Counters.add("launches", 1)
	f.log(slog.LevelInfo, "launching", "task", record.Task, "id", record.TaskID, "agent", record.Agent.ID,
		"host", record.Agent.Hostname, "plan", work.Plan, "step", work.Step.Name, "target", work.TargetID)
	f.countOperations(match)
	f.send(Accept{
		OfferIDs: match.OfferIDs, Destroy: match.Destroy, Unreserve: match.Unreserve, Reserve: match.Reserve,
		Create: match.Create, Refuse: refuseUsed, Refined: f.Link.Refined,
		Launch: &launch.Launch{FrameworkID: f.Facts.FrameworkID, Target: target, Record: record, Refined: f.Link.Refined,
			Alone: f.Link.Alone},
	})
}

// decline gives all these offers back in one call.
func (f *frame) decline(list []offers.Offer, refuse time.Duration, counter string) {
	if len(list) == 0 {
		return
	}
	ids := make([]string, 0, len(list))
	for _, offer := range list {
		ids = append(ids, offer.IDs...)
	}
	f.Counters.add(counter, len(ids))
	f.send(Decline{OfferIDs: ids, Refuse: refuse})
}

func (f *frame) countOperations(match offers.Match) {
	f.Counters.add("operation.destroy", len(match.Destroy))
	f.Counters.add("operation.unreserve", len(match.Unreserve))
	f.Counters.add("operation.reserve", len(match.Reserve))
	f.Counters.add("operation.create", len(match.Create))
	f.Counters.add("operation.launch_group", 1)
}
