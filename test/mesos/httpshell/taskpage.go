package httpshell

import (
	"encoding/json"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

func frameworks(states []model.FrameworkState) []object {
	list := []object{}
	for _, state := range states {
		list = append(list, framework(state))
	}
	return list
}

func framework(state model.FrameworkState) object {
	var used, offered []mesos.Resource
	live, lost := []object{}, []object{}
	for _, task := range state.Tasks {
		used = append(used, task.Info.Resources...)
		if task.State == mesos.TASK_UNREACHABLE {
			lost = append(lost, taskPage(state.ID, task))
			continue
		}
		live = append(live, taskPage(state.ID, task))
	}
	completed := []object{}
	for _, task := range state.Completed {
		completed = append(completed, taskPage(state.ID, task))
	}
	offers := []object{}
	for _, offer := range state.Offers {
		offered = append(offered, offer.Resources...)
		offers = append(offers, object{"id": offer.ID.Value, "framework_id": state.ID, "slave_id": offer.AgentID.Value,
			"allocation_info": object{"role": offer.GetAllocationInfo().GetRole()}, "resources": amounts(offer.Resources)})
	}
	capabilities := []string{}
	for _, capability := range state.Info.Capabilities {
		capabilities = append(capabilities, capability.Type.String())
	}
	return object{
		"id": state.ID, "name": state.Info.Name, "user": state.Info.User, "roles": state.Info.Roles,
		"principal": state.Info.GetPrincipal(), "hostname": state.Info.GetHostname(), "webui_url": state.Info.GetWebUiURL(),
		"failover_timeout": state.Info.GetFailoverTimeout(), "checkpoint": state.Info.GetCheckpoint(),
		"capabilities": capabilities, "registered_time": unix(state.Subscribed), "unregistered_time": 0.0,
		"active": state.Connected, "connected": state.Connected, "recovered": false,
		"used_resources": amounts(used), "offered_resources": amounts(offered), "offers": offers,
		"tasks": live, "unreachable_tasks": lost, "completed_tasks": completed,
	}
}

func taskPage(frameworkID string, task model.TaskState) object {
	statuses := []object{}
	for _, status := range task.Statuses {
		entry := object{"state": status.GetState().String(), "timestamp": status.GetTimestamp()}
		if status.Healthy != nil {
			entry["healthy"] = *status.Healthy
		}
		if container := status.ContainerStatus; container != nil {
			if data, err := encodeJSON(container); err == nil {
				entry["container_status"] = json.RawMessage(data)
			}
		}
		statuses = append(statuses, entry)
	}
	page := object{
		"id": task.Info.TaskID.Value, "name": task.Info.Name, "framework_id": frameworkID, "executor_id": task.ExecutorID,
		"slave_id": task.AgentID, "state": task.State.String(), "resources": amounts(task.Info.Resources), "statuses": statuses,
	}
	for _, resource := range task.Info.Resources {
		if role := resource.GetAllocationInfo().GetRole(); role != "" {
			page["role"] = role
		}
	}
	for name, part := range map[string]message{"labels": task.Info.Labels, "discovery": task.Info.Discovery} {
		if data, err := encodeJSON(part); err == nil && string(data) != "null" {
			page[name] = json.RawMessage(data)
		}
	}
	if task.Info.Labels != nil {
		page["labels"] = task.Info.Labels.Labels // a plain list on the pages, not the message
	}
	return page
}
