package process

import mesos "github.com/mesos/mesos-go/api/v1/lib"

// Reporter takes what the executors of an agent say. It is called from many goroutines, in order for each task, and must not
// wait for a call into the Agent.
type Reporter interface {
	// TaskStatus is one status. Task id, state, check status and, where known, reason, message, health and container status are
	// set; the rest (uuid, time, agent) is for the agent's side of the protocol to add.
	TaskStatus(agentID, frameworkID string, status mesos.TaskStatus)
	// ExecutorExited is the end of an executor with its wait status as in waitpid(2), after its tasks' last statuses.
	ExecutorExited(agentID, frameworkID, executorID string, waitStatus int32)
}
