package httpshell

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/master"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// readers answer the calls of the operator API that only read.
var readers = map[master.Call_Type]func(*Server) *master.Response{
	master.Call_GET_HEALTH: func(*Server) *master.Response {
		return &master.Response{Type: master.Response_GET_HEALTH, GetHealth: &master.Response_GetHealth{Healthy: true}}
	},
	master.Call_GET_VERSION: func(s *Server) *master.Response {
		return &master.Response{Type: master.Response_GET_VERSION, GetVersion: &master.Response_GetVersion{
			VersionInfo: mesos.VersionInfo{Version: s.State().Version}}}
	},
	master.Call_GET_FLAGS: func(s *Server) *master.Response {
		flags, list := s.flags(), []mesos.Flag{}
		for _, name := range flagNames(flags) {
			value := flags[name]
			list = append(list, mesos.Flag{Name: name, Value: &value})
		}
		return &master.Response{Type: master.Response_GET_FLAGS, GetFlags: &master.Response_GetFlags{Flags: list}}
	},
	master.Call_GET_AGENTS: func(s *Server) *master.Response {
		return &master.Response{Type: master.Response_GET_AGENTS, GetAgents: getAgents(s.State())}
	},
	master.Call_GET_FRAMEWORKS: func(s *Server) *master.Response {
		return &master.Response{Type: master.Response_GET_FRAMEWORKS, GetFrameworks: getFrameworks(s.State())}
	},
	master.Call_GET_TASKS: func(s *Server) *master.Response {
		return &master.Response{Type: master.Response_GET_TASKS, GetTasks: getTasks(s.State())}
	},
	master.Call_GET_STATE: func(s *Server) *master.Response {
		state := s.State()
		return &master.Response{Type: master.Response_GET_STATE, GetState: &master.Response_GetState{
			GetAgents: getAgents(state), GetFrameworks: getFrameworks(state), GetTasks: getTasks(state)}}
	},
}

func getAgents(state model.State) *master.Response_GetAgents {
	list := &master.Response_GetAgents{}
	for _, agent := range state.Agents {
		info := agentInfo(agent)
		switch agent.Connection {
		case "recovered":
			list.RecoveredAgents = append(list.RecoveredAgents, info)
			continue
		case "unreachable":
			continue
		}
		entry := master.Response_GetAgents_Agent{
			AgentInfo: info, Active: agent.Connection == "up" && !agent.Deactivated, Version: state.Version,
			Deactivated: &agent.Deactivated, RegisteredTime: timeInfo(agent.Registered),
			TotalResources: agent.Total, AllocatedResources: agent.Used, OfferedResources: agent.Offered,
		}
		if number, known := mesos.DrainState_value[agent.Drain]; known {
			entry.DrainInfo = &mesos.DrainInfo{State: mesos.DrainState(number)}
		}
		list.Agents = append(list.Agents, entry)
	}
	return list
}

func agentInfo(agent model.AgentState) mesos.AgentInfo {
	info := mesos.AgentInfo{ID: &mesos.AgentID{Value: agent.ID}, Hostname: agent.Spec.Hostname, Port: &agent.Spec.Port,
		Resources: agent.Spec.Resources, Attributes: agent.Spec.Attributes}
	if agent.Spec.Region != "" || agent.Spec.Zone != "" {
		info.Domain = &mesos.DomainInfo{FaultDomain: &mesos.DomainInfo_FaultDomain{
			Region: mesos.DomainInfo_FaultDomain_RegionInfo{Name: agent.Spec.Region},
			Zone:   mesos.DomainInfo_FaultDomain_ZoneInfo{Name: agent.Spec.Zone}}}
	}
	return info
}

func getFrameworks(state model.State) *master.Response_GetFrameworks {
	entry := func(framework model.FrameworkState) master.Response_GetFrameworks_Framework {
		return master.Response_GetFrameworks_Framework{FrameworkInfo: framework.Info, Active: framework.Connected,
			Connected: framework.Connected, RegisteredTime: timeInfo(framework.Subscribed), Offers: framework.Offers}
	}
	list := &master.Response_GetFrameworks{}
	for _, framework := range state.Frameworks {
		list.Frameworks = append(list.Frameworks, entry(framework))
	}
	for _, framework := range state.Completed {
		list.CompletedFrameworks = append(list.CompletedFrameworks, entry(framework))
	}
	return list
}

func getTasks(state model.State) *master.Response_GetTasks {
	list := &master.Response_GetTasks{}
	for _, framework := range state.Frameworks {
		for _, task := range framework.Tasks {
			entry := operatorTask(framework.ID, task)
			if task.State == mesos.TASK_UNREACHABLE {
				list.UnreachableTasks = append(list.UnreachableTasks, entry)
				continue
			}
			list.Tasks = append(list.Tasks, entry)
		}
		for _, task := range framework.Completed {
			list.CompletedTasks = append(list.CompletedTasks, operatorTask(framework.ID, task))
		}
	}
	return list
}

func operatorTask(frameworkID string, task model.TaskState) mesos.Task {
	return mesos.Task{
		Name: task.Info.Name, TaskID: task.Info.TaskID, FrameworkID: mesos.FrameworkID{Value: frameworkID},
		ExecutorID: &mesos.ExecutorID{Value: task.ExecutorID}, AgentID: mesos.AgentID{Value: task.AgentID},
		State: task.State.Enum(), Resources: task.Info.Resources, Statuses: task.Statuses, Labels: task.Info.Labels,
		Discovery: task.Info.Discovery, Container: task.Info.Container, HealthCheck: task.Info.HealthCheck,
		KillPolicy: task.Info.KillPolicy,
	}
}

func timeInfo(t time.Time) *mesos.TimeInfo { return &mesos.TimeInfo{Nanoseconds: t.UnixNano()} }
