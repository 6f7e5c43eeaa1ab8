package launch

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// shutdownMargin is what the executor gets on top of the task's kill grace to report and to end itself.
const shutdownMargin = 5 * time.Second

// executor is Mesos' own default executor. It must carry the framework's id, CPUs, memory and disk, and no command: the
// master answers TASK_ERROR with REASON_TASK_GROUP_INVALID otherwise (recorded from Mesos 1.12).
func executor(l Launch, pod tasks.PodSpec, spec tasks.TaskSpec) mesos.ExecutorInfo {
	return mesos.ExecutorInfo{
		Type:                mesos.ExecutorInfo_DEFAULT,
		ExecutorID:          mesos.ExecutorID{Value: l.Record.ExecutorID},
		FrameworkID:         &mesos.FrameworkID{Value: l.FrameworkID},
		Name:                new(pod.Type),
		Container:           container(networks(pod)),
		Resources:           resources(l, tasks.ForExecutor),
		ShutdownGracePeriod: &mesos.DurationInfo{Nanoseconds: (spec.KillGrace + shutdownMargin).Nanoseconds()},
	}
}

// networks names the virtual network on the executor: the tasks of a group share its network, and the master refuses
// network information on a task of a group.
func networks(pod tasks.PodSpec) []mesos.NetworkInfo {
	if pod.Network == "" {
		return nil
	}
	return []mesos.NetworkInfo{{Name: new(pod.Network)}}
}

// container is one of the Mesos containerizer with cgroups of its own, so that a database that takes too much memory
// does not take its executor along. Masters before 1.10 ignore the wish.
func container(networks []mesos.NetworkInfo) *mesos.ContainerInfo {
	return &mesos.ContainerInfo{
		Type:         mesos.ContainerInfo_MESOS.Enum(),
		NetworkInfos: networks,
		LinuxInfo:    &mesos.LinuxInfo{ShareCgroups: new(false)},
	}
}
