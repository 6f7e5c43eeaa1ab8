package launch

import (
	"math"
	"strconv"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// StatusFromMesos reads a status in our own words. Since stays zero: only the core knows the state before. A state that mesos-go
// does not know becomes TASK_ and its number, which counts neither as running nor as ended: nothing is launched in its
// place.
func StatusFromMesos(status *mesos.TaskStatus) tasks.Status {
	out := tasks.Status{
		Message: status.GetMessage(),
		Healthy: status.Healthy,
		At:      moment(status.GetTimestamp()),
	}
	if status.State != nil {
		out.State = tasks.State(enum(mesos.TaskState_name, int32(*status.State), "TASK_"))
	}
	if status.Reason != nil {
		out.Reason = enum(mesos.TaskStatus_Reason_name, int32(*status.Reason), "REASON_")
	}
	if status.Source != nil {
		out.Source = enum(mesos.TaskStatus_Source_name, int32(*status.Source), "SOURCE_")
	}
	if status.CheckStatus != nil {
		out.HasCheck = true
		if status.CheckStatus.Command != nil {
			out.CheckExit = status.CheckStatus.Command.ExitCode
		}
	}
	if status.CheckStatus == nil {
		formerCheck(&out, status.GetLabels())
	}
	if container := status.ContainerStatus; container != nil {
		out.IPs = addresses(container.NetworkInfos)
		out.ContainerID = container.GetContainerID().GetValue()
		out.ParentID = container.GetContainerID().GetParent().GetValue()
	}
	return out
}

func addresses(networks []mesos.NetworkInfo) []string {
	var list []string
	for i := range networks {
		for j := range networks[i].IPAddresses {
			if ip := networks[i].IPAddresses[j].GetIPAddress(); ip != "" {
				list = append(list, ip)
			}
		}
	}
	return list
}

func enum(names map[int32]string, value int32, prefix string) string {
	if name, ok := names[value]; ok {
		return name
	}
	return prefix + strconv.Itoa(int(value))
}

// moment reads Mesos' seconds since 1970 as a float64, good for microseconds.
func moment(seconds float64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC()
}

// formerCheck reads the word of the SDK's own executor, which older services may still run under: it knew no checks of Mesos, and
// said with a label that the readiness check passed (the SDK's LabelConstants).
func formerCheck(out *tasks.Status, labels *mesos.Labels) {
	if labels == nil {
		return
	}
	for i := range labels.Labels {
		if label := &labels.Labels[i]; label.Key == "readiness_check_passed" && label.GetValue() == "true" {
			out.HasCheck, out.CheckExit = true, new(int32(0))
		}
	}
}
