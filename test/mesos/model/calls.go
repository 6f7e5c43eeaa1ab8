package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

func (m *Model) call(stream string, call *scheduler.Call) *Refusal {
	if refusal := validateCall(call); refusal != nil {
		return refusal
	}
	if call.Type == scheduler.Call_SUBSCRIBE {
		return RefusedSubscribeWithStream
	}
	f := m.frameworks[call.FrameworkID.GetValue()]
	switch {
	case f == nil:
		return badRequest("Framework cannot be found")
	case f.stream == "":
		return &Refusal{Status: 403, Text: "Framework is not subscribed"}
	case stream == "":
		return badRequest("All non-subscribe calls should include the 'Mesos-Stream-Id' header")
	case stream != f.stream:
		return badRequest("The stream ID '%s' included in this request didn't match the stream ID currently associated "+
			"with framework ID %s", stream, f.id)
	}
	return m.dispatch(f, call)
}

func (m *Model) dispatch(f *framework, call *scheduler.Call) *Refusal {
	switch call.Type {
	case scheduler.Call_TEARDOWN:
		m.removeFramework(f)
	case scheduler.Call_ACCEPT:
		m.accept(f, call.Accept)
	case scheduler.Call_DECLINE:
		m.decline(f, call.Decline)
	case scheduler.Call_ACCEPT_INVERSE_OFFERS:
		m.answerInverse(f, call.AcceptInverseOffers.InverseOfferIDs, call.AcceptInverseOffers.Filters)
	case scheduler.Call_DECLINE_INVERSE_OFFERS:
		m.answerInverse(f, call.DeclineInverseOffers.InverseOfferIDs, call.DeclineInverseOffers.Filters)
	case scheduler.Call_REVIVE:
		m.revive(f, call.Revive.GetRoles())
	case scheduler.Call_SUPPRESS:
		m.suppress(f, call.Suppress.GetRoles())
	case scheduler.Call_KILL:
		m.kill(f, call.Kill)
	case scheduler.Call_SHUTDOWN:
		m.shutdown(f, call.Shutdown)
	case scheduler.Call_ACKNOWLEDGE:
		m.acknowledge(f, call.Acknowledge)
	case scheduler.Call_ACKNOWLEDGE_OPERATION_STATUS:
		m.acknowledgeOperation(f, call.AcknowledgeOperationStatus)
	case scheduler.Call_RECONCILE:
		m.reconcile(f, call.Reconcile)
	case scheduler.Call_RECONCILE_OPERATIONS:
		m.reconcileOperations(f, call.ReconcileOperations)
	case scheduler.Call_MESSAGE:
		m.message(f, call.Message)
	case scheduler.Call_UPDATE_FRAMEWORK:
		return m.updateFramework(f, call.UpdateFramework)
	case scheduler.Call_REQUEST: // the built-in allocator takes no notice of it
	}
	return nil
}

func (m *Model) shutdown(f *framework, call *scheduler.Call_Shutdown) {
	a := m.agents[call.AgentID.Value]
	if a == nil || a.conn != up || a.executor(executorKey{f.id, call.ExecutorID.Value}) == nil {
		return
	}
	m.emit(ShutdownExecutor{AgentID: a.id, FrameworkID: f.id, ExecutorID: call.ExecutorID.Value})
}

func (m *Model) message(f *framework, call *scheduler.Call_Message) {
	a := m.agents[call.AgentID.Value]
	if a == nil || a.conn != up || a.executor(executorKey{f.id, call.ExecutorID.Value}) == nil {
		return
	}
	m.emit(ExecutorMessage{AgentID: a.id, FrameworkID: f.id, ExecutorID: call.ExecutorID.Value, Data: call.Data})
}

// updateFramework replaces the FrameworkInfo; offers of roles that are gone are rescinded.
func (m *Model) updateFramework(f *framework, call *scheduler.Call_UpdateFramework) *Refusal {
	info := call.FrameworkInfo
	if info.GetID().GetValue() != f.id {
		return invalidCall("'framework_id' differs from 'update_framework.framework_info.id'")
	}
	if problem := m.subscribeProblem(&info, call.SuppressedRoles); problem != "" {
		return badRequest("%s", "'FrameworkInfo' update is invalid: "+problem)
	}
	switch {
	case info.GetPrincipal() != f.info.GetPrincipal():
		return badRequest("Updating 'FrameworkInfo.principal' is unsupported")
	case info.User != f.info.User:
		return badRequest("Updating 'FrameworkInfo.user' is unsupported")
	case info.GetCheckpoint() != f.info.GetCheckpoint():
		return badRequest("Updating 'FrameworkInfo.checkpoint' is unsupported")
	}
	f.info = info
	f.suppressed = setOf(call.SuppressedRoles)
	mine := setOf(f.roles())
	for _, o := range m.offersOf(func(o *offer) bool { return o.framework == f && !mine[o.role] }) {
		m.rescind(o)
	}
	m.allocate(m.agentOrder)
	return nil
}

// kill stops a task, or answers as a reconciliation does when the task is not known.
func (m *Model) kill(f *framework, call *scheduler.Call_Kill) {
	t := f.tasks[call.TaskID.Value]
	if t == nil {
		m.reconcileOne(f, call.TaskID, call.AgentID)
		return
	}
	a := t.agent
	if call.AgentID != nil && call.AgentID.Value != a.id {
		return // the master logs it and does nothing
	}
	wait := t.killGrace()
	if g := grace(call.KillPolicy); g >= 0 {
		wait = g
	}
	order := func() { m.orderKill(t, wait) }
	if a.conn != up {
		a.whenBack = append(a.whenBack, order)
		return
	}
	order()
}

func (m *Model) orderKill(t *task, wait time.Duration) {
	if isTerminal(t.latest) || t.agent.executor(t.executor.key) != t.executor {
		return
	}
	if t.executor.nested && !m.edition.KillGrace {
		wait = -1
	}
	m.emit(KillTask{AgentID: t.agent.id, FrameworkID: t.framework, ExecutorID: t.executor.key.executor, TaskID: t.id(), Grace: wait})
}

// masterStatus is a status the master makes itself: never with a uuid.
func (m *Model) masterStatus(id mesos.TaskID, agentID *mesos.AgentID, state mesos.TaskState, reason mesos.TaskStatus_Reason,
	message string) mesos.TaskStatus {
	return mesos.TaskStatus{TaskID: id, AgentID: agentID, State: &state, Reason: &reason, Message: &message,
		Source: mesos.SOURCE_MASTER.Enum(), Timestamp: m.timestamp()}
}
