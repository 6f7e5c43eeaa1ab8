package mesos

import (
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Event reads an event in our own words. False means that it says nothing to us: heartbeats, results of operations,
// messages of executors, and types that are newer than mesos-go.
func Event(message *scheduler.Event) (core.Event, bool) {
	switch message.Type {
	case scheduler.Event_SUBSCRIBED:
		return subscribed(message.GetSubscribed()), true
	case scheduler.Event_OFFERS:
		return core.Offered{Offers: offers.Merge(Offers(message.GetOffers().GetOffers()))}, true
	case scheduler.Event_RESCIND:
		return core.Rescinded{OfferID: message.GetRescind().GetOfferID().Value}, true
	case scheduler.Event_INVERSE_OFFERS:
		list := absences(message.GetInverseOffers().GetInverseOffers())
		return core.Announced{Absences: list}, len(list) > 0
	case scheduler.Event_RESCIND_INVERSE_OFFER:
		id := message.GetRescindInverseOffer().GetInverseOfferID().Value
		return core.Withdrawn{OfferID: id}, id != ""
	case scheduler.Event_UPDATE:
		if message.Update == nil {
			return nil, false
		}
		return updated(&message.Update.Status), true
	case scheduler.Event_FAILURE:
		failure := message.GetFailure()
		return core.AgentFailed{
			AgentID:    failure.GetAgentID().GetValue(),
			ExecutorID: failure.GetExecutorID().GetValue(),
			Status:     failure.GetStatus(),
		}, true
	case scheduler.Event_ERROR:
		return core.MasterError{Message: message.GetError().GetMessage()}, true
	}
	return nil, false
}

func subscribed(message *scheduler.Event_Subscribed) core.Subscribed {
	event := core.Subscribed{FrameworkID: message.GetFrameworkID().GetValue()}
	if master := message.GetMasterInfo(); master != nil {
		event.MasterID = master.ID
		event.MasterVersion = master.GetVersion()
		event.Region, event.Zone = domain(master.Domain)
	}
	return event
}
