package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/process/guard"
)

// task is the life of one task, from TASK_STARTING to its terminal status.
type task struct {
	executor *executor
	info     mesos.TaskInfo
	id       string
	sandbox  string
	group    []*task // those launched with it, itself too

	ctx  context.Context // ends when the task is killed or has ended: fetches and checks stop
	stop context.CancelFunc

	mu      sync.Mutex // also the order of this task's statuses
	run     *guard.Run // nil until started
	killing bool
	gone    bool          // abandoned
	grace   time.Duration // of the kill
	ended   bool
	latest  mesos.TaskStatus // the last TASK_RUNNING, which checks and health checks add to
}

func newTask(e *executor, info mesos.TaskInfo, containerID string) *task {
	made := &task{executor: e, info: info, id: info.TaskID.Value, sandbox: e.runDir}
	if !e.command {
		made.sandbox = filepath.Join(e.runDir, "containers", containerID)
	}
	made.ctx, made.stop = context.WithCancel(context.Background())
	return made
}

func (t *task) agent() *Agent { return t.executor.agent }

func (t *task) live() {
	defer t.stop()
	starting := t.status(mesos.TASK_STARTING)
	if t.executor.command {
		starting.ContainerStatus = t.containerStatus(os.Getpid())
	}
	t.executor.report(starting)
	run, err := t.start()
	if err != nil {
		t.end(t.launchFailed(err))
		return
	}
	t.runs(run)
	status, err := run.Wait()
	if err != nil {
		t.agent().log.Error("lost a task's guard", "task_id", t.id, "error", err)
	}
	t.end(t.exited(run, status))
}

// start makes the sandbox, fetches, and starts the command.
func (t *task) start() (*guard.Run, error) {
	if err := t.executor.makeDir(); err != nil {
		return nil, err
	}
	if err := t.makeSandbox(); err != nil {
		return nil, err
	}
	if err := t.mountVolumes(); err != nil {
		return nil, err
	}
	if err := t.fetchAll(); err != nil {
		return nil, err
	}
	command, err := t.guardCommand(t.info.Command, nil)
	if err != nil {
		return nil, err
	}
	stdout, err := t.output("stdout")
	if err != nil {
		return nil, err
	}
	defer stdout.Close()
	stderr, err := t.output("stderr")
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	run, err := guard.Start(command, stdout, stderr)
	if fault := (*guard.StartError)(nil); errors.As(err, &fault) {
		return nil, fmt.Errorf("Failed to execute command: %w", err) //nolint:staticcheck // worded as an agent words it
	}
	return run, err
}

func (t *task) output(name string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(t.sandbox, name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the task's output: %w", err)
	}
	return file, nil
}

// runs reports TASK_RUNNING and begins the checks. A kill or an end that came while it was starting takes effect now.
func (t *task) runs(run *guard.Run) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.run = run
	if t.gone {
		run.Abandon()
		return
	}
	if t.killing {
		t.terminate()
		return
	}
	t.latest = t.status(mesos.TASK_RUNNING)
	t.latest.ContainerStatus = t.containerStatus(run.GuardPid())
	t.executor.report(t.latest)
	if t.info.Check != nil {
		go t.checks(*t.info.Check)
	}
	if t.info.HealthCheck != nil {
		go t.healthChecks(*t.info.HealthCheck)
	}
}

// update reports what a check found, on top of the last TASK_RUNNING, unless the task is ending.
func (t *task) update(reason mesos.TaskStatus_Reason, change func(*mesos.TaskStatus)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx.Err() != nil || t.killing || t.ended {
		return
	}
	change(&t.latest)
	status := t.latest
	status.Reason = reason.Enum()
	t.executor.report(status)
}
