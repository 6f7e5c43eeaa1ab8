package virtual

import (
	"fmt"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

type executorKey struct{ agent, framework, executor string }

// executor is a scripted executor: it behaves as Mesos' built-in ones do.
type executor struct {
	key   executorKey
	tasks []*task
}

// task is a scripted task.
type task struct {
	info     mesos.TaskInfo
	executor *executor
	script   Script
	running  bool
	dying    bool
	ended    bool
	failures uint32 // health checks failed in a row
}

func taskKey(framework, id string) string { return framework + "\x00" + id }

func (c *Cluster) launch(o model.LaunchGroup) {
	key := executorKey{o.AgentID, o.FrameworkID, o.Executor.ExecutorID.Value}
	e := c.executors[key]
	if e == nil {
		e = &executor{key: key}
		c.executors[key] = e
	}
	if aborts(o, c.Model.Edition()) {
		c.plan(100*time.Millisecond, func() { c.executorEnded(e, 6) })
		return
	}
	for _, info := range o.Tasks {
		t := &task{info: info, executor: e, script: c.scriptOf(info)}
		e.tasks = append(e.tasks, t)
		c.tasks[taskKey(o.FrameworkID, info.TaskID.Value)] = t
		c.whenAlive(t, t.script.Starting, func() {
			c.report(t, mesos.TaskStatus{State: mesos.TASK_STARTING.Enum()})
			c.whenAlive(t, t.script.Running, func() { c.run(t) })
		})
	}
}

// aborts says that the default executor of this edition ends itself over these tasks, by SIGABRT.
func aborts(o model.LaunchGroup, edition model.Edition) bool {
	if edition.Groups || o.Executor.Type != mesos.ExecutorInfo_DEFAULT {
		return false
	}
	for _, info := range o.Tasks {
		if info.HealthCheck.GetType() == mesos.HealthCheck_COMMAND {
			return true
		}
	}
	return false
}

// run is the moment the task's command starts.
func (c *Cluster) run(t *task) {
	t.running = true
	c.report(t, mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum()})
	if t.info.HealthCheck != nil {
		c.whenAlive(t, t.script.Healthy, func() { c.health(t, true) })
	}
	if t.info.Check != nil && c.Model.Edition().Checks {
		for _, result := range t.script.Checks {
			c.whenAlive(t, result.After, func() { c.check(t, result.ExitCode) })
		}
	}
	if exit := t.script.Exit; exit != nil {
		c.whenAlive(t, exit.After, func() { c.exit(t, exit.Code) })
	}
}

// whenAlive plans something that only happens if the task still lives then; a negative time is never.
func (c *Cluster) whenAlive(t *task, d time.Duration, do func()) {
	if d < 0 {
		return
	}
	c.plan(d, func() {
		if !t.ended && c.executors[t.executor.key] == t.executor {
			do()
		}
	})
}

func (c *Cluster) report(t *task, s mesos.TaskStatus) {
	s.TaskID = t.info.TaskID
	key := t.executor.key
	err := c.Model.TaskStatus(c.now, key.agent, key.framework, s)
	c.note(err, "report %s of task %s", s.GetState(), t.info.TaskID.Value)
}

func (c *Cluster) check(t *task, code int32) {
	status := &mesos.CheckStatusInfo{Type: &t.info.Check.Type}
	passed, httpCode := code == 0, uint32(200)
	if !passed {
		httpCode = 500
	}
	switch t.info.Check.Type {
	case mesos.CheckInfo_HTTP:
		status.HTTP = &mesos.CheckStatusInfo_Http{StatusCode: &httpCode}
	case mesos.CheckInfo_TCP:
		status.TCP = &mesos.CheckStatusInfo_Tcp{Succeeded: &passed}
	default:
		status.Command = &mesos.CheckStatusInfo_Command{ExitCode: &code}
	}
	c.report(t, mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum(), CheckStatus: status,
		Reason: mesos.REASON_TASK_CHECK_STATUS_UPDATED.Enum()})
}

// health reports a health check's result; after the failures in a row that the task allows, its executor kills it.
func (c *Cluster) health(t *task, healthy bool) {
	c.report(t, mesos.TaskStatus{State: mesos.TASK_RUNNING.Enum(), Healthy: &healthy,
		Reason: mesos.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED.Enum()})
	if t.failures++; healthy {
		t.failures = 0
	}
	if t.failures >= t.info.HealthCheck.GetConsecutiveFailures() && !healthy {
		c.killTask(t, -1)
	}
}

// exit ends the task's command by itself.
func (c *Cluster) exit(t *task, code int) {
	state := mesos.TASK_FAILED
	if code == 0 {
		state = mesos.TASK_FINISHED
	}
	c.end(t, state, fmt.Sprintf("Command exited with status %d", code))
}

// killTask ends a task the polite way, or by force when its grace is over first.
func (c *Cluster) killTask(t *task, grace time.Duration) {
	if t.dying {
		return
	}
	t.dying = true
	if grace < 0 {
		grace = 3 * time.Second // the built-in executors' own
	}
	wait, signal := t.script.Dies, "Terminated"
	if wait < 0 || wait > grace {
		wait, signal = grace, "Killed"
	}
	c.whenAlive(t, wait, func() { c.end(t, mesos.TASK_KILLED, "Command terminated with signal "+signal) })
}

// end reports a task's end. The others of its executor end too when it did not finish well, as the built-in default executor
// has it; with the last one the executor ends.
func (c *Cluster) end(t *task, state mesos.TaskState, message string) {
	t.ended = true
	c.report(t, mesos.TaskStatus{State: &state, Message: &message})
	alive := 0
	for _, other := range t.executor.tasks {
		if other.ended {
			continue
		}
		alive++
		if state != mesos.TASK_FINISHED {
			c.killTask(other, -1)
		}
	}
	if alive > 0 {
		return
	}
	e := t.executor
	c.plan(50*time.Millisecond, func() {
		if c.executors[e.key] == e {
			c.executorEnded(e, 0)
		}
	})
}

func (c *Cluster) executorEnded(e *executor, waitStatus int32) {
	delete(c.executors, e.key)
	for _, t := range e.tasks {
		t.ended = true
	}
	c.note(c.Model.ExecutorExited(c.now, e.key.agent, e.key.framework, e.key.executor, waitStatus), "end of executor %s", e.key.executor)
	c.pump()
}

// shutdown ends an executor that nobody listens to any more.
func (c *Cluster) shutdown(key executorKey) {
	if e := c.executors[key]; e != nil {
		c.executorEnded(e, 0)
	}
}
