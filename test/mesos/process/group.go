package process

import (
	"errors"
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Group is a launch of tasks that live and die together.
type Group struct {
	AgentID     string
	FrameworkID string
	// Executor of type DEFAULT runs any number of tasks; of type UNKNOWN it is the agent's own executor for one plain command.
	// A second group with the id and the container of a living executor joins it.
	Executor mesos.ExecutorInfo
	Tasks    []mesos.TaskInfo
	// ContainerID names the executor's run folder; NestedIDs, by task id, the tasks' folders in it (DEFAULT only).
	ContainerID string
	NestedIDs   map[string]string
}

// check names everything that makes a group impossible to run.
func (g Group) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if g.AgentID == "" || g.FrameworkID == "" || g.Executor.ExecutorID.Value == "" || g.ContainerID == "" {
		fault("agent %q, framework %q, executor %q and container %q must all be named",
			g.AgentID, g.FrameworkID, g.Executor.ExecutorID.Value, g.ContainerID)
	}
	if len(g.Tasks) == 0 {
		fault("the group has no tasks")
	}
	switch g.Executor.Type {
	case mesos.ExecutorInfo_DEFAULT:
		for _, task := range g.Tasks {
			if g.NestedIDs[task.TaskID.Value] == "" {
				fault("task %q has no container id", task.TaskID.Value)
			}
		}
	case mesos.ExecutorInfo_UNKNOWN:
		if len(g.Tasks) > 1 {
			fault("a command executor runs one task, not %d", len(g.Tasks))
		}
	default:
		fault("executor type %s: only the default executor and plain commands can be run", g.Executor.Type)
	}
	return errors.Join(faults...)
}
