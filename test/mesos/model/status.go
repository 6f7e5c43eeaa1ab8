package model

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// completeStatus adds what executor and agent add to a status.
func (m *Model) completeStatus(t *task, s mesos.TaskStatus) mesos.TaskStatus {
	s.Source = mesos.SOURCE_EXECUTOR.Enum()
	s.AgentID = &mesos.AgentID{Value: t.agent.id}
	s.ExecutorID = &mesos.ExecutorID{Value: t.executor.key.executor}
	s.ContainerStatus = m.containerStatus(t, &s)
	if s.Healthy != nil {
		t.healthy = s.Healthy
	}
	if s.CheckStatus != nil {
		t.check = s.CheckStatus
	}
	if isTerminal(s.GetState()) {
		if s.CheckStatus == nil || s.GetState() == mesos.TASK_KILLED {
			s.CheckStatus = emptyCheck(t.info.Check)
		}
		if s.GetState() == mesos.TASK_KILLED && s.Healthy == nil && t.healthy != nil && !*t.healthy {
			s.Healthy = t.healthy
		}
		if s.GetState() == mesos.TASK_KILLED && t.agent.drain == draining {
			s.Reason = mesos.REASON_AGENT_DRAINING.Enum()
		}
		return s
	}
	if s.Healthy == nil {
		s.Healthy = t.healthy
	}
	if s.CheckStatus == nil {
		if s.CheckStatus = t.check; t.check == nil {
			s.CheckStatus = emptyCheck(t.info.Check)
		}
	}
	return s
}

// containerStatus is what the agent adds: the container's id always; address and pid once the container runs.
func (m *Model) containerStatus(t *task, s *mesos.TaskStatus) *mesos.ContainerStatus {
	c := mesos.ContainerStatus{}
	if s.ContainerStatus != nil {
		c = *s.ContainerStatus
	}
	c.ContainerID = &mesos.ContainerID{Value: t.executor.container}
	if t.executor.nested {
		c.ContainerID = &mesos.ContainerID{Value: t.container, Parent: c.ContainerID}
	}
	if len(c.NetworkInfos) == 0 && (!t.executor.nested || s.GetState() == mesos.TASK_RUNNING) {
		c.NetworkInfos = t.networkInfos()
	}
	return &c
}

// emptyCheck is the check status before a first result: the type with nothing in it.
func emptyCheck(check *mesos.CheckInfo) *mesos.CheckStatusInfo {
	if check == nil {
		return nil
	}
	s := &mesos.CheckStatusInfo{Type: &check.Type}
	switch check.Type {
	case mesos.CheckInfo_COMMAND:
		s.Command = &mesos.CheckStatusInfo_Command{}
	case mesos.CheckInfo_HTTP:
		s.HTTP = &mesos.CheckStatusInfo_Http{}
	case mesos.CheckInfo_TCP:
		s.TCP = &mesos.CheckStatusInfo_Tcp{}
	}
	return s
}
