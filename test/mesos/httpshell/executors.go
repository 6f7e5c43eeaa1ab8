package httpshell

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// The Server is the process.Reporter of the agents that work for it.

// TaskStatus passes an executor's report on to the model. A report about something the model has forgotten is dropped.
func (s *Server) TaskStatus(agentID, frameworkID string, status mesos.TaskStatus) {
	s.owner.post(func(m *model.Model, now time.Time) {
		if err := m.TaskStatus(now, agentID, frameworkID, status); err != nil {
			s.log.Debug("a task status was not welcome", "task_id", status.TaskID.Value, "error", err)
		}
	})
}

// ExecutorExited passes an executor's end on to the model.
func (s *Server) ExecutorExited(agentID, frameworkID, executorID string, waitStatus int32) {
	s.owner.post(func(m *model.Model, now time.Time) {
		if err := m.ExecutorExited(now, agentID, frameworkID, executorID, waitStatus); err != nil {
			s.log.Debug("an executor's exit was not welcome", "executor_id", executorID, "error", err)
		}
	})
}
