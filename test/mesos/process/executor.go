package process

import (
	"sync"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// executor is the life of one executor: it has tasks, in one or more groups, and ends with the last of them.
type executor struct {
	agent       *Agent
	agentID     string
	frameworkID string
	id          string
	runDir      string
	resources   []mesos.Resource
	environment *mesos.Environment
	command     bool // the agent's own executor for one plain command

	makeDir  func() error // once
	mounting sync.Mutex   // one task at a time shows its volumes in the shared sandbox

	mu        sync.Mutex
	tasks     map[string]*task
	stopping  bool // asked to shut down: no group is killed on top of it
	abandoned bool // nothing is reported any more
	unhealthy bool // a task was killed by its health check
}

func newExecutor(agent *Agent, group Group) *executor {
	made := &executor{
		agent: agent, agentID: group.AgentID, frameworkID: group.FrameworkID, id: group.Executor.ExecutorID.Value,
		runDir: agent.runDir(group), resources: group.Executor.Resources,
		environment: group.Executor.GetCommand().GetEnvironment(),
		command:     group.Executor.Type == mesos.ExecutorInfo_UNKNOWN,
		tasks:       map[string]*task{},
	}
	made.makeDir = sync.OnceValue(func() error { return makeRunDir(made.runDir) })
	return made
}

func (e *executor) key() executorKey { return executorKey{e.frameworkID, e.id} }

// launch is called with the agent's lock held.
func (e *executor) launch(group Group) {
	e.mu.Lock()
	defer e.mu.Unlock()
	members := make([]*task, 0, len(group.Tasks))
	for _, info := range group.Tasks {
		members = append(members, newTask(e, info, group.NestedIDs[info.TaskID.Value]))
	}
	for _, member := range members {
		member.group = members
		e.tasks[member.id] = member
	}
	for _, member := range members {
		e.agent.running.Add(1)
		go func() {
			defer e.agent.running.Done()
			member.live()
		}()
	}
}

func (e *executor) find(taskID string) *task {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.tasks[taskID]
}

func (e *executor) kill(taskID string, grace time.Duration) {
	e.mu.Lock()
	stopping := e.stopping
	e.mu.Unlock()
	if task := e.find(taskID); task != nil && !stopping {
		task.kill(grace)
	}
}

// shutdown kills every task with the executors' own grace, whatever the tasks' kill policies say (as observed in Mesos' source:
// a shutdown carries no policy).
func (e *executor) shutdown() {
	e.mu.Lock()
	e.stopping = true
	e.mu.Unlock()
	for _, task := range e.living() {
		task.kill(killGrace)
	}
}

// abandon ends all tasks at once and reports nothing of it.
func (e *executor) abandon() {
	e.mu.Lock()
	e.stopping, e.abandoned = true, true
	e.mu.Unlock()
	for _, task := range e.living() {
		task.abandon()
	}
}

func (e *executor) living() []*task {
	e.mu.Lock()
	defer e.mu.Unlock()
	living := make([]*task, 0, len(e.tasks))
	for _, task := range e.tasks {
		living = append(living, task)
	}
	return living
}

func (e *executor) report(status mesos.TaskStatus) {
	e.mu.Lock()
	abandoned := e.abandoned
	e.mu.Unlock()
	if !abandoned {
		e.agent.options.Report.TaskStatus(e.agentID, e.frameworkID, status)
	}
}

func (e *executor) becomeUnhealthy() {
	e.mu.Lock()
	e.unhealthy = true
	e.mu.Unlock()
}

func (e *executor) isUnhealthy() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.unhealthy
}

// taskEnded takes the rest of a group with a task that failed or was killed, and ends the executor with its last task.
func (e *executor) taskEnded(ended *task, state mesos.TaskState) {
	e.agent.mu.Lock() // before e.mu, as in Launch: no group may join an executor that is about to end
	e.mu.Lock()
	if e.tasks[ended.id] == ended {
		delete(e.tasks, ended.id)
	}
	last, stopping, abandoned := len(e.tasks) == 0, e.stopping, e.abandoned
	if last {
		e.agent.retire(e)
	}
	e.mu.Unlock()
	e.agent.mu.Unlock()
	if !stopping && state != mesos.TASK_FINISHED {
		for _, other := range ended.group {
			if other != ended {
				other.kill(killGrace)
			}
		}
	}
	if last && !abandoned {
		e.agent.options.Report.ExecutorExited(e.agentID, e.frameworkID, e.id, 0)
	}
}
