package launch

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Status makes a record's last status into Mesos' form again, as /v1/pod/{name}/info shows it.
func Status(r tasks.Record) mesos.TaskStatus {
	status := r.Status
	out := mesos.TaskStatus{
		TaskID:          mesos.TaskID{Value: r.TaskID},
		Healthy:         status.Healthy,
		ContainerStatus: containerStatus(status),
	}
	if value, ok := mesos.TaskState_value[string(status.State)]; ok {
		out.State = mesos.TaskState(value).Enum()
	}
	if value, ok := mesos.TaskStatus_Reason_value[status.Reason]; ok {
		out.Reason = mesos.TaskStatus_Reason(value).Enum()
	}
	if value, ok := mesos.TaskStatus_Source_value[status.Source]; ok {
		out.Source = mesos.TaskStatus_Source(value).Enum()
	}
	if status.Message != "" {
		out.Message = &status.Message
	}
	if r.Agent.ID != "" {
		out.AgentID = &mesos.AgentID{Value: r.Agent.ID}
	}
	if r.ExecutorID != "" {
		out.ExecutorID = &mesos.ExecutorID{Value: r.ExecutorID}
	}
	if !status.At.IsZero() {
		out.Timestamp = new(float64(status.At.UnixMicro()) / 1e6)
	}
	if status.HasCheck {
		out.CheckStatus = &mesos.CheckStatusInfo{
			Type:    mesos.CheckInfo_COMMAND.Enum(),
			Command: &mesos.CheckStatusInfo_Command{ExitCode: status.CheckExit},
		}
	}
	return out
}

func containerStatus(status tasks.Status) *mesos.ContainerStatus {
	if status.ContainerID == "" && len(status.IPs) == 0 {
		return nil
	}
	out := &mesos.ContainerStatus{}
	if status.ContainerID != "" {
		out.ContainerID = &mesos.ContainerID{Value: status.ContainerID}
		if status.ParentID != "" {
			out.ContainerID.Parent = &mesos.ContainerID{Value: status.ParentID}
		}
	}
	if len(status.IPs) > 0 {
		addresses := make([]mesos.NetworkInfo_IPAddress, len(status.IPs))
		for i := range status.IPs {
			addresses[i].IPAddress = new(status.IPs[i])
		}
		out.NetworkInfos = []mesos.NetworkInfo{{IPAddresses: addresses}}
	}
	return out
}
