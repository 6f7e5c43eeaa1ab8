package offers

import "slices"

// Merge makes one offer of all the offers of an agent, in the order in which the agents first appear. Mesos may split
// what an agent has over several offers, and one ACCEPT may name all of them as long as they are of one agent.
func Merge(list []Offer) []Offer {
	merged := make([]Offer, 0, len(list))
	place := make(map[string]int, len(list))
	for _, offer := range list {
		at, seen := place[offer.Agent.ID]
		if !seen {
			place[offer.Agent.ID] = len(merged)
			merged = append(merged, offer)
			continue
		}
		into := &merged[at]
		// Clipped, so that appending copies and the caller's slices stay as they are.
		into.IDs = append(slices.Clip(into.IDs), offer.IDs...)
		into.Resources = append(slices.Clip(into.Resources), offer.Resources...)
	}
	return merged
}
