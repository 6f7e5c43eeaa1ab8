package process

import (
	"fmt"
	"net"
	"os"
	"sort"
	"strconv"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// environment is a task's whole environment. What the framework sets wins over PATH and LIBPROCESS_IP, which an agent would
// pass on; what the agent tells about itself and the sandbox wins over what the framework sets.
func (t *task) environment(extra *mesos.Environment) ([]string, error) {
	agent := t.agent().options
	env := map[string]string{"PATH": os.Getenv("PATH"), "LIBPROCESS_IP": agent.IP}
	for _, variables := range []*mesos.Environment{t.executor.environment, t.info.GetCommand().GetEnvironment(), extra} {
		for _, variable := range variables.GetVariables() {
			value, err := valueOf(variable)
			if err != nil {
				return nil, err
			}
			env[variable.Name] = value
		}
	}
	env["MESOS_SANDBOX"] = t.sandbox
	env["MESOS_DIRECTORY"] = t.executor.runDir
	env["MESOS_TASK_ID"] = t.id
	env["MESOS_EXECUTOR_ID"] = t.executor.id
	env["MESOS_FRAMEWORK_ID"] = t.executor.frameworkID
	env["MESOS_SLAVE_ID"] = t.executor.agentID
	env["MESOS_CONTAINER_IP"] = agent.IP
	env["MESOS_AGENT_ENDPOINT"] = net.JoinHostPort(agent.IP, strconv.Itoa(agent.Port))
	if role := t.allocationRole(); role != "" {
		env["MESOS_ALLOCATION_ROLE"] = role
	}
	list := make([]string, 0, len(env))
	for name, value := range env {
		list = append(list, name+"="+value)
	}
	sort.Strings(list)
	return list, nil
}

func valueOf(variable mesos.Environment_Variable) (string, error) {
	secret := variable.Secret
	if secret == nil {
		return variable.GetValue(), nil
	}
	if secret.Value == nil {
		return "", fmt.Errorf("environment variable %q refers to a secret store: this agent knows secrets given by value only",
			variable.Name)
	}
	return string(secret.Value.Data), nil
}

func (t *task) allocationRole() string {
	for _, resource := range t.info.Resources {
		if role := resource.GetAllocationInfo().GetRole(); role != "" {
			return role
		}
	}
	return ""
}
