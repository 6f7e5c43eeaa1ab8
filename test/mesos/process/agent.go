package process

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Options are the facts of one agent machine.
type Options struct {
	// WorkDir holds sandboxes (slaves/…) and persistent volumes (volumes/…). It is created. Required.
	WorkDir string
	// IP is the agent's address: what tasks see as LIBPROCESS_IP and MESOS_CONTAINER_IP. Default: 127.0.0.1.
	IP string
	// Port is the agent's own port, for MESOS_AGENT_ENDPOINT. Default: 5051.
	Port int
	// NoSandboxPath is an agent without the isolator volume/sandbox_path: tasks of a group run without their volumes, and
	// nothing says so.
	NoSandboxPath bool
	// KeepRuns is how many ended executors keep their sandbox folder; older ones are removed. Default: 10.
	KeepRuns int
	// Report takes the statuses. Required.
	Report Reporter
	// Log gets what goes wrong inside the agent itself. Default: nothing is logged.
	Log *slog.Logger
}

// killGrace is the executors' own time between SIGTERM and SIGKILL when nobody named one.
const killGrace = 3 * time.Second

// Agent runs tasks on this machine. Its methods do not wait for processes, except Stop.
type Agent struct {
	options Options
	log     *slog.Logger

	mu        sync.Mutex
	executors map[executorKey]*executor // those that take orders
	living    map[*executor]struct{}    // all with a task that has not ended, also those replaced or being shut down
	ended     []string                  // run folders of ended executors, oldest first
	stopped   bool
	running   sync.WaitGroup // tasks
}

// New makes the work folder and returns an agent on it. Volumes that are there are kept.
func New(options Options) (*Agent, error) {
	var faults []error
	if options.WorkDir == "" {
		faults = append(faults, errors.New("WorkDir is empty: name the folder for sandboxes and volumes"))
	}
	if options.Report == nil {
		faults = append(faults, errors.New("Report is missing: somebody must take the statuses"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("set up an agent: %w", err)
	}
	if options.IP == "" {
		options.IP = "127.0.0.1"
	}
	if options.Port == 0 {
		options.Port = 5051
	}
	if options.KeepRuns == 0 {
		options.KeepRuns = 10
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(options.WorkDir)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return nil, fmt.Errorf("set up an agent: %w", err)
	}
	options.WorkDir = dir
	return &Agent{options: options, log: options.Log.With("agent_ip", options.IP),
		executors: map[executorKey]*executor{}, living: map[*executor]struct{}{}}, nil
}

// Launch starts a group, in a new executor or in the living one of that id and container. Everything that goes wrong with a task is
// reported as its status; the error is about the group itself.
func (a *Agent) Launch(group Group) error {
	if err := group.check(); err != nil {
		return fmt.Errorf("launch a task group: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped {
		return errors.New("launch a task group: the agent has been stopped")
	}
	key := executorKey{group.FrameworkID, group.Executor.ExecutorID.Value}
	exec := a.executors[key]
	if exec == nil || exec.runDir != a.runDir(group) {
		if slices.Contains(a.ended, a.runDir(group)) {
			return fmt.Errorf("launch a task group: container %q of executor %q has ended", group.ContainerID, key.executor)
		}
		exec = newExecutor(a, group)
		a.executors[key] = exec
		a.living[exec] = struct{}{}
	}
	exec.launch(group)
	return nil
}

// Kill stops one task: SIGTERM, and SIGKILL after the grace. A negative grace means the executors' own 3 s. An unknown task, or
// one that is already being killed, is left alone, as the executors do.
func (a *Agent) Kill(frameworkID, executorID, taskID string, grace time.Duration) {
	if exec := a.find(frameworkID, executorID); exec != nil {
		exec.kill(taskID, grace)
	}
}

// Shutdown stops an executor with all its tasks. With force nothing is asked and nothing is reported: the machine went down.
func (a *Agent) Shutdown(frameworkID, executorID string, force bool) {
	exec := a.find(frameworkID, executorID)
	switch {
	case exec == nil:
	case force:
		a.forget(exec)
		exec.abandon()
	default:
		exec.shutdown()
	}
}

// KillExecutor ends an executor the way a stray SIGKILL does: its tasks die with it and only its exit is reported, with wait
// status 9.
func (a *Agent) KillExecutor(frameworkID, executorID string) {
	exec := a.find(frameworkID, executorID)
	if exec == nil {
		return
	}
	a.forget(exec)
	exec.abandon()
	a.options.Report.ExecutorExited(exec.agentID, frameworkID, executorID, 9)
}

// Reboot is the machine going down: everything that runs is gone at once and nothing is reported. Sandboxes and volumes stay.
func (a *Agent) Reboot() {
	for _, exec := range a.all() {
		a.forget(exec)
		exec.abandon()
	}
}

// Stop ends everything that runs, reports nothing, and returns when no process is left. The folders stay.
func (a *Agent) Stop() {
	a.mu.Lock()
	a.stopped = true
	a.mu.Unlock()
	a.Reboot()
	a.running.Wait()
}
