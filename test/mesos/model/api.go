package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// New returns a master that has just been elected: no agents, no frameworks.
func New(options Options) *Model { return newModel(options) }

// --- the scheduler API

// Validate answers what the master says about a call before it looks at its own state ("Failed to validate
// scheduler::Call: …"), or nil. Subscribe and Call do this themselves.
func Validate(call *scheduler.Call) *Refusal { return validateCall(call) }

// SuccessStatus is the HTTP status of an accepted call: 202, and 200 for SUBSCRIBE and UPDATE_FRAMEWORK.
func SuccessStatus(call *scheduler.Call) int { return successStatus(call) }

// Subscribe handles a SUBSCRIBE without a Mesos-Stream-Id header (a shell answers RefusedSubscribeWithStream when the
// header is there, after Validate). Without a refusal the answer is 200 with the returned stream id in the header, even when
// the master then refuses the framework: an EventTo with ERROR and a CloseStream for this stream are then in Outputs.
func (m *Model) Subscribe(now time.Time, call *scheduler.Call) (streamID string, refusal *Refusal) {
	m.touch(now)
	return m.subscribe(call)
}

// Call handles every other call. streamID is the request's Mesos-Stream-Id header, empty when absent. Nil means accepted,
// with SuccessStatus; what the call causes is in Outputs.
func (m *Model) Call(now time.Time, streamID string, call *scheduler.Call) *Refusal {
	m.touch(now)
	return m.call(streamID, call)
}

// Disconnect tells the model that the connection of a stream is gone. An unknown or replaced stream is ignored. The
// framework's fail-over time starts.
func (m *Model) Disconnect(now time.Time, streamID string) {
	m.touch(now)
	m.disconnect(streamID)
}

// --- time

// Advance does what is due at now: allocation, heartbeats, expired filters, repeated updates, silent agents, frameworks whose
// fail-over time has passed, drains that have ended. Calling it too early or too late is harmless; time never goes back.
func (m *Model) Advance(now time.Time) {
	m.advance(now)
}

// Next returns the time at which Advance has something to do, and false when nothing is planned.
func (m *Model) Next() (time.Time, bool) { return m.next() }

// Outputs returns, in order, what came out since the last call of Outputs, and forgets it. It is called after every
// other method that takes a time.
func (m *Model) Outputs() []Output {
	out := m.outputs
	m.outputs = nil
	return out
}

// --- agents and what runs on them

// AddAgent registers a new agent and returns its id. An agent at the address of a registered one takes its place: the old
// id is removed and its tasks are TASK_LOST / REASON_AGENT_REMOVED (as observed when an agent loses its metadata).
func (m *Model) AddAgent(now time.Time, spec AgentSpec) (agentID string) {
	m.touch(now)
	return m.addAgent(spec)
}

// TaskStatus takes what an executor reports. Only TaskID and State are required; Reason, Message, Data, Healthy,
// CheckStatus, Labels and a ContainerStatus (network, pid) are kept when given. The model adds source, agent, executor, uuid,
// timestamp and container id; where the report has none, it repeats the last known Healthy and CheckStatus while the task
// is alive, and gives a terminal status an empty CheckStatus and, for TASK_KILLED after a failed health check, Healthy false:
// what the built-in executors do. While the agent is down the status waits.
func (m *Model) TaskStatus(now time.Time, agentID, frameworkID string, status mesos.TaskStatus) error {
	m.touch(now)
	return m.executorReports(agentID, frameworkID, status)
}

// ExecutorExited tells that an executor's process has ended with a wait status as in waitpid(2) (0 is a clean end, 9 is
// SIGKILL). Tasks without a terminal status become TASK_FAILED / REASON_EXECUTOR_TERMINATED; the framework gets FAILURE.
func (m *Model) ExecutorExited(now time.Time, agentID, frameworkID, executorID string, waitStatus int32) error {
	m.touch(now)
	return m.executorExited(agentID, frameworkID, executorID, waitStatus)
}

// AgentDown stops an agent process (kill -9): its executors and tasks keep running. Offers of it are rescinded; after
// the ping time-out it is unreachable.
func (m *Model) AgentDown(now time.Time, agentID string) error {
	m.touch(now)
	return m.agentDown(agentID)
}

// AgentReturn starts the agent process again with its metadata. What its executors reported meanwhile is delivered. If the
// agent had been unreachable its live tasks get TASK_RUNNING / REASON_AGENT_REREGISTERED without uuid.
func (m *Model) AgentReturn(now time.Time, agentID string) error {
	m.touch(now)
	return m.agentReturn(agentID)
}

// AgentReboot is AgentDown with every executor killed: on AgentReturn their tasks are
// TASK_FAILED / REASON_EXECUTOR_TERMINATED. ShutdownExecutor outputs name what a shell must kill.
func (m *Model) AgentReboot(now time.Time, agentID string) error {
	m.touch(now)
	return m.agentReboot(agentID)
}

// AgentRemoved is an agent that unregisters (SIGUSR1): its executors are shut down, tasks are TASK_LOST /
// REASON_AGENT_REMOVED. Started again (AgentReturn) it has the same id, reservations and volumes, as observed.
func (m *Model) AgentRemoved(now time.Time, agentID string) error {
	m.touch(now)
	return m.agentRemoved(agentID)
}

