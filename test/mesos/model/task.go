package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// task is one task: the executor's side, the agent's update stream, and what the master has forwarded.
type task struct {
	info      mesos.TaskInfo
	framework string
	agent     *agent
	executor  *executor
	container string
	resources pile.Pile
	released  bool // resources are free again at the master
	latest    mesos.TaskState
	healthy   *bool                  // last reported
	check     *mesos.CheckStatusInfo // last reported

	queue   []mesos.TaskStatus // not acknowledged; the first one is on its way
	attempt int                // numbers the sends of queue[0], so that an old retry timer does nothing

	seen     *mesos.TaskStatus // what the master forwarded last
	statuses []mesos.TaskStatus
}

func (t *task) id() string { return t.info.TaskID.Value }

// state is a copy for State.
func (t *task) state() TaskState {
	s := TaskState{Info: t.info, AgentID: t.agent.id, ExecutorID: t.executor.key.executor, State: mesos.TASK_STAGING}
	if t.seen != nil {
		s.State = t.seen.GetState()
	}
	s.Statuses = append([]mesos.TaskStatus(nil), t.statuses...)
	s.Healthy = t.healthy
	return s
}

// remember notes a status the master has seen.
func (t *task) remember(s mesos.TaskStatus) {
	t.seen = &s
	if n := len(t.statuses); n > 0 && t.statuses[n-1].GetState() == s.GetState() {
		t.statuses[n-1] = s
		return
	}
	t.statuses = append(t.statuses, s)
}

func isTerminal(s mesos.TaskState) bool {
	switch s {
	case mesos.TASK_FINISHED, mesos.TASK_FAILED, mesos.TASK_KILLED, mesos.TASK_ERROR, mesos.TASK_LOST, mesos.TASK_DROPPED,
		mesos.TASK_GONE, mesos.TASK_GONE_BY_OPERATOR:
		return true
	}
	return false
}

// killGrace is a task's own kill grace, or negative when it names none.
func (t *task) killGrace() time.Duration { return grace(t.info.KillPolicy) }

func grace(policy *mesos.KillPolicy) time.Duration {
	if period := policy.GetGracePeriod(); period != nil {
		return time.Duration(period.Nanoseconds)
	}
	return -1
}
