package process

import (
	"fmt"
	"strings"
	"syscall"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// status makes a status from scratch: without health, and with an empty result of the check if the task has one.
func (t *task) status(state mesos.TaskState) mesos.TaskStatus {
	return mesos.TaskStatus{TaskID: t.info.TaskID, State: state.Enum(), CheckStatus: emptyCheckStatus(t.info.Check)}
}

// emptyCheckStatus is a check without a result: not yet run, or timed out (CheckStatusInfo in mesos.proto).
func emptyCheckStatus(check *mesos.CheckInfo) *mesos.CheckStatusInfo {
	if check == nil {
		return nil
	}
	status := &mesos.CheckStatusInfo{Type: check.Type.Enum()}
	switch check.Type {
	case mesos.CheckInfo_COMMAND:
		status.Command = &mesos.CheckStatusInfo_Command{}
	case mesos.CheckInfo_HTTP:
		status.HTTP = &mesos.CheckStatusInfo_Http{}
	case mesos.CheckInfo_TCP:
		status.TCP = &mesos.CheckStatusInfo_Tcp{}
	}
	return status
}

// containerStatus is what a running container tells: where it is on the network and its executor's process.
func (t *task) containerStatus(pid int) *mesos.ContainerStatus {
	ip, number := t.agent().options.IP, uint32(pid)
	return &mesos.ContainerStatus{
		NetworkInfos: []mesos.NetworkInfo{{IPAddresses: []mesos.NetworkInfo_IPAddress{{
			Protocol: mesos.IPv4.Enum(), IPAddress: &ip}}}},
		ExecutorPID: &number,
	}
}

// waitMessage words a wait status as the executors do.
func waitMessage(status syscall.WaitStatus) string {
	if !status.Signaled() {
		return fmt.Sprintf("Command exited with status %d", status.ExitStatus())
	}
	name := status.Signal().String()
	message := "Command terminated with signal " + strings.ToUpper(name[:1]) + name[1:]
	if status.CoreDump() {
		message += " (core dumped)"
	}
	return message
}
