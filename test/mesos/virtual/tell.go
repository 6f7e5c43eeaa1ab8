package virtual

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Check reports a result of a running task's check. It is an error when no such task runs or it has no check.
func (c *Cluster) Check(taskID string, exitCode int32) error {
	t, err := c.runningTask(taskID)
	if err != nil {
		return err
	}
	if t.info.Check == nil {
		return fmt.Errorf("task %q has no check", taskID)
	}
	c.check(t, exitCode)
	c.pump()
	return nil
}

// Health reports a result of a running task's health check; too many failures in a row get it killed.
func (c *Cluster) Health(taskID string, healthy bool) error {
	t, err := c.runningTask(taskID)
	if err != nil {
		return err
	}
	if t.info.HealthCheck == nil {
		return fmt.Errorf("task %q has no health check", taskID)
	}
	c.health(t, healthy)
	c.pump()
	return nil
}

// Exit ends a running task's command: 0 is TASK_FINISHED, all else TASK_FAILED.
func (c *Cluster) Exit(taskID string, code int) error {
	t, err := c.runningTask(taskID)
	if err != nil {
		return err
	}
	c.exit(t, code)
	c.pump()
	return nil
}

// KillExecutor ends the executor of a running task with SIGKILL: TASK_FAILED / REASON_EXECUTOR_TERMINATED and FAILURE.
func (c *Cluster) KillExecutor(taskID string) error {
	t, err := c.runningTask(taskID)
	if err != nil {
		return err
	}
	c.executorEnded(t.executor, 9)
	return nil
}

// Running returns the ids of the tasks whose command runs, in order of launch.
func (c *Cluster) Running() []string {
	var ids []string
	for _, launch := range c.launches {
		for _, info := range launch.Tasks {
			if t := c.tasks[taskKey(launch.FrameworkID, info.TaskID.Value)]; t.running && !t.ended {
				ids = append(ids, info.TaskID.Value)
			}
		}
	}
	return ids
}

// Info returns the TaskInfo a task was launched with.
func (c *Cluster) Info(taskID string) (mesos.TaskInfo, bool) {
	for _, launch := range c.launches {
		for _, info := range launch.Tasks {
			if info.TaskID.Value == taskID {
				return info, true
			}
		}
	}
	return mesos.TaskInfo{}, false
}

func (c *Cluster) runningTask(id string) (*task, error) {
	for _, launch := range c.launches {
		t := c.tasks[taskKey(launch.FrameworkID, id)]
		if t != nil && t.running && !t.ended {
			return t, nil
		}
	}
	return nil, fmt.Errorf("task %q is not running", id)
}

// Runs says whether a task's command runs, and whether it was told to end.
func (c *Cluster) Runs(taskID string) (runs, dying bool) {
	t, err := c.runningTask(taskID)
	if err != nil {
		return false, false
	}
	return true, t.dying
}
