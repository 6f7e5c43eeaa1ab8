package model

import (
	"fmt"
	"strconv"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// Least resources of an executor (master's source: MIN_CPUS and MIN_MEM).
const (
	minExecutorCPUs = 0.01
	minExecutorMem  = 32
)

// taskProblem says what is wrong with a task on its own, in the master's words, or "".
func (m *Model) taskProblem(x *acceptance, info *mesos.TaskInfo) string {
	if problem := x.taskBasics(info); problem != "" {
		return problem
	}
	if (info.Command == nil) == (info.Executor == nil) {
		return "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present"
	}
	if info.Executor != nil {
		if problem := x.executorProblem(info.Executor); problem != "" {
			return problem
		}
	}
	return ""
}

// taskBasics is what every task must have, in a group or alone.
func (x *acceptance) taskBasics(info *mesos.TaskInfo) string {
	id := info.TaskID.Value
	if problem := idProblem(id); problem != "" {
		return problem
	}
	if x.framework.tasks[id] != nil || x.agent.task(x.framework.id, id) != nil {
		return "Task has duplicate ID: " + id
	}
	if info.AgentID.Value != x.agent.id {
		return fmt.Sprintf("Task uses invalid agent %s while agent %s is expected", info.AgentID.Value, x.agent.id)
	}
	if d := grace(info.KillPolicy); d < 0 && info.KillPolicy.GetGracePeriod() != nil {
		return "Task's 'kill_policy.grace_period' must be non-negative"
	}
	if len(info.Resources) == 0 {
		return "Task uses no resources"
	}
	return checkProblem(info)
}

// checkProblem holds checks to the rules of CheckInfo and HealthCheck (mesos.proto).
func checkProblem(info *mesos.TaskInfo) string {
	if c := info.Check; c != nil {
		switch {
		case c.Type == mesos.CheckInfo_UNKNOWN:
			return "Task uses invalid check: CheckInfo must specify 'type'"
		case c.Type == mesos.CheckInfo_COMMAND && c.Command == nil:
			return "Task uses invalid check: Expecting 'command' to be set for COMMAND check"
		case c.Type == mesos.CheckInfo_HTTP && c.HTTP == nil:
			return "Task uses invalid check: Expecting 'http' to be set for HTTP check"
		case c.Type == mesos.CheckInfo_TCP && c.TCP == nil:
			return "Task uses invalid check: Expecting 'tcp' to be set for TCP check"
		}
	}
	if h := info.HealthCheck; h != nil {
		switch {
		case h.Type == mesos.HealthCheck_UNKNOWN:
			return "Task uses invalid health check: HealthCheck must specify 'type'"
		case h.Type == mesos.HealthCheck_COMMAND && h.Command == nil:
			return "Task uses invalid health check: Expecting 'command' to be set for COMMAND health check"
		case h.Type == mesos.HealthCheck_HTTP && h.HTTP == nil:
			return "Task uses invalid health check: Expecting 'http' to be set for HTTP health check"
		case h.Type == mesos.HealthCheck_TCP && h.TCP == nil:
			return "Task uses invalid health check: Expecting 'tcp' to be set for TCP health check"
		}
	}
	return ""
}

// executorProblem says what is wrong with an ExecutorInfo, or "".
func (x *acceptance) executorProblem(e *mesos.ExecutorInfo) string {
	switch {
	case idProblem(e.ExecutorID.Value) != "":
		return idProblem(e.ExecutorID.Value)
	case e.FrameworkID == nil:
		return "'ExecutorInfo.framework_id' must be set"
	case e.FrameworkID.Value != x.framework.id:
		return fmt.Sprintf("ExecutorInfo has an invalid FrameworkID (Actual: %s vs Expected: %s)", e.FrameworkID.Value, x.framework.id)
	case e.Type == mesos.ExecutorInfo_DEFAULT && e.Command != nil:
		return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor"
	case e.Type == mesos.ExecutorInfo_CUSTOM && e.Command == nil:
		return "'ExecutorInfo.command' must be set for 'CUSTOM' executor"
	case e.Type == mesos.ExecutorInfo_DEFAULT && e.Container != nil && e.Container.GetType() != mesos.ContainerInfo_MESOS:
		return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor"
	}
	if running := x.agent.executor(executorKey{x.framework.id, e.ExecutorID.Value}); running != nil && !running.info.Equal(e) {
		return fmt.Sprintf("ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID '%s'", e.ExecutorID.Value)
	}
	return ""
}

// groupProblem says what is wrong with a task group, or "".
func (m *Model) groupProblem(x *acceptance, e *mesos.ExecutorInfo, tasks []mesos.TaskInfo) string {
	if e.Type == mesos.ExecutorInfo_UNKNOWN {
		return "'ExecutorInfo.type' must be set"
	}
	if problem := x.executorProblem(e); problem != "" {
		return problem
	}
	if problem := executorNeeds(e); problem != "" {
		return problem
	}
	if len(tasks) == 0 {
		return "Task group cannot be empty"
	}
	seen := map[string]bool{}
	for n := range tasks {
		info := &tasks[n]
		problem := x.taskBasics(info)
		switch {
		case problem != "":
		case info.Executor != nil:
			problem = "'TaskInfo.executor' must not be set"
		case info.Command == nil:
			problem = "Task should have CommandInfo"
		case info.Container != nil && len(info.Container.NetworkInfos) > 0:
			problem = "NetworkInfos must not be set on the task"
		case seen[info.TaskID.Value]:
			problem = "Task has duplicate ID: " + info.TaskID.Value
		}
		if problem != "" {
			return fmt.Sprintf("Task '%s' is invalid: %s", info.TaskID.Value, problem)
		}
		seen[info.TaskID.Value] = true
	}
	return ""
}

// executorNeeds is the least an executor of a group must bring: cpus, memory and some disk.
func executorNeeds(e *mesos.ExecutorInfo) string {
	resources, err := pile.Of(e.Resources)
	if err != nil {
		return "Executor uses invalid resources: " + err.Error()
	}
	amount := func(name, unit string) string {
		if !resources.Has(name) {
			return "None"
		}
		return strconv.FormatFloat(resources.Scalar(name), 'f', -1, 64) + unit
	}
	id := e.ExecutorID.Value
	switch {
	case resources.Scalar("cpus") < minExecutorCPUs:
		return fmt.Sprintf("Executor '%s' uses less CPUs (%s) than the minimum required (%v)", id, amount("cpus", ""), minExecutorCPUs)
	case resources.Scalar("mem") < minExecutorMem:
		return fmt.Sprintf("Executor '%s' uses less memory (%s) than the minimum required (%dMB)", id, amount("mem", "MB"), minExecutorMem)
	case !resources.Has("disk"):
		return fmt.Sprintf("Executor '%s' uses no disk", id)
	}
	return ""
}
