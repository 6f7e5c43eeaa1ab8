package core

import (
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// shape is what the evaluation of a launch depends on, beside the offers: pods that were never launched and are of one kind
// fare alike. Empty for all others.
func (f *frame) shape(work plans.Launch) string {
	if work.Scout || f.Facts.Records[work.Step.Task] != nil {
		return ""
	}
	return work.Step.Pod.Type + " " + work.Step.Spec + " " + work.TargetID
}

// fareAlike takes over what came of the same offers for another pod of the same kind. With a hundred pods that want a place
// and ten thousand agents that have none, evaluating each pair would take seconds.
func (f *frame) fareAlike(work plans.Launch) bool {
	like, known := f.refused[f.shape(work)]
	if !known {
		return false
	}
	look := f.Looks[like]
	if since := f.Looks[work.Step.Task].Since; !since.IsZero() {
		look.Since = since
	}
	f.Looks[work.Step.Task] = look
	return true
}

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
	explanation := offers.Explain(req, all)
	f.Looks[req.Task] = Look{Since: since, At: f.Now, Latest: latest, Explanation: explanation, Text: explanation.String()}
}

// forgetRefusal is how long a refusal counts. Refused offers come again much sooner.
const forgetRefusal = 5 * time.Minute
