package launch

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Alone makes the task for a LAUNCH without a group, run by the agent's own executor for one command, for Mesos before 1.3: the
// default executor there cannot show a task its volume, and aborts at a command health check (MESOS-7225, MESOS-6280). The
// task has all that the record holds, what a group's executor would have too. It has no readiness check, because nobody there
// would run it. The error is an *UnknownSpecError.
func Alone(l Launch) (mesos.TaskInfo, error) {
	pod, spec, ok := l.Target.Spec(l.Record.Pod, l.Record.Spec)
	if !ok {
		return mesos.TaskInfo{}, &UnknownSpecError{Pod: l.Record.Pod, Spec: l.Record.Spec, TargetID: l.Target.ID}
	}
	info := task(l, pod, spec)
	info.Resources = append(resources(l, tasks.ForExecutor), info.Resources...)
	info.Check, info.Container = nil, nil
	if networks := networks(pod); networks != nil {
		info.Container = &mesos.ContainerInfo{Type: mesos.ContainerInfo_MESOS.Enum(), NetworkInfos: networks}
	}
	return info, nil
}
