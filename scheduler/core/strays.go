package core

import (
	"log/slog"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
)

// clean destroys and unreserves what carries our labels and belongs to no record.
func (f *frame) clean(list []offers.Offer) []offers.Offer {
	for _, offer := range list {
		f.vacatedSeen(offer)
	}
	inherited, known := f.inheritedIDs()
	for _, record := range f.Facts.Records {
		if !record.GivenUp.IsZero() && record.Status.State.Ended() {
			continue
		}
		for _, held := range record.Held {
			known[held.ID()] = true
		}
		if record.Before != nil {
			for _, held := range record.Before.Held {
				known[held.ID()] = true
			}
		}
	}
	cleaned := map[string]bool{}
	for _, stray := range offers.Strays(list, known, f.Facts.FrameworkID, f.Facts.Target().Service.Role, inherited) {
		f.log(slog.LevelInfo, "cleaning stray reservations", "agent", stray.Agent.ID, "host", stray.Agent.Hostname,
			"volumes", len(stray.Destroy), "resources", len(stray.Unreserve))
		f.Counters.add("operation.destroy", len(stray.Destroy))
		f.Counters.add("operation.unreserve", len(stray.Unreserve))
		f.vacatedCleaned(stray)
		f.send(Accept{OfferIDs: stray.OfferIDs, Destroy: stray.Destroy, Unreserve: stray.Unreserve,
			Refuse: refuseUsed, Refined: f.Link.Refined})
		cleaned[stray.Agent.ID] = true
	}
	if len(cleaned) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(offer offers.Offer) bool { return cleaned[offer.Agent.ID] })
}
