package mesos

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

func updated(status *mesos.TaskStatus) core.Updated {
	return core.Updated{
		TaskID:  status.TaskID.Value,
		AgentID: status.GetAgentID().GetValue(),
		Status:  Status(status),
		UUID:    status.UUID,
	}
}

// Status reads a status in our own words, see launch.StatusFromMesos.
func Status(status *mesos.TaskStatus) tasks.Status { return launch.StatusFromMesos(status) }
