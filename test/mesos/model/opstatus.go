package model

import (
	"bytes"
	"slices"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// operation is a finished operation whose status was not acknowledged yet. The agent keeps it, so it outlives a master.
type operation struct {
	framework string
	status    mesos.OperationStatus
}

// operationError tells a framework that an operation was refused. Without an operation id it hears nothing. There is no uuid
// (nothing to acknowledge) and no agent id.
func (m *Model) operationError(f *framework, op *mesos.Offer_Operation, problem string) {
	if op.ID == nil {
		return
	}
	m.operationStatus(f, mesos.OperationStatus{OperationID: op.ID, State: mesos.OPERATION_ERROR, Message: &problem})
}

// operationFinished tells a framework that an operation was done, again from 10 s on until it is acknowledged.
func (m *Model) operationFinished(f *framework, a *agent, op *mesos.Offer_Operation) {
	if op.ID == nil {
		return
	}
	id := m.uuid()
	done := &operation{framework: f.id, status: mesos.OperationStatus{OperationID: op.ID, State: mesos.OPERATION_FINISHED,
		UUID: &mesos.UUID{Value: id[:]}, AgentID: &mesos.AgentID{Value: a.id}}}
	a.operations = append(a.operations, done)
	wait := m.options.UpdateRetryMin
	var send func()
	send = func() {
		if !slices.Contains(a.operations, done) || m.goneAgents[a.id] {
			return
		}
		if now := m.frameworks[done.framework]; now != nil && a.conn == up {
			m.operationStatus(now, done.status)
		}
		m.after(wait, send)
		wait = min(2*wait, m.options.UpdateRetryMax)
	}
	send()
}

func (m *Model) operationStatus(f *framework, status mesos.OperationStatus) {
	m.send(f, &scheduler.Event{Type: scheduler.Event_UPDATE_OPERATION_STATUS,
		UpdateOperationStatus: &scheduler.Event_UpdateOperationStatus{Status: status}})
}

func (m *Model) acknowledgeOperation(f *framework, ack *scheduler.Call_AcknowledgeOperationStatus) {
	for _, a := range m.agentOrder {
		if a.conn != up {
			continue
		}
		a.operations = slices.DeleteFunc(a.operations, func(done *operation) bool {
			return done.framework == f.id && done.status.OperationID.Value == ack.OperationID.Value &&
				bytes.Equal(done.status.UUID.GetValue(), ack.UUID)
		})
	}
}

// reconcileOperations answers for the named operations, or for all that are not acknowledged when none is named.
func (m *Model) reconcileOperations(f *framework, call *scheduler.Call_ReconcileOperations) {
	if len(call.Operations) == 0 {
		for _, a := range m.agentOrder {
			for _, done := range a.operations {
				if done.framework == f.id && a.isRegistered() {
					m.operationStatus(f, m.reconciled(done.status))
				}
			}
		}
		return
	}
	for _, wanted := range call.Operations {
		id := wanted.OperationID
		if done := m.unacknowledged(f, id.Value); done != nil {
			m.operationStatus(f, m.reconciled(done.status))
			continue
		}
		answer := mesos.OperationStatus{OperationID: &id, AgentID: wanted.AgentID, State: mesos.OPERATION_UNKNOWN,
			Message: text("Reconciliation: Operation is unknown")}
		a := m.agents[wanted.AgentID.GetValue()]
		switch {
		case m.markedGone[wanted.AgentID.GetValue()]:
			answer.State, answer.Message = mesos.OPERATION_GONE_BY_OPERATOR, text("Reconciliation: Agent marked gone by operator")
		case a != nil && a.conn == unreachable:
			answer.State, answer.Message = mesos.OPERATION_UNREACHABLE, text("Reconciliation: Agent is unreachable")
		case a != nil && a.conn == recovered:
			answer.State, answer.Message = mesos.OPERATION_RECOVERING, text("Reconciliation: Agent is recovered but has not reregistered")
		}
		m.operationStatus(f, answer)
	}
}

// unacknowledged finds an operation on a registered agent.
func (m *Model) unacknowledged(f *framework, id string) *operation {
	for _, a := range m.agentOrder {
		for _, done := range a.operations {
			if a.isRegistered() && done.framework == f.id && done.status.OperationID.Value == id {
				return done
			}
		}
	}
	return nil
}

// reconciled is a known status as a reconciliation repeats it: there is nothing to acknowledge in it.
func (m *Model) reconciled(s mesos.OperationStatus) mesos.OperationStatus {
	s.UUID = nil
	s.Message = text("Reconciliation: Latest operation state")
	return s
}
