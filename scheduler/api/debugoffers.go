package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// debugOffers answers what came of the last offers. Offers are not kept, so it shows the newest refusal of each agent for
// each task that still wants an offer.
func (h handlers) debugOffers(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	answer(w, http.StatusOK, offersOf(h.source.Snapshot()))
}

func offersOf(state core.State) wire.DebugOffers {
	shown := wire.DebugOffers{Accepted: state.Counters["launches"], FailureReasons: map[string]int{},
		RejectedAgents: map[string]int{}, Summary: map[string]wire.Refusals{}}
	for task, look := range state.Looks {
		shown.Summary[task] = refusalsOf(look)
		for _, refused := range look.Latest {
			outcome := wire.OfferOutcome{Timestamp: second(refused.At), Pod: stepOf(state, task), Outcome: "fail",
				Offer: wire.OfferOf{AgentID: refused.AgentID, Hostname: refused.Hostname}}
			for _, cause := range refused.Causes {
				shown.FailureReasons[string(cause.Kind)]++
				outcome.Explanation = append(outcome.Explanation, cause.String())
			}
			shown.RejectedAgents[refused.AgentID]++
			shown.Offers = append(shown.Offers, outcome)
		}
	}
	shown.Rejected = len(shown.Offers)
	slices.SortFunc(shown.Offers, func(a, b wire.OfferOutcome) int {
		return cmp.Or(b.Timestamp.Compare(a.Timestamp), strings.Compare(a.Pod, b.Pod), strings.Compare(a.Offer.AgentID, b.Offer.AgentID))
	})
	return shown
}

// stepOf is the name of the step that launches a task, the task's own name where there is none.
func stepOf(state core.State, task string) string {
	for _, plan := range state.Plans {
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if step.Task == task {
					return step.Name
				}
			}
		}
	}
	return task
}
