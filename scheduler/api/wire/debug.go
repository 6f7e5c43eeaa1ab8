package wire

import "time"

// DebugOffers is the answer to GET /v2/debug/offers, and to /v1/debug/offers, as some documents call it: what came of the
// offers of the last minutes that were looked at for a step that still wants one.
//
//	{"acceptedCount": 3, "rejectedCount": 2, "failureReasons": {"short": 2}, "rejectedAgents": {"agent-1": 1, "agent-2": 1},
//	 "offers": [{"timestamp": "2026-11-22T12:00:00Z", "pod-instance-name": "cockroachdb-2:[node-join]", "outcome": "fail",
//	             "explanation": ["mem 3032 needed, 1024 free"], "offer": {"agentId": "agent-1", "hostname": "a1"}}],
//	 "summary": {"cockroachdb-2-node-join": {"agents": 2, "causes": [...], "nearest": {...}}}}
type DebugOffers struct {
	// Accepted counts the offers that a launch used since the process started; Rejected the entries of Offers.
	Accepted uint64 `json:"acceptedCount"`
	Rejected int    `json:"rejectedCount"`
	// FailureReasons count refusals by the kind of cause (see Cause), RejectedAgents by agent id.
	FailureReasons map[string]int      `json:"failureReasons"`
	RejectedAgents map[string]int      `json:"rejectedAgents"`
	Offers         List[OfferOutcome]  `json:"offers"`
	Summary        map[string]Refusals `json:"summary"` // ours: by task
}

// OfferOutcome is what came of one agent's offer for one step.
type OfferOutcome struct {
	Timestamp time.Time `json:"timestamp"`
	// Pod is the pod with its task, as steps are named.
	Pod         string       `json:"pod-instance-name"`
	Outcome     string       `json:"outcome"` // fail: what was taken is a task by now
	Explanation List[string] `json:"explanation"`
	Offer       OfferOf      `json:"offer"`
}

// OfferOf is whose offer it was. Offers themselves are not kept.
type OfferOf struct {
	AgentID  string `json:"agentId"`
	Hostname string `json:"hostname"`
}

// States of the scheduler in DebugPlans.
const (
	SchedulerRunning    = "RUNNING"
	SchedulerDeployed   = "DEPLOYED"
	SchedulerDeploying  = "DEPLOYING"
	SchedulerRecovering = "RECOVERING"
)

// DebugPlans is the answer to GET /v1/debug/plans?plan=&phase=&step=. A filter that names nothing is answered with 200 and
// InvalidInput alone, as the SDK does.
//
//	{"schedulerState": "DEPLOYING", "activePlans": ["deploy"],
//	 "plans": [{"name": "deploy", "status": "IN_PROGRESS", "strategy": "serial", "phases": [{"name": "node-deploy",
//	   "status": "IN_PROGRESS", "strategy": "serial", "steps": [{"name": "cockroachdb-0:[node-init]", "status": "STARTED",
//	   "errors": []}]}], "totalSteps": 4, "completedSteps": 0}],
//	 "serviceTopology": [{"name": "deploy", "type": "plan", "children": [{"name": "node-deploy", "type": "phase",
//	   "children": [{"name": "cockroachdb-0:[node-init]", "type": "step", "children": []}]}]}]}
type DebugPlans struct {
	State string `json:"schedulerState"`
	// Active are the plans that are not complete.
	Active List[string]    `json:"activePlans"`
	Plans  List[DebugPlan] `json:"plans"`
	// Topology names every plan, phase and step, filtered or not.
	Topology List[Topology] `json:"serviceTopology"`
}

// DebugPlan is a plan in DebugPlans.
type DebugPlan struct {
	Name      string           `json:"name"`
	Status    Status           `json:"status"`
	Strategy  string           `json:"strategy"`
	Phases    List[DebugPhase] `json:"phases"`
	Total     int              `json:"totalSteps"`
	Completed int              `json:"completedSteps"`
}

// DebugPhase is a phase in DebugPlans.
type DebugPhase struct {
	Name     string          `json:"name"`
	Status   Status          `json:"status"`
	Strategy string          `json:"strategy"`
	Steps    List[DebugStep] `json:"steps"`
}

// DebugStep is a step in DebugPlans.
type DebugStep struct {
	Name   string       `json:"name"`
	Status Status       `json:"status"`
	Errors List[string] `json:"errors"`
}

// Topology is a plan, phase or step with what is in it.
type Topology struct {
	Name     string         `json:"name"`
	Type     string         `json:"type"` // plan, phase, step
	Children List[Topology] `json:"children"`
}

// InvalidInput answers a filter of /v1/debug/plans and /v1/debug/taskStatuses that names nothing.
type InvalidInput struct {
	Text string `json:"invalid-input"`
}

// DebugStatuses is the answer to GET /v1/debug/taskStatuses?plan=&phase=&step=: the tasks behind each step. A step without
// a launched task has an empty list.
//
//	[{"name": "deploy", "phases": [{"name": "node-deploy", "steps": [{"name": "cockroachdb-0:[node-init]",
//	  "taskStatus": [{"name": "cockroachdb-0-node-init", "taskStatus": "TASK_RUNNING", "taskId": "…"}]}]}]}]
type DebugStatuses = List[PlanStatuses]

// PlanStatuses are the tasks behind a plan.
type PlanStatuses struct {
	Name   string              `json:"name"`
	Phases List[PhaseStatuses] `json:"phases"`
}

// PhaseStatuses are the tasks behind a phase.
type PhaseStatuses struct {
	Name  string             `json:"name"`
	Steps List[StepStatuses] `json:"steps"`
}

// StepStatuses are the tasks behind a step.
type StepStatuses struct {
	Name  string            `json:"name"`
	Tasks List[TaskOfAStep] `json:"taskStatus"`
}

// TaskOfAStep is a task with its state, by Mesos' name (TASK_RUNNING).
type TaskOfAStep struct {
	Name   string `json:"name"`
	Status string `json:"taskStatus"`
	ID     string `json:"taskId"`
}

// DebugReservations is the answer to GET /v1/debug/reservations: by agent's host name, the ids of the resources that are
// reserved there for the service.
//
//	{"a1.example.org": ["0d7c…", "9b21…"]}
type DebugReservations map[string]List[string]

// ReservationDetails is the answer to GET /v1/debug/reservations?details=true, which is ours: by agent's host name, what is
// reserved there for the service, by pod.
//
//	{"a1.example.org": [{"id": "9b21…", "pod": "cockroachdb-1", "for": "task", "kind": "ports", "port": "pg",
//	  "ports": [{"begin": 26257, "end": 26257}]}]}
type ReservationDetails map[string]List[Reservation]

// Reservation is one resource that is reserved for a pod.
type Reservation struct {
	// ID is the resource id, as in DebugReservations.
	ID  string `json:"id"`
	Pod string `json:"pod"`
	// For is task, or executor for the overhead beside it.
	For string `json:"for"`
	// Kind is cpus, mem, disk, volume, ports, or another kind by its name in Mesos.
	Kind string `json:"kind"`
	// Amount is in cores for cpus, in MiB for mem, disk and volume; left out for ports.
	Amount float64 `json:"amount,omitempty"`
	// Port is the name of the port, Ports are its numbers; both are left out for other kinds.
	Port  string      `json:"port,omitempty"`
	Ports List[Ports] `json:"ports,omitempty"`
	// Volume is the persistence id of a volume, left out for other kinds.
	Volume string `json:"volume,omitempty"`
}

// Ports is a range of ports, inclusive at both ends.
type Ports struct {
	Begin uint64 `json:"begin"`
	End   uint64 `json:"end"`
}
