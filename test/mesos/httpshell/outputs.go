package httpshell

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/process"
)

// Hands do on an agent's machine what the model wants done there; *process.Agent has them.
type Hands interface {
	Launch(process.Group) error
	Kill(frameworkID, executorID, taskID string, grace time.Duration)
	Shutdown(frameworkID, executorID string, force bool)
	CreateVolume(mesos.Resource) error
	DestroyVolume(mesos.Resource) error
}

// carryOut does what the model wants done, in order.
func (o *owner) carryOut(now time.Time) {
	for outputs := o.model.Outputs(); len(outputs) > 0; outputs = o.model.Outputs() {
		for _, output := range outputs {
			o.carryOutOne(now, output)
		}
	}
}

func (o *owner) carryOutOne(now time.Time, output model.Output) {
	switch out := output.(type) {
	case model.EventTo:
		if stream := o.streams[out.StreamID]; stream != nil {
			stream.send(out.Event)
		}
	case model.CloseStream:
		if stream := o.streams[out.StreamID]; stream != nil {
			stream.end()
			delete(o.streams, out.StreamID)
		}
	case model.LaunchGroup:
		o.launch(now, out)
	case model.KillTask:
		if hands := o.hands[out.AgentID]; hands != nil {
			hands.Kill(out.FrameworkID, out.ExecutorID, out.TaskID, out.Grace)
		}
	case model.ShutdownExecutor:
		if hands := o.hands[out.AgentID]; hands != nil {
			hands.Shutdown(out.FrameworkID, out.ExecutorID, out.Force)
		}
	case model.CreateVolume:
		o.volume(out.AgentID, out.Volume, Hands.CreateVolume)
	case model.DestroyVolume:
		o.volume(out.AgentID, out.Volume, Hands.DestroyVolume)
	case model.ExecutorMessage:
		// The built-in executors throw messages away.
	case model.AgentForgotten:
		delete(o.hands, out.AgentID)
	}
}

// launch hands a group to the agent's machine. What cannot be run at all fails like a container that does not start.
func (o *owner) launch(now time.Time, out model.LaunchGroup) {
	hands := o.hands[out.AgentID]
	if hands == nil {
		return // an agent without a machine: the test speaks for it
	}
	err := hands.Launch(process.Group{AgentID: out.AgentID, FrameworkID: out.FrameworkID, Executor: out.Executor,
		Tasks: out.Tasks, ContainerID: out.ContainerID, NestedIDs: out.NestedIDs})
	if err == nil {
		return
	}
	message := err.Error()
	for _, task := range out.Tasks {
		status := mesos.TaskStatus{TaskID: task.TaskID, State: mesos.TASK_FAILED.Enum(), Message: &message,
			Reason: mesos.REASON_CONTAINER_LAUNCH_FAILED.Enum()}
		if err := o.model.TaskStatus(now, out.AgentID, out.FrameworkID, status); err != nil {
			o.log.Warn("a failed launch was not welcome", "task_id", task.TaskID.Value, "error", err)
		}
	}
	const exitStatusOne = 1 << 8 // as waitpid(2) has it
	if err := o.model.ExecutorExited(now, out.AgentID, out.FrameworkID, out.Executor.ExecutorID.Value, exitStatusOne); err != nil {
		o.log.Warn("the end of a failed launch was not welcome", "executor_id", out.Executor.ExecutorID.Value, "error", err)
	}
}

func (o *owner) volume(agentID string, volume mesos.Resource, do func(Hands, mesos.Resource) error) {
	hands := o.hands[agentID]
	if hands == nil {
		return
	}
	if err := do(hands, volume); err != nil {
		o.log.Error("an agent could not do what it promised with a volume", "agent_id", agentID, "error", err)
	}
}
