package core

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// attested takes a node's word in place of the readiness check, where agents run none (Link.Alone): a node is ready while it
// answers the scheduler as a member of its cluster. Without an answer yet the check has no result, see checked.
func (f *frame) attested(node plans.NodeView) {
	record := f.Facts.Records[node.Task]
	if !f.Link.Alone || record == nil || record.TaskID != node.TaskID || record.Status.State != tasks.Running || record.Idling {
		return
	}
	exit := int32(0)
	if node.Error != "" {
		exit = 1
	}
	if known := record.Status.CheckExit; known != nil && *known == exit {
		return
	}
	status := record.Status
	status.HasCheck, status.CheckExit = true, &exit
	f.change(*record, Updated{TaskID: record.TaskID, AgentID: record.Agent.ID, Status: status})
}
