package mesos

import (
	"context"
	"fmt"
	"net/http"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Send makes one call and waits for the master's answer, for at most Config.Answer. It is not repeated: an ACCEPT that
// was lost shows as a task that the master does not know, a DECLINE as an offer that comes again.
//
// Errors: ErrNotSubscribed (nothing was sent), *Refused (the master said no; the stream goes on), *launch.UnknownSpecError,
// or a broken connection, after which the call may or may not have counted.
func (c *Connection) Send(ctx context.Context, call core.Call) error {
	current := c.subscription()
	if current == nil {
		return ErrNotSubscribed
	}
	message, err := Call(call)
	if err != nil {
		return err
	}
	return c.post(ctx, current, message)
}

// post sends a call to the master that holds our stream.
func (c *Connection) post(ctx context.Context, to *subscription, message *scheduler.Call) error {
	kind := message.Type.String()
	message.FrameworkID = frameworkID(to.framework)
	body, err := message.Marshal()
	if err != nil {
		return fmt.Errorf("writing %s: %w", kind, err)
	}
	response, err := c.ask(ctx, to.master, body, to.streamID)
	if err != nil {
		return fmt.Errorf("sending %s to master %s: %w", kind, to.master.Host, err)
	}
	switch response.StatusCode {
	case http.StatusAccepted, http.StatusOK: // 200 answers UPDATE_FRAMEWORK, 202 everything else
		discard(response.Body)
		return nil
	}
	return refusal(response, kind, to.master)
}
