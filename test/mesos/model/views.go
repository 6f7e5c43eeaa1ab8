package model

import mesos "github.com/mesos/mesos-go/api/v1/lib"

// Views are the cheap way to look at the model after every event; State copies everything.

// TaskView is one task in a few words.
type TaskView struct {
	FrameworkID, AgentID, ExecutorID string
	// ID is the task's id, Name the name in its TaskInfo.
	ID, Name string
	// State is the last that the viewed side knows, TASK_STAGING before the first.
	State mesos.TaskState
}

func (t *task) view(state mesos.TaskState) TaskView {
	return TaskView{FrameworkID: t.framework, AgentID: t.agent.id, ExecutorID: t.executor.key.executor, ID: t.id(), Name: t.info.Name, State: state}
}

// EachTask shows the tasks that the master knows, framework by framework in order of launch, until do says false. Those of
// agents out of reach are not among them.
func (m *Model) EachTask(do func(TaskView) bool) {
	for _, f := range m.frameworkOrder {
		for _, t := range f.taskOrder {
			state := mesos.TASK_STAGING
			if t.seen != nil {
				state = t.seen.GetState()
			}
			if !do(t.view(state)) {
				return
			}
		}
	}
}

// EachProcess shows the tasks that really run, or are about to: what agents have that is not at its end, whether the master
// can see them or not. That is the side on which two tasks of one pod must never be.
func (m *Model) EachProcess(do func(TaskView) bool) {
	for _, a := range m.agentOrder {
		for _, e := range a.executors {
			if e.vanished {
				continue
			}
			for _, t := range e.tasks {
				if !isTerminal(t.latest) && !do(t.view(t.latest)) {
					return
				}
			}
		}
	}
}

// AgentView is one agent in a few words; the fields are those of AgentState.
type AgentView struct {
	ID, Hostname, Connection, Drain string
	Deactivated                     bool
	// Lost agents can never come back: another id runs at their address. The master knows them until MarkAgentGone.
	Lost bool
	// Away says that the machine is in the maintenance schedule.
	Away bool
}

// EachAgent shows the agents in order of registration until do says false.
func (m *Model) EachAgent(do func(AgentView) bool) {
	for _, a := range m.agentOrder {
		if !do(AgentView{ID: a.id, Hostname: a.spec.Hostname, Connection: string(a.conn), Drain: a.drain, Deactivated: a.deactivated,
			Lost: a.lost, Away: a.window != nil}) {
			return
		}
	}
}

// Suppressed tells whether a framework gets no offers for one of its roles because it asked for none.
func (m *Model) Suppressed(frameworkID string) bool {
	f := m.frameworks[frameworkID]
	if f == nil {
		return false
	}
	for _, on := range f.suppressed {
		if on {
			return true
		}
	}
	return false
}
