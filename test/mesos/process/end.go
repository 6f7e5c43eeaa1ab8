package process

import (
	"syscall"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/process/guard"
)

// How a task ends: it is killed, it never started, or its command has ended.

// kill asks the task to end. Its checks stop at once; a fetch is given up.
func (t *task) kill(grace time.Duration) {
	if grace < 0 {
		grace = killGrace
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.killing || t.ended {
		return
	}
	t.killing, t.grace = true, grace
	t.stop()
	if t.run != nil {
		t.terminate()
	}
}

// terminate is SIGTERM now and SIGKILL after the grace.
func (t *task) terminate() {
	if t.executor.command {
		t.run.TermTree()
	} else {
		t.run.Term()
	}
	time.AfterFunc(t.grace, t.run.Kill)
}

// abandon ends the task at once.
func (t *task) abandon() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gone = true
	t.stop()
	if t.run != nil {
		t.run.Abandon()
	}
}

// launchFailed is the end of a task that never ran.
func (t *task) launchFailed(err error) mesos.TaskStatus {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.killing {
		return t.status(mesos.TASK_KILLED)
	}
	status := t.status(mesos.TASK_FAILED)
	message := err.Error()
	status.Message = &message
	return status
}

// exited is the end of a task that ran.
func (t *task) exited(run *guard.Run, wait syscall.WaitStatus) mesos.TaskStatus {
	t.mu.Lock()
	defer t.mu.Unlock()
	state := mesos.TASK_FAILED
	switch {
	case t.killing:
		state = mesos.TASK_KILLED
	case wait.Exited() && wait.ExitStatus() == 0:
		state = mesos.TASK_FINISHED
	}
	status := t.status(state)
	message := waitMessage(wait)
	status.Message = &message
	if t.executor.command {
		status.ContainerStatus = t.containerStatus(run.GuardPid())
	}
	return status
}

func (t *task) end(status mesos.TaskStatus) {
	if t.executor.isUnhealthy() {
		healthy := false
		status.Healthy = &healthy
	}
	t.mu.Lock()
	t.ended = true
	t.stop()
	t.executor.report(status)
	t.mu.Unlock()
	t.executor.taskEnded(t, status.GetState())
}
