package model

import (
	"net/http"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// validateCall is what the master checks of a call before it looks at its own state.
func validateCall(call *scheduler.Call) *Refusal {
	if call.Type == scheduler.Call_UNKNOWN {
		return invalidCall("Expecting 'type' to be present")
	}
	if call.Type == scheduler.Call_SUBSCRIBE {
		return validateSubscribe(call)
	}
	if call.FrameworkID == nil {
		return invalidCall("Expecting 'framework_id' to be present")
	}
	missing := func(name string) *Refusal { return invalidCall("Expecting '%s' to be present", name) }
	switch call.Type {
	case scheduler.Call_ACCEPT:
		if call.Accept == nil {
			return missing("accept")
		}
	case scheduler.Call_DECLINE:
		if call.Decline == nil {
			return missing("decline")
		}
	case scheduler.Call_ACCEPT_INVERSE_OFFERS:
		if call.AcceptInverseOffers == nil {
			return missing("accept_inverse_offers")
		}
	case scheduler.Call_DECLINE_INVERSE_OFFERS:
		if call.DeclineInverseOffers == nil {
			return missing("decline_inverse_offers")
		}
	case scheduler.Call_KILL:
		if call.Kill == nil {
			return missing("kill")
		}
	case scheduler.Call_SHUTDOWN:
		if call.Shutdown == nil {
			return missing("shutdown")
		}
	case scheduler.Call_ACKNOWLEDGE:
		if call.Acknowledge == nil {
			return missing("acknowledge")
		}
		return validateUUID(call.Acknowledge.UUID)
	case scheduler.Call_ACKNOWLEDGE_OPERATION_STATUS:
		if call.AcknowledgeOperationStatus == nil {
			return missing("acknowledge_operation_status")
		}
		return validateUUID(call.AcknowledgeOperationStatus.UUID)
	case scheduler.Call_RECONCILE:
		if call.Reconcile == nil {
			return missing("reconcile")
		}
	case scheduler.Call_RECONCILE_OPERATIONS:
		if call.ReconcileOperations == nil {
			return missing("reconcile_operations")
		}
	case scheduler.Call_MESSAGE:
		if call.Message == nil {
			return missing("message")
		}
	case scheduler.Call_REQUEST:
		if call.Request == nil {
			return missing("request")
		}
	case scheduler.Call_UPDATE_FRAMEWORK:
		if call.UpdateFramework == nil {
			return missing("update_framework")
		}
	}
	return nil
}

func validateSubscribe(call *scheduler.Call) *Refusal {
	if call.Subscribe == nil {
		return invalidCall("Expecting 'subscribe' to be present")
	}
	if call.Subscribe.FrameworkInfo.GetID().GetValue() != call.FrameworkID.GetValue() {
		return invalidCall("'framework_id' differs from 'subscribe.framework_info.id'")
	}
	return nil
}

// validateUUID holds a UUID to what the master's library takes: 16 bytes with a known version (1 to 5).
func validateUUID(id []byte) *Refusal {
	if len(id) != 16 || id[6]>>4 < 1 || id[6]>>4 > 5 {
		return invalidCall("Not a valid UUID")
	}
	return nil
}

func successStatus(call *scheduler.Call) int {
	switch call.Type {
	case scheduler.Call_SUBSCRIBE, scheduler.Call_UPDATE_FRAMEWORK:
		return http.StatusOK
	}
	return http.StatusAccepted
}
