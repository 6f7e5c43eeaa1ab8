package httpshell

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/recordio"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)

// patience is how long a test waits for an event.
const patience = 30 * time.Second

const (
	role      = "cockroachdb-role"
	principal = "cockroachdb-principal"
)

// client is a small framework over HTTP with mesos-go's types in one of the two encodings.
type client struct {
	t         *testing.T
	url       string
	media     mediaType
	framework mesos.FrameworkInfo
	stream    string
	cancel    context.CancelFunc

	mu     sync.Mutex
	seen   []scheduler.Event
	broken error
	gone   bool
}

func frameworkInfo() mesos.FrameworkInfo {
	timeout, yes, who := 604800.0, true, principal
	return mesos.FrameworkInfo{User: "root", Name: "test", Roles: []string{role}, Principal: &who, Checkpoint: &yes,
		FailoverTimeout: &timeout, Capabilities: []mesos.FrameworkInfo_Capability{
			{Type: mesos.FrameworkInfo_Capability_MULTI_ROLE},
			{Type: mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT},
			{Type: mesos.FrameworkInfo_Capability_PARTITION_AWARE}}}
}

func newClient(t *testing.T, url string, media mediaType) *client {
	return &client{t: t, url: url, media: media, framework: frameworkInfo()}
}

// post sends a call and returns the response with its body open.
func (c *client) post(ctx context.Context, call *scheduler.Call) (*http.Response, error) {
	var body []byte
	var err error
	if c.media == mediaProtobuf {
		body, err = call.Marshal()
	} else {
		body, err = json.Marshal(call)
	}
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/api/v1/scheduler", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", string(c.media))
	request.Header.Set("Accept", string(c.media))
	if c.stream != "" {
		request.Header.Set(streamHeader, c.stream)
	}
	transport := &http.Transport{DisableKeepAlives: true} // no redirects, no pool: the test sees what the master said
	return transport.RoundTrip(request)
}

func (c *client) subscribe() {
	c.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.stream = ""
	c.t.Cleanup(cancel)
	call := calls.Subscribe(&c.framework)
	if c.framework.ID != nil {
		call.FrameworkID = c.framework.ID
	}
	response, err := c.post(ctx, call)
	if err != nil {
		c.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != string(c.media) {
		text, _ := io.ReadAll(response.Body)
		c.t.Fatalf("SUBSCRIBE: status %d, type %q, body %q", response.StatusCode, response.Header.Get("Content-Type"), text)
	}
	c.stream = response.Header.Get(streamHeader)
	c.mu.Lock()
	c.seen, c.broken, c.gone = nil, nil, false
	c.mu.Unlock()
	go c.read(response.Body)
	subscribed := c.await("SUBSCRIBED", func(e scheduler.Event) bool { return e.Type == scheduler.Event_SUBSCRIBED })
	c.framework.ID = subscribed.Subscribed.FrameworkID
}

func (c *client) read(body io.ReadCloser) {
	defer body.Close()
	frames := recordio.NewReader(body, recordio.MaxMessageSize(64<<20))
	for {
		frame, err := frames.ReadFrame()
		event := scheduler.Event{}
		if err == nil && c.media == mediaProtobuf {
			err = event.Unmarshal(frame)
		} else if err == nil {
			err = json.Unmarshal(frame, &event)
		}
		c.mu.Lock()
		if err != nil {
			c.gone = true
			if !errors.Is(err, io.EOF) {
				c.broken = err
			}
			c.mu.Unlock()
			return
		}
		c.seen = append(c.seen, event)
		c.mu.Unlock()
	}
}

// await returns the first event from now on, or not yet taken, that is wanted, and drops what came before it.
func (c *client) await(what string, want func(scheduler.Event) bool) scheduler.Event {
	c.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		c.mu.Lock()
		for i, event := range c.seen {
			if want(event) {
				c.seen = c.seen[i+1:]
				c.mu.Unlock()
				return event
			}
		}
		c.mu.Unlock()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t.Fatalf("no %s within %s; stream gone %t (%v); events left: %s", what, patience, c.gone, c.broken, kinds(c.seen))
	return scheduler.Event{}
}

func kinds(events []scheduler.Event) string {
	text := ""
	for _, event := range events {
		text += event.Type.String()
		if event.Update != nil {
			text += fmt.Sprintf("(%s %s %s)", event.Update.Status.TaskID.Value, event.Update.Status.GetState(), event.Update.Status.GetMessage())
		}
		if event.Error != nil {
			text += "(" + event.Error.Message + ")"
		}
		text += " "
	}
	return text
}

// awaitEnd waits until the stream is over and returns what broke it, nil for an orderly end.
func (c *client) awaitEnd() error {
	c.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		c.mu.Lock()
		gone, broken := c.gone, c.broken
		c.mu.Unlock()
		if gone {
			return broken
		}
	}
	c.t.Fatalf("the stream did not end within %s", patience)
	return nil
}

// offer waits for an offer of an agent.
func (c *client) offer(agentID string) mesos.Offer {
	c.t.Helper()
	var found mesos.Offer
	c.await("offer of "+agentID, func(e scheduler.Event) bool {
		for _, offer := range e.GetOffers().GetOffers() {
			if offer.AgentID.Value == agentID {
				found = offer
				return true
			}
		}
		return false
	})
	return found
}

// try sends a call and returns status and body.
func (c *client) try(call *scheduler.Call) (int, string) {
	c.t.Helper()
	call.FrameworkID = c.framework.ID
	response, err := c.post(context.Background(), call)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func (c *client) call(call *scheduler.Call) {
	c.t.Helper()
	if status, text := c.try(call); status != http.StatusAccepted {
		c.t.Fatalf("%s: status %d, body %q", call.Type, status, text)
	}
}

// status waits for a task's status that is of the wanted state and acknowledges every one on the way.
func (c *client) status(task string, state mesos.TaskState) mesos.TaskStatus {
	c.t.Helper()
	for {
		event := c.await(task+" "+state.String(), func(e scheduler.Event) bool {
			return e.Update != nil && e.Update.Status.TaskID.Value == task
		})
		status := event.Update.Status
		if len(status.UUID) > 0 {
			c.call(calls.Acknowledge(status.AgentID.Value, task, status.UUID))
		}
		if status.GetState() == state {
			return status
		}
	}
}
