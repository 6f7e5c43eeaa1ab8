package core

import (
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// look keeps the newest refusal of each agent.
func (f *frame) look(req tasks.Requirement, refusals []offers.Refusal) {
	since := f.Looks[req.Task].Since
	if since.IsZero() {
		since = f.Now
	}
	latest := maps.Clone(f.Looks[req.Task].Latest)
	if latest == nil {
		latest = make(map[string]Refused, len(refusals))
	}
	for _, refusal := range refusals {
		latest[refusal.AgentID] = Refused{Refusal: refusal, At: f.Now}
		for i, cause := range refusal.Causes {
			if !slices.ContainsFunc(refusal.Causes[:i], func(earlier offers.Cause) bool { return earlier.Kind == cause.Kind }) {
				f.Counters.add("refused."+string(cause.Kind), 1)
			}
		}
	}
	maps.DeleteFunc(latest, func(_ string, refused Refused) bool { return f.Now.Sub(refused.At) > forgetRefusal })
	all := make([]offers.Refusal, 0, len(latest))
	for _, refused := range latest {
		all = append(all, refused.Refusal)
	}
	f.Looks[req.Task] = Look{Since: since, At: f.Now, Latest: latest, Explanation: offers.Explain(req, all)}
}

// forgetRefusal is how long a refusal counts. Refused offers come again much sooner.
const forgetRefusal = 5 * time.Minute
