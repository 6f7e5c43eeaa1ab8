package mesos

import (
	"context"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// heartbeat is the interval of a master that does not tell its own (Mesos' fixed value, observed too).
const heartbeat = 15 * time.Second

// follow reads a stream to its end, which is always an error.
func (c *Connection) follow(ctx context.Context, stream opened, stop func(error), inbox func(core.Event)) error {
	pulse := newPulse(stream.body, heartbeat*time.Duration(c.config.Missed), stop)
	frames := newFrames(pulse, c.config.LargestEvent)
	for {
		message, err := frames.next()
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.hear()
		switch message.Type {
		case scheduler.Event_SUBSCRIBED:
			if err := c.begin(message, stream); err != nil {
				return err
			}
			pulse.expect(seconds(message.GetSubscribed().GetHeartbeatIntervalSeconds()), c.config.Missed)
		case scheduler.Event_UPDATE_OPERATION_STATUS:
			c.settle(ctx, message)
		}
		event, ok := Event(message)
		if !ok {
			c.config.Log.Debug("event of no use to us", "type", message.Type.String())
			continue
		}
		inbox(event)
		if refusal, ok := event.(core.MasterError); ok {
			return &EndedError{Message: refusal.Message}
		}
	}
}

// begin makes calls possible before the core hears of the subscription and answers with the first.
func (c *Connection) begin(message *scheduler.Event, stream opened) error {
	id := message.GetSubscribed().GetFrameworkID().GetValue()
	if id == "" {
		return &MalformedError{Detail: "SUBSCRIBED names no framework id"}
	}
	c.hold(&subscription{master: stream.master, streamID: stream.streamID, framework: id})
	c.config.Log.Debug("subscribed", "master", stream.master.Host, "framework_id", id)
	return nil
}

// settle acknowledges the result of an operation, which the agent repeats until then. Our own operations carry no id and
// bring no result; one that comes all the same is an earlier version's, and nobody waits for it.
func (c *Connection) settle(ctx context.Context, message *scheduler.Event) {
	status := message.GetUpdateOperationStatus().GetStatus()
	if status.UUID == nil || len(status.UUID.Value) == 0 {
		return
	}
	operation := status.GetOperationID().GetValue()
	call := calls.AcknowledgeOperationStatus(status.GetAgentID().GetValue(), status.GetResourceProviderID().GetValue(),
		status.UUID.Value, operation)
	current := c.subscription()
	if current == nil {
		return
	}
	if err := c.post(ctx, current, call); err != nil {
		c.config.Log.Warn("acknowledging the result of an operation failed, the agent will repeat it",
			"operation_id", operation, "error", err)
	}
}

func seconds(value float64) time.Duration {
	return time.Duration(value * float64(time.Second))
}
