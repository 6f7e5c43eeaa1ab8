package process

import (
	"fmt"
	"os"
	"path/filepath"
)

// The folders of an agent, as a real one lays them out:
//
//	<work dir>/slaves/<agent>/frameworks/<framework>/executors/<executor>/runs/<container>     the executor's sandbox
//	    …/containers/<nested container>     a task's sandbox, with its stdout and stderr
//	    …/tasks/<task>                      a symlink to it
//	    …/runs/latest                       a symlink to the newest run
//	<work dir>/volumes/roles/<role>/<persistence id>
//
// A command task has the executor's sandbox as its own.

func (a *Agent) runDir(group Group) string {
	return filepath.Join(a.options.WorkDir, "slaves", group.AgentID, "frameworks", group.FrameworkID,
		"executors", group.Executor.ExecutorID.Value, "runs", group.ContainerID)
}

// Sandbox returns the folder of a living task, and false when there is none.
func (a *Agent) Sandbox(frameworkID, executorID, taskID string) (string, bool) {
	exec := a.find(frameworkID, executorID)
	if exec == nil {
		return "", false
	}
	task := exec.find(taskID)
	if task == nil {
		return "", false
	}
	return task.sandbox, true
}

// makeRunDir makes the executor's sandbox; the first of its tasks does so.
func makeRunDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the executor's sandbox: %w", err)
	}
	return link(dir, filepath.Join(filepath.Dir(dir), "latest"))
}

func (t *task) makeSandbox() error {
	if err := os.MkdirAll(t.sandbox, 0o755); err != nil {
		return fmt.Errorf("make the task's sandbox: %w", err)
	}
	if t.sandbox == t.executor.runDir {
		return nil
	}
	tasks := filepath.Join(t.executor.runDir, "tasks")
	if err := os.MkdirAll(tasks, 0o755); err != nil {
		return fmt.Errorf("make the folder of task links: %w", err)
	}
	return link(t.sandbox, filepath.Join(tasks, t.id))
}

// link makes name a symlink to target, in place of an older symlink.
func link(target, name string) error {
	if info, err := os.Lstat(name); err == nil && info.Mode()&os.ModeSymlink != 0 {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("replace a link: %w", err)
		}
	}
	if err := os.Symlink(target, name); err != nil {
		return fmt.Errorf("make a link: %w", err)
	}
	return nil
}
