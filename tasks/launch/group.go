package launch

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// UnknownSpecError says that a record names a pod or a task that its target does not have.
type UnknownSpecError struct {
	Pod      tasks.Pod
	Spec     string
	TargetID string
}

func (e *UnknownSpecError) Error() string {
	return fmt.Sprintf("task %q of pod %s is not in target %s: launch it under the target that it was recorded with",
		e.Spec, e.Pod, e.TargetID)
}

// Group makes the two parts of a LAUNCH_GROUP: the default executor of the pod and the one task in it. Every launch has
// an executor of its own. The error is an *UnknownSpecError.
func Group(l Launch) (mesos.ExecutorInfo, []mesos.TaskInfo, error) {
	pod, spec, ok := l.Target.Spec(l.Record.Pod, l.Record.Spec)
	if !ok {
		return mesos.ExecutorInfo{}, nil, &UnknownSpecError{Pod: l.Record.Pod, Spec: l.Record.Spec, TargetID: l.Target.ID}
	}
	return executor(l, pod, spec), []mesos.TaskInfo{task(l, pod, spec)}, nil
}

// Info is the task with its executor inside, as /v1/pod/{name}/info shows it. The error is an *UnknownSpecError.
func Info(l Launch) (mesos.TaskInfo, error) {
	if l.Alone {
		return Alone(l)
	}
	executor, group, err := Group(l)
	if err != nil {
		return mesos.TaskInfo{}, err
	}
	group[0].Executor = &executor
	return group[0], nil
}

// resources lists what a record holds for one of the two containers, in the order held.
func resources(l Launch, holder tasks.Holder) []mesos.Resource {
	var list []mesos.Resource
	for _, held := range l.Record.Held {
		if held.For == holder {
			list = append(list, Resource(held.Resource, l.Refined))
		}
	}
	return list
}
