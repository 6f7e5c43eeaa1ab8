package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// Output is one thing the model wants done outside: one of the types in this file. Outputs are done in order.
type Output interface{ isOutput() }

// EventTo sends an event down a subscription. The event is not changed by the model afterwards and must not be changed by
// the reader.
type EventTo struct {
	StreamID string
	Event    *scheduler.Event
}

// CloseStream ends a subscription's response after the events before it.
type CloseStream struct{ StreamID string }

// LaunchGroup starts an executor with a group of tasks on an agent. The executor reports each task's statuses through
// TaskStatus and its own end through ExecutorExited. For a task of a plain LAUNCH without an ExecutorInfo, Executor.Type is
// UNKNOWN, its id is the task's id (as the agent's command executor has it) and Tasks has one element. A LaunchGroup that
// names an executor which runs already (same agent, framework and executor id) gives it more tasks.
type LaunchGroup struct {
	AgentID     string
	FrameworkID string
	// User is the account the tasks run under unless their command names another (FrameworkInfo.user).
	User     string
	Executor mesos.ExecutorInfo
	Tasks    []mesos.TaskInfo
	// ContainerID is the executor's container; NestedIDs the tasks' own, by task id, for a DEFAULT executor.
	ContainerID string
	NestedIDs   map[string]string
}

// KillTask asks an executor to stop a task. Its answer is a terminal TaskStatus.
type KillTask struct {
	AgentID     string
	FrameworkID string
	ExecutorID  string
	TaskID      string
	// Grace is the time between the polite signal and the hard one: that of the call, else of the task's kill policy, else
	// negative for "none named" (the executors' own default is 3 s).
	Grace time.Duration
}

// ShutdownExecutor stops an executor with all its tasks (TEARDOWN, SHUTDOWN, agent removed or rebooted). Afterwards statuses of
// its tasks are only welcome where the framework still exists; others are ignored without error.
type ShutdownExecutor struct {
	AgentID     string
	FrameworkID string
	ExecutorID  string
	// Force is set when there is nobody left to be polite to: the machine itself went down.
	Force bool
}

// ExecutorMessage carries a framework's MESSAGE to an executor.
type ExecutorMessage struct {
	AgentID     string
	FrameworkID string
	ExecutorID  string
	Data        []byte
}

// CreateVolume makes the folder of a new persistent volume on an agent.
type CreateVolume struct {
	AgentID string
	Volume  mesos.Resource
}

// DestroyVolume removes a persistent volume and everything in it.
type DestroyVolume struct {
	AgentID string
	Volume  mesos.Resource
}

// AgentForgotten says that an agent id will never be used again (removed, gone, replaced): its folders may go.
type AgentForgotten struct{ AgentID string }

func (EventTo) isOutput()          {}
func (CloseStream) isOutput()      {}
func (LaunchGroup) isOutput()      {}
func (KillTask) isOutput()         {}
func (ShutdownExecutor) isOutput() {}
func (ExecutorMessage) isOutput()  {}
func (CreateVolume) isOutput()     {}
func (DestroyVolume) isOutput()    {}
func (AgentForgotten) isOutput()   {}
