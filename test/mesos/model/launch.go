package model

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// launchTask is one task of a LAUNCH.
func (m *Model) launchTask(x *acceptance, info mesos.TaskInfo) {
	problem := m.taskProblem(x, &info)
	var own, executorOwn pile.Pile
	if problem == "" {
		own, executorOwn, problem = x.demand(m.edition, info.Executor, info.Resources)
	}
	if problem == "" && !x.left.Contains(own.Plus(executorOwn)) {
		problem = "Total resources " + own.Plus(executorOwn).Text(x.role) + " required by task and its executor is more than " +
			"available " + x.left.Text(x.role)
	}
	if problem != "" {
		m.taskError(x.framework, info, mesos.REASON_TASK_INVALID, problem)
		return
	}
	m.noteTrespass(x, "LAUNCH", own.Plus(executorOwn))
	x.left, _ = x.left.Minus(own.Plus(executorOwn))
	e := m.commandExecutor(x, &info)
	if info.Executor != nil {
		e = m.executorFor(x, *info.Executor, executorOwn)
	}
	m.start(x, e, []mesos.TaskInfo{info}, []pile.Pile{own})
}

// launchGroup is a LAUNCH_GROUP: all of its tasks or none.
func (m *Model) launchGroup(x *acceptance, group *mesos.Offer_Operation_LaunchGroup) {
	tasks := group.TaskGroup.Tasks
	problem := m.groupProblem(x, &group.Executor, tasks)
	var executorOwn, total pile.Pile
	owns := make([]pile.Pile, len(tasks))
	for n := range tasks {
		if problem == "" {
			owns[n], executorOwn, problem = x.demand(m.edition, &group.Executor, tasks[n].Resources)
			total = total.Plus(owns[n])
		}
	}
	total = total.Plus(executorOwn)
	if problem == "" && !x.left.Contains(total) {
		problem = "Total resources " + total.Text(x.role) + " required by task group and its executor is more than available " +
			x.left.Text(x.role)
	}
	if problem != "" {
		for _, info := range tasks {
			m.taskError(x.framework, info, mesos.REASON_TASK_GROUP_INVALID, problem)
		}
		return
	}
	m.noteTrespass(x, "LAUNCH_GROUP", total)
	x.left, _ = x.left.Minus(total)
	m.start(x, m.executorFor(x, group.Executor, executorOwn), tasks, owns)
}

// demand reads what a task and, unless it runs already, its executor need.
func (x *acceptance) demand(e Edition, executor *mesos.ExecutorInfo, resources []mesos.Resource) (own, executorOwn pile.Pile, problem string) {
	own, err := pile.Of(e.read(resources))
	if err != nil {
		return nil, nil, "Task uses invalid resources: " + err.Error()
	}
	own = x.left.Own(own)
	if executor == nil || x.agent.executor(executorKey{x.framework.id, executor.ExecutorID.Value}) != nil {
		return own, nil, ""
	}
	executorOwn, err = pile.Of(e.read(executor.Resources))
	if err != nil {
		return nil, nil, "Executor uses invalid resources: " + err.Error()
	}
	return own, executorOwn, ""
}

// commandExecutor is the executor the agent itself puts round a task that has only a command.
func (m *Model) commandExecutor(x *acceptance, info *mesos.TaskInfo) *executor {
	if info.Executor != nil {
		return nil
	}
	e := &executor{key: executorKey{x.framework.id, info.TaskID.Value}, owner: x.owner(), role: x.role, container: m.uuid().String()}
	e.info = mesos.ExecutorInfo{ExecutorID: mesos.ExecutorID{Value: info.TaskID.Value},
		FrameworkID: &mesos.FrameworkID{Value: x.framework.id}}
	e.network, e.ip = m.join(info.Container)
	x.agent.executors = append(x.agent.executors, e)
	return e
}

// executorFor returns the running executor of that id, or a new one.
func (m *Model) executorFor(x *acceptance, info mesos.ExecutorInfo, resources pile.Pile) *executor {
	key := executorKey{x.framework.id, info.ExecutorID.Value}
	if e := x.agent.executor(key); e != nil {
		return e
	}
	delete(x.agent.doomed, key)
	e := &executor{key: key, owner: x.owner(), info: info, named: true, nested: info.Type == mesos.ExecutorInfo_DEFAULT, role: x.role,
		container: m.uuid().String(), resources: resources}
	e.network, e.ip = m.join(info.Container)
	x.agent.executors = append(x.agent.executors, e)
	return e
}

func (x *acceptance) owner() *mesos.FrameworkInfo {
	info := x.framework.info
	return &info
}

// start puts tasks on an executor.
func (m *Model) start(x *acceptance, e *executor, infos []mesos.TaskInfo, owns []pile.Pile) {
	nested := map[string]string{}
	for n, info := range infos {
		t := &task{info: info, framework: x.framework.id, agent: x.agent, executor: e, resources: owns[n],
			latest: mesos.TASK_STAGING}
		if e.nested {
			t.container = m.uuid().String()
			nested[t.id()] = t.container
		}
		e.tasks = append(e.tasks, t)
		x.framework.addTask(t)
	}
	m.emit(LaunchGroup{AgentID: x.agent.id, FrameworkID: x.framework.id, User: x.framework.info.User, Executor: e.info,
		Tasks: infos, ContainerID: e.container, NestedIDs: nested})
}

// taskError is the master's refusal of a task: it never existed, so there is nothing to acknowledge.
func (m *Model) taskError(f *framework, info mesos.TaskInfo, reason mesos.TaskStatus_Reason, problem string) {
	agentID := info.AgentID
	m.update(f, m.masterStatus(info.TaskID, &agentID, mesos.TASK_ERROR, reason, problem))
}
