package mesos

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// absences reads inverse offers: one Absence each, in their order. One without an id cannot be answered, and one without an
// agent says nothing that we could act on (a Mesos 1.12 master names both); they are left out.
func absences(list []mesos.InverseOffer) []core.Absence {
	out := make([]core.Absence, 0, len(list))
	for i := range list {
		offer := &list[i]
		if offer.OfferID.Value == "" || offer.GetAgentID().GetValue() == "" {
			continue
		}
		out = append(out, core.Absence{
			OfferID:  offer.OfferID.Value,
			AgentID:  offer.AgentID.Value,
			Start:    time.Unix(0, offer.Unavailability.Start.Nanoseconds).UTC(),
			Duration: length(offer.Unavailability.Duration),
		})
	}
	return out
}

// length reads DurationInfo. Without one the absence is for ever (mesos.proto, Unavailability), which is our zero; a duration
// that is given and not positive is the shortest that there is, so as not to be read as for ever.
func length(duration *mesos.DurationInfo) time.Duration {
	if duration == nil {
		return 0
	}
	return max(time.Duration(duration.Nanoseconds), 1)
}

// answerInverse agrees to one inverse offer, or declines it.
func answerInverse(call core.AnswerInverse) *scheduler.Call {
	ids := offerIDs([]string{call.OfferID})
	if call.Agree {
		return calls.AcceptInverseOffers(ids...).With(calls.RefuseSeconds(call.Refuse))
	}
	return calls.DeclineInverseOffers(ids...).With(calls.RefuseSeconds(call.Refuse))
}
