package virtual

import (
	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// Scheduler is a framework's connection to the master.
type Scheduler struct {
	cluster     *Cluster
	stream      string
	frameworkID string
	events      []*scheduler.Event
	closed      bool
}

// NewScheduler returns another framework's (or a second process's) connection, not yet subscribed.
func (c *Cluster) NewScheduler() *Scheduler {
	s := &Scheduler{cluster: c}
	c.schedulers = append(c.schedulers, s)
	return s
}

// Send makes a call. The error is a *model.Refusal with HTTP status and text when the master does not take it. A call other
// than SUBSCRIBE that has no framework id gets that of the subscription. SUBSCRIBE starts a new stream; events of the old
// one that were not read are dropped, as with a closed connection.
func (s *Scheduler) Send(call *scheduler.Call) error {
	c := s.cluster
	if call.Type == scheduler.Call_SUBSCRIBE {
		stream, refusal := c.Model.Subscribe(c.now, call)
		if refusal != nil {
			return refusal
		}
		s.stream, s.events, s.closed = stream, nil, false
		c.pump()
		return nil
	}
	if call.FrameworkID == nil && s.frameworkID != "" {
		withID := *call
		withID.FrameworkID = &mesos.FrameworkID{Value: s.frameworkID}
		call = &withID
	}
	refusal := c.Model.Call(c.now, s.stream, call)
	c.pump()
	if refusal != nil {
		return refusal
	}
	return nil
}

// Events returns what came since the last call of Events.
func (s *Scheduler) Events() []*scheduler.Event {
	events := s.events
	s.events = nil
	return events
}

// FrameworkID is the id the last subscription got, "" before.
func (s *Scheduler) FrameworkID() string { return s.frameworkID }

// Closed tells whether the master has ended the stream: ERROR, TEARDOWN, fail-over of master or framework.
func (s *Scheduler) Closed() bool { return s.closed }

// Disconnect breaks the connection from the framework's side.
func (s *Scheduler) Disconnect() {
	s.cluster.Model.Disconnect(s.cluster.now, s.stream)
	s.stream, s.closed = "", true
	s.cluster.pump()
}

func (s *Scheduler) receive(event *scheduler.Event) {
	if event.Type == scheduler.Event_SUBSCRIBED {
		s.frameworkID = event.Subscribed.FrameworkID.GetValue()
	}
	s.events = append(s.events, event)
}
