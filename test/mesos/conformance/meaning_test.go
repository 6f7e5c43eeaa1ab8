package conformance

import (
	"fmt"
	"sort"
	"strings"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// fact is what an event means: on which channel (facts of one channel keep their order) and what it says. An OFFERS event is
// one fact an offer.
type fact struct {
	stream  int
	channel string
	says    string
	offer   string // its id, for OFFERS and INVERSE_OFFERS
	uuid    string
	event   *scheduler.Event
	at      time.Time // when the model said it
}

// facts reads an event. rename turns recorded offer ids into the model's; it is the identity for the model's own events.
func facts(stream int, e *scheduler.Event, rename func(string) string) []fact {
	one := func(channel, says string) []fact {
		return []fact{{stream: stream, channel: e.Type.String() + " " + channel, says: rename(says), event: e}}
	}
	switch e.Type {
	case scheduler.Event_SUBSCRIBED:
		s := e.Subscribed
		info := s.MasterInfo
		return one("", fmt.Sprintf("framework %s heartbeat %v master %s %d %d %s %s %s %v %v %v", s.FrameworkID.GetValue(),
			s.GetHeartbeatIntervalSeconds(), info.ID, info.IP, info.GetPort(), info.GetPID(), info.GetHostname(), info.GetVersion(),
			info.Address, info.Domain, info.Capabilities))
	case scheduler.Event_OFFERS:
		var list []fact
		for _, o := range e.Offers.Offers {
			list = append(list, fact{stream: stream, channel: "OFFERS " + o.AgentID.Value, says: offerMeaning(o), offer: o.ID.Value, event: e})
		}
		return list
	case scheduler.Event_INVERSE_OFFERS:
		var list []fact
		for _, o := range e.InverseOffers.InverseOffers {
			list = append(list, fact{stream: stream, channel: "INVERSE_OFFERS " + o.AgentID.GetValue(), offer: o.OfferID.Value, event: e,
				says: fmt.Sprintf("framework %s start %v for %v", o.FrameworkID.Value, o.Unavailability.Start, o.Unavailability.Duration)})
		}
		return list
	case scheduler.Event_RESCIND:
		return one(rename(e.Rescind.OfferID.Value), "")
	case scheduler.Event_UPDATE:
		f := one(e.Update.Status.TaskID.Value, statusMeaning(e.Update.Status))
		f[0].uuid = string(e.Update.Status.UUID)
		return f
	case scheduler.Event_UPDATE_OPERATION_STATUS:
		s := e.UpdateOperationStatus.Status
		f := one(s.OperationID.GetValue(), fmt.Sprintf("%s %q agent %s uuid %t", s.State, s.GetMessage(), s.AgentID.GetValue(), s.UUID != nil))
		f[0].uuid = string(s.UUID.GetValue())
		return f
	case scheduler.Event_FAILURE:
		status := "none"
		if e.Failure.Status != nil {
			status = fmt.Sprint(*e.Failure.Status)
		}
		return one(e.Failure.AgentID.GetValue()+" "+e.Failure.ExecutorID.GetValue(), "status "+status)
	case scheduler.Event_ERROR:
		return one("", e.Error.Message)
	}
	return one("", "")
}

func statusMeaning(s mesos.TaskStatus) string {
	nested := s.ContainerStatus.GetContainerID().GetParent() != nil
	healthy := "unset"
	if s.Healthy != nil {
		healthy = fmt.Sprint(*s.Healthy)
	}
	reason := "none"
	if s.Reason != nil {
		reason = s.Reason.String()
	}
	return fmt.Sprintf("%s %s %s %q agent %s executor %s uuid %t healthy %s check %v container %t nested %t unreachable %t",
		s.GetState(), s.GetSource(), reason, s.GetMessage(), s.AgentID.GetValue(), s.ExecutorID.GetValue(), len(s.UUID) > 0, healthy,
		s.CheckStatus, s.ContainerStatus != nil, nested, s.UnreachableTime != nil)
}

// offerMeaning has the resources with their wire format (legacy or refined), in a fixed order.
func offerMeaning(o mesos.Offer) string {
	var executors []string
	for _, id := range o.ExecutorIDs {
		executors = append(executors, id.Value)
	}
	return fmt.Sprintf("framework %s role %s host %s domain %v executors %v unavailable %v: %s", o.FrameworkID.Value,
		o.AllocationInfo.GetRole(), o.Hostname, o.Domain, executors, o.Unavailability, resourcesMeaning(o.Resources))
}

func resourcesMeaning(resources []mesos.Resource) string {
	var texts []string
	for _, r := range resources {
		p, err := pile.Of([]mesos.Resource{r})
		if err != nil {
			return err.Error()
		}
		legacy := "refined"
		if r.Role != nil {
			legacy = "legacy role " + *r.Role
		}
		texts = append(texts, p.Text(r.AllocationInfo.GetRole())+" "+legacy)
	}
	sort.Strings(texts)
	return strings.Join(texts, "; ")
}
