package core

import (
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// scoutAtHome asks whether a running task that is to grow will fit on its agent: what it holds, which is in use and so not
// offered, is thought to be back beside what the agent offers. No offer is used up.
func (f *frame) scoutAtHome(work plans.Launch, requirement tasks.Requirement, list []offers.Offer) []offers.Offer {
	record := f.Facts.Records[work.Step.Task]
	for _, offer := range list {
		if offer.Agent.ID != record.Agent.ID {
			continue
		}
		offer.Resources = slices.Clone(offer.Resources)
		for _, held := range record.Held {
			if !amongst(offer, held.ID()) {
				offer.Resources = append(offer.Resources, held.Resource)
			}
		}
		outcome := offers.Evaluate(requirement, []offers.Offer{offer}, f.ids)
		if outcome.Match == nil {
			f.look(requirement, outcome.Refusals)
			continue
		}
		f.fits(work)
	}
	return list
}

// fits notes that a scout has seen an offer that fits. It holds for what was looked for only: room at home is no place
// elsewhere, nor room for another target.
func (f *frame) fits(work plans.Launch) {
	delete(f.Looks, work.Step.Task)
	f.Fits[plans.FitKey(work.Step.Task, work.TargetID, work.Fresh)] = f.Now
}

func amongst(offer offers.Offer, id string) bool {
	return slices.ContainsFunc(offer.Resources, func(r tasks.Resource) bool { return id != "" && r.Label(tasks.LabelResourceID) == id })
}
