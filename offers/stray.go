package offers

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Stray is what one offer has of reservations that we made and no record knows: left over from a replaced pod, or from
// an ACCEPT that arrived in part.
type Stray struct {
	// Index is the place of the offer in the list.
	Index    int
	OfferIDs []string
	Agent    tasks.Agent
	// Destroy comes before Unreserve: a reservation with a volume on it cannot be given back.
	Destroy   []tasks.Resource
	Unreserve []tasks.Resource
}

// Strays finds our own reservations that belong to no record, offer by offer, for the offers that have some. Known are
// the resource ids of all records. A reservation is ours only if it is dynamic, stands in our role, and its labels name
// our framework and a resource id; everything else belongs to someone else (another framework in the role, Marathon's
// volumes, an operator, an installation from before there were labels) and is never touched. Inherited are resource ids that
// need no framework's label: the stored state of the scheduler before us says that its, now our, framework made them.
func Strays(list []Offer, known map[string]bool, frameworkID, role string, inherited map[string]bool) []Stray {
	var strays []Stray
	for i := range list {
		offer := &list[i]
		stray := Stray{Index: i, OfferIDs: offer.IDs, Agent: offer.Agent}
		for j := range offer.Resources {
			resource := &offer.Resources[j]
			if !ours(resource, frameworkID, role, inherited) || known[resource.Label(tasks.LabelResourceID)] {
				continue
			}
			if resource.PersistenceID() != "" {
				stray.Destroy = append(stray.Destroy, *resource)
			}
			stray.Unreserve = append(stray.Unreserve, resource.WithoutVolume())
		}
		if len(stray.Unreserve) > 0 {
			strays = append(strays, stray)
		}
	}
	return strays
}

// ours says that we made the reservation on the resource. Without a framework id of our own nothing is ours.
func ours(r *tasks.Resource, frameworkID, role string, inherited map[string]bool) bool {
	if len(r.Reservations) == 0 || frameworkID == "" {
		return false
	}
	top := &r.Reservations[len(r.Reservations)-1]
	id, framework := r.Label(tasks.LabelResourceID), r.Label(tasks.LabelFrameworkID)
	return top.Dynamic && top.Role == role && id != "" && (framework == frameworkID || framework == "" && inherited[id])
}
