package httpshell

import (
	"log/slog"
	"sync"
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

// action is something to do with the model; it runs on the owner's goroutine and must not wait for it.
type action func(m *model.Model, now time.Time)

// owner is the goroutine that has the model.
type owner struct {
	log   *slog.Logger
	model *model.Model // its goroutine's alone

	streams map[string]*stream // its goroutine's alone
	hands   map[string]Hands   // by agent id; its goroutine's alone

	mu    sync.Mutex
	inbox []action
	wake  chan struct{} // one token: the inbox is not empty
	quit  chan struct{} // closed to end it
	done  chan struct{} // closed when it has ended
}

func newOwner(m *model.Model, log *slog.Logger) *owner {
	made := &owner{log: log, model: m, streams: map[string]*stream{}, hands: map[string]Hands{},
		wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	go made.run()
	return made
}

// post leaves an action for the owner. It never waits, so executors may report while the owner talks to them.
func (o *owner) post(do action) {
	o.mu.Lock()
	o.inbox = append(o.inbox, do)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// do has an action done and its outputs carried out, and then returns. It returns false when the owner has ended.
func (o *owner) do(what action) bool {
	finished := make(chan struct{})
	o.post(func(m *model.Model, now time.Time) {
		defer close(finished)
		what(m, now)
		o.carryOut(now)
	})
	select {
	case <-finished:
		return true
	case <-o.done:
		return false
	}
}

func (o *owner) stop() {
	close(o.quit)
	<-o.done
}

func (o *owner) run() {
	defer close(o.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		for _, do := range o.take() {
			now := time.Now()
			do(o.model, now)
			o.carryOut(now)
		}
		now := time.Now()
		next, planned := o.model.Next()
		if planned && !next.After(now) {
			o.model.Advance(now)
			o.carryOut(now)
			next, planned = o.model.Next()
		}
		timer.Stop()
		var due <-chan time.Time
		if planned {
			// At least a millisecond, so that a model that always has something due cannot take the whole processor.
			timer.Reset(max(time.Until(next), time.Millisecond))
			due = timer.C
		}
		select {
		case <-o.wake:
		case <-due:
		case <-o.quit:
			for _, stream := range o.streams {
				stream.end()
			}
			return
		}
	}
}

func (o *owner) take() []action {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.inbox
	o.inbox = nil
	return batch
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