// AgentLost is an agent whose metadata was lost: it registers anew, with a new id, at the same address. Its reservations and
// volumes are gone. It returns the new id. The old id of an unreachable agent, or of one not back after a fail-over, stays with
// the master: its tasks are TASK_UNREACHABLE until MarkAgentGone, and AgentReturn is an error.
func (m *Model) AgentLost(now time.Time, agentID string) (newAgentID string, err error) {
	m.touch(now)
	return m.agentLost(agentID, false)
}

// AgentRenewed is AgentLost with reservations and volumes kept: an agent stores them apart from its identity. What runs ends.
func (m *Model) AgentRenewed(now time.Time, agentID string) (newAgentID string, err error) {
	m.touch(now)
	return m.agentLost(agentID, true)
}

// --- the operator

// MarkAgentGone is the operator call MARK_AGENT_GONE: TASK_GONE_BY_OPERATOR, and the agent may never come back. A second call
// is no fault. Nothing is told of the tasks of an agent that has not come back after a master fail-over: only a reconciliation
// says it.
func (m *Model) MarkAgentGone(now time.Time, agentID string) *Refusal {
	m.touch(now)
	if !m.edition.Gone {
		return unknownCall
	}
	return m.markAgentGone(agentID)
}

// DrainAgent is DRAIN_AGENT: tasks are killed with reason REASON_AGENT_DRAINING, the agent is deactivated and, with
// markGone, marked gone once empty. An agent in the maintenance schedule cannot be drained. A negative maxGrace means none was given: tasks keep their own kill grace.
func (m *Model) DrainAgent(now time.Time, agentID string, maxGrace time.Duration, markGone bool) *Refusal {
	m.touch(now)
	if !m.edition.Draining {
		return unknownCall
	}
	return m.drainAgent(agentID, maxGrace, markGone)
}

// ReactivateAgent is REACTIVATE_AGENT: a deactivated or drained agent is offered again.
func (m *Model) ReactivateAgent(now time.Time, agentID string) *Refusal {
	m.touch(now)
	return m.reactivateAgent(agentID)
}

// Maintenance is UPDATE_MAINTENANCE_SCHEDULE: it replaces the schedule. Outstanding offers of machines that come in or go out
// are rescinded; frameworks with resources there get INVERSE_OFFERS; later offers carry the unavailability.
func (m *Model) Maintenance(now time.Time, schedule []Window) *Refusal {
	m.touch(now)
	return m.maintenance(schedule)
}

// Reserve is RESERVE_RESOURCES of the operator API, for free resources of an agent. An operator's call first takes back
// outstanding offers of that agent when it needs what is in them.
func (m *Model) Reserve(now time.Time, agentID string, resources []mesos.Resource) *Refusal {
	m.touch(now)
	return m.operate(agentID, mesos.Offer_Operation{
		Type: mesos.Offer_Operation_RESERVE, Reserve: &mesos.Offer_Operation_Reserve{Resources: resources}})
}

// Unreserve is UNRESERVE_RESOURCES of the operator API.
func (m *Model) Unreserve(now time.Time, agentID string, resources []mesos.Resource) *Refusal {
	m.touch(now)
	return m.operate(agentID, mesos.Offer_Operation{
		Type: mesos.Offer_Operation_UNRESERVE, Unreserve: &mesos.Offer_Operation_Unreserve{Resources: resources}})
}

// CreateVolumes is CREATE_VOLUMES of the operator API.
func (m *Model) CreateVolumes(now time.Time, agentID string, volumes []mesos.Resource) *Refusal {
	m.touch(now)
	return m.operate(agentID, mesos.Offer_Operation{
		Type: mesos.Offer_Operation_CREATE, Create: &mesos.Offer_Operation_Create{Volumes: volumes}})
}

// DestroyVolumes is DESTROY_VOLUMES of the operator API.
func (m *Model) DestroyVolumes(now time.Time, agentID string, volumes []mesos.Resource) *Refusal {
	m.touch(now)
	return m.operate(agentID, mesos.Offer_Operation{
		Type: mesos.Offer_Operation_DESTROY, Destroy: &mesos.Offer_Operation_Destroy{Volumes: volumes}})
}

// TeardownFramework is the operator's TEARDOWN.
func (m *Model) TeardownFramework(now time.Time, frameworkID string) *Refusal {
	m.touch(now)
	return m.operatorTeardown(frameworkID)
}

// MasterFailover replaces the master by another one with the given id (empty: a generated one). Every stream is closed and
// all that a master only holds in memory is forgotten; agents that are up come back after AgentReregisterDelay, those that
// are down stay "recovered" (reconciliation gets no answer about them) until they return or AgentReregisterTimeout passes.
func (m *Model) MasterFailover(now time.Time, masterID string) {
	m.touch(now)
	m.masterFailover(masterID)
}

// --- reading

// State returns a copy of what the master knows, for tests and for a page like /state. Until something happens it is the same
// copy again, so nobody may write into it. Where it is needed after every event, see views.go.
func (m *Model) State() State { return m.state() }
