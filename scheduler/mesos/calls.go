package mesos

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// Call writes a call in Mesos' words, without the framework's id. The same call always gives the same bytes, so ids stay
// in their order; mesos-go's builders for ACCEPT and RECONCILE go through maps and are not used. The one error is a
// launch that its target does not know (*launch.UnknownSpecError).
func Call(call core.Call) (*scheduler.Call, error) {
	switch call := call.(type) {
	case core.Accept:
		return accept(call)
	case core.Decline:
		return calls.Decline(offerIDs(call.OfferIDs)...).With(calls.RefuseSeconds(call.Refuse)), nil
	case core.Revive:
		return calls.Revive(), nil
	case core.Suppress:
		return calls.Suppress(), nil
	case core.Kill:
		return calls.Kill(call.TaskID, call.AgentID), nil
	case core.Reconcile:
		return reconcile(call), nil
	case core.Acknowledge:
		return calls.Acknowledge(call.AgentID, call.TaskID, call.UUID), nil
	case core.AnswerInverse:
		return answerInverse(call), nil
	case core.Teardown:
		return &scheduler.Call{Type: scheduler.Call_TEARDOWN}, nil
	}
	return nil, fmt.Errorf("writing a call: the type %T is new to this package", call)
}

// accept puts everything into one ACCEPT in the order that Mesos applies it: DESTROY before UNRESERVE, RESERVE before
// CREATE, all before the launch that uses it.
func accept(call core.Accept) (*scheduler.Call, error) {
	var operations []mesos.Offer_Operation
	add := func(list []tasks.Resource, operation func(...mesos.Resource) mesos.Offer_Operation) {
		if len(list) == 0 {
			return
		}
		resources := make([]mesos.Resource, len(list))
		for i, resource := range list {
			resources[i] = launch.Resource(resource, call.Refined)
		}
		operations = append(operations, operation(resources...))
	}
	add(call.Destroy, calls.OpDestroy)
	add(call.Unreserve, calls.OpUnreserve)
	add(call.Reserve, calls.OpReserve)
	add(call.Create, calls.OpCreate)
	if call.Launch != nil {
		operation, err := launching(*call.Launch)
		if err != nil {
			return nil, fmt.Errorf("writing ACCEPT: %w", err)
		}
		operations = append(operations, operation)
	}
	return (&scheduler.Call{
		Type:   scheduler.Call_ACCEPT,
		Accept: &scheduler.Call_Accept{OfferIDs: offerIDs(call.OfferIDs), Operations: operations},
	}).With(calls.RefuseSeconds(call.Refuse)), nil
}

func launching(l launch.Launch) (mesos.Offer_Operation, error) {
	if l.Alone {
		task, err := launch.Alone(l)
		return calls.OpLaunch(task), err
	}
	executor, group, err := launch.Group(l)
	return calls.OpLaunchGroup(executor, group...), err
}

func reconcile(call core.Reconcile) *scheduler.Call {
	asked := make([]scheduler.Call_Reconcile_Task, len(call.Tasks))
	for i, task := range call.Tasks {
		asked[i].TaskID = mesos.TaskID{Value: task.TaskID}
		if task.AgentID != "" {
			asked[i].AgentID = &mesos.AgentID{Value: task.AgentID}
		}
	}
	return &scheduler.Call{Type: scheduler.Call_RECONCILE, Reconcile: &scheduler.Call_Reconcile{Tasks: asked}}
}

func offerIDs(list []string) []mesos.OfferID {
	ids := make([]mesos.OfferID, len(list))
	for i, id := range list {
		ids[i].Value = id
	}
	return ids
}

func frameworkID(id string) *mesos.FrameworkID { return &mesos.FrameworkID{Value: id} }
