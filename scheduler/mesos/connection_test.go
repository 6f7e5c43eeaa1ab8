package mesos

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

func TestSubscribeAndCall(t *testing.T) {
	m := newMaster(t)
	c := start(t, testConfig(m.URL))
	if err := c.Send(context.Background(), core.Revive{}); !errors.Is(err, ErrNotSubscribed) {
		t.Errorf("a call before the subscription: %v, want ErrNotSubscribed", err)
	}
	s := m.next()
	info := s.call.Subscribe.FrameworkInfo
	if s.call.FrameworkID != nil || info.ID != nil {
		t.Error("a new framework named an id")
	}
	want := testConfig("").Framework.Info("", "")
	want.FailoverTimeout = new(604800.0)
	if !info.Equal(want) || info.Role != nil || !info.GetCheckpoint() || len(info.Roles) != 1 || len(info.Capabilities) != 4 {
		t.Errorf("framework info\ngot  %s\nwant %s", info, want)
	}
	got := wait[core.Subscribed](c)
	if got.FrameworkID != framework || got.MasterID != "master-1" || got.MasterVersion != "1.12.0" {
		t.Errorf("got %+v", got)
	}
	if !c.Subscribed() {
		t.Error("not subscribed after SUBSCRIBED")
	}
	for i := range 20 {
		if err := c.Send(context.Background(), core.Decline{OfferIDs: []string{fmt.Sprint("offer-", i)}, Refuse: time.Minute}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		call := receive(t, m.asked)
		if call.streamID != s.id || call.contentType != "application/x-protobuf" || call.FrameworkID.GetValue() != framework {
			t.Fatalf("call %d: stream %q, content type %q, framework %v", i, call.streamID, call.contentType, call.FrameworkID)
		}
		if call.Decline == nil || call.Decline.OfferIDs[0].Value != fmt.Sprint("offer-", i) {
			t.Fatalf("call %d is %s: out of order", i, call.Call)
		}
	}
	c.stop()
	if err := receive(t, c.ended); err != nil {
		t.Errorf("Run ended with %v, want nil", err)
	}
	select {
	case <-s.gone:
	case <-time.After(patience):
		t.Error("the stream stayed open after Run")
	}
}

// TestRefusedCallsLeaveStream: every status that a master gives to a call it does not like.
func TestRefusedCallsLeaveStream(t *testing.T) {
	m := newMaster(t)
	c := start(t, testConfig(m.URL))
	s := m.next()
	wait[core.Subscribed](c)
	for _, status := range []int{307, 400, 401, 403, 429, 500, 503} {
		m.do(func() {
			m.answer = func(*scheduler.Call) (int, string) {
				return status, "first line\nsecond\x00 " + strings.Repeat("x", 3000)
			}
		})
		err := c.Send(context.Background(), core.Suppress{})
		var refused *Refused
		if !errors.As(err, &refused) {
			t.Fatalf("%d: got %v, want a Refused", status, err)
		}
		if refused.Status != status || refused.Call != "SUPPRESS" || refused.Master != c.subscription().master.Host {
			t.Errorf("%d: got %+v", status, refused)
		}
		if refused.InDoubt() != (status == 500) {
			t.Errorf("%d: in doubt %t", status, refused.InDoubt())
		}
		if len(refused.Text) > reasonSize || strings.Contains(refused.Text, "\n") || !strings.HasPrefix(refused.Text, "first line second") {
			t.Errorf("%d: text %q", status, refused.Text)
		}
		receive(t, m.asked)
		s.send(rescind(fmt.Sprint(status)))
		if got := wait[core.Rescinded](c); got.OfferID != fmt.Sprint(status) {
			t.Errorf("%d: got %+v on the stream", status, got)
		}
	}
	if len(m.streams) != 0 {
		t.Error("a refused call led to a second subscription")
	}
}

func TestUpdateFrameworkStatusIsSuccess(t *testing.T) {
	m := newMaster(t)
	c := start(t, testConfig(m.URL))
	m.next()
	wait[core.Subscribed](c)
	m.do(func() { m.answer = func(*scheduler.Call) (int, string) { return http.StatusOK, "" } })
	if err := c.Send(context.Background(), core.Revive{}); err != nil {
		t.Errorf("a 200 with an empty body: %v", err)
	}
}

func TestResubscribeWithFrameworkID(t *testing.T) {
	m := newMaster(t)
	config := testConfig(m.URL)
	c := start(t, config)
	s := m.next()
	wait[core.Subscribed](c)
	s.close()
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "closed the stream") {
		t.Errorf("reason %q", got.Reason)
	}
	if s = m.next(); s.call.FrameworkID.GetValue() != framework || s.call.Subscribe.FrameworkInfo.ID.GetValue() != framework {
		t.Errorf("the second SUBSCRIBE has the ids %v and %v", s.call.FrameworkID, s.call.Subscribe.FrameworkInfo.ID)
	}
	wait[core.Subscribed](c)
	if err := c.Send(context.Background(), core.Revive{}); err != nil {
		t.Fatal(err)
	}
	if call := receive(t, m.asked); call.streamID != s.id {
		t.Errorf("the call carries %q, want the new stream's %q", call.streamID, s.id)
	}

	config.Framework.ID = "stored-id"
	stored := start(t, config)
	s = receive(t, m.streams)
	if s.call.FrameworkID.GetValue() != "stored-id" || s.call.Subscribe.FrameworkInfo.ID.GetValue() != "stored-id" {
		t.Error("the stored framework id was not used")
	}
	s.greet("stored-id")
	wait[core.Subscribed](stored)
}

func TestErrorEventEndsRun(t *testing.T) {
	m := newMaster(t)
	c := start(t, testConfig(m.URL))
	s := m.next()
	wait[core.Subscribed](c)
	s.send(&scheduler.Event{Type: scheduler.Event_ERROR, Error: &scheduler.Event_Error{Message: "Framework failed over"}})
	s.close()
	if got := wait[core.MasterError](c); got.Message != "Framework failed over" {
		t.Errorf("got %+v", got)
	}
	var ended *EndedError
	if err := receive(t, c.ended); !errors.As(err, &ended) || ended.Message != "Framework failed over" {
		t.Errorf("Run ended with %v", err)
	}
	if c.Subscribed() || len(m.streams) != 0 || len(c.events) != 0 {
		t.Error("something went on after the ERROR event")
	}
}

func TestOperationResultsAreSettled(t *testing.T) {
	m := newMaster(t)
	c := start(t, testConfig(m.URL))
	s := m.next()
	wait[core.Subscribed](c)
	result := func(id string, uuid *mesos.UUID) *scheduler.Event {
		return &scheduler.Event{Type: scheduler.Event_UPDATE_OPERATION_STATUS, UpdateOperationStatus: &scheduler.Event_UpdateOperationStatus{
			Status: mesos.OperationStatus{OperationID: &mesos.OperationID{Value: id}, State: mesos.OPERATION_FINISHED, UUID: uuid,
				AgentID: &mesos.AgentID{Value: "agent-1"}}}}
	}
	s.send(result("reconciled", nil))
	s.send(result("empty", &mesos.UUID{Value: []byte{}}))
	s.send(result("repeated", &mesos.UUID{Value: []byte("0123456789abcdef")}))
	s.send(&scheduler.Event{Type: scheduler.Event_INVERSE_OFFERS, InverseOffers: &scheduler.Event_InverseOffers{}})
	s.send(&scheduler.Event{Type: scheduler.Event_HEARTBEAT})
	s.send(rescind("end"))
	wait[core.Rescinded](c)
	call := receive(t, m.asked)
	if ack := call.AcknowledgeOperationStatus; ack == nil || ack.OperationID.Value != "repeated" || string(ack.UUID) != "0123456789abcdef" ||
		ack.AgentID.GetValue() != "agent-1" || call.streamID != s.id {
		t.Errorf("got %s", call.Call)
	}
	if len(m.asked) != 0 {
		t.Error("more was acknowledged than the one result with a uuid")
	}
}

// pointing is a finder whose master the test changes.
type pointing struct {
	at      chan *url.URL
	changed chan struct{}
	closed  bool
}

func (p *pointing) find(ctx context.Context) ([]*url.URL, <-chan struct{}, error) {
	select {
	case at := <-p.at:
		return []*url.URL{at}, p.changed, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

func (p *pointing) close() { p.closed = true }

func TestNewLeaderEndsStream(t *testing.T) {
	before, after := newMaster(t), newMaster(t)
	p := &pointing{at: make(chan *url.URL, 2), changed: make(chan struct{})}
	for _, m := range []*master{before, after} {
		at, err := parseURLs(m.URL)
		if err != nil {
			t.Fatal(err)
		}
		p.at <- at[0]
	}
	c := start(t, testConfig("http://unused:1"), func(c *Connection) { c.finder = p })
	s := before.next()
	wait[core.Subscribed](c)
	close(p.changed)
	if got := wait[core.Disconnected](c); got.Reason != errLeaderChanged.Error() {
		t.Errorf("reason %q", got.Reason)
	}
	select {
	case <-s.gone:
	case <-time.After(patience):
		t.Error("the old stream stayed open")
	}
	receive(t, after.streams)
	c.stop()
	receive(t, c.ended)
	if !p.closed {
		t.Error("the finder was not closed")
	}
}

// TestMasterThatTookUsIsFirst: after a loss the list is not gone through from the start.
func TestMasterThatTookUsIsFirst(t *testing.T) {
	dead, refusing, m := newMaster(t), newMaster(t), newMaster(t)
	dead.Close()
	refusing.do(func() {
		refusing.subscribe = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
	})
	c := start(t, testConfig(dead.URL+", "+refusing.URL+","+m.URL+"/"))
	s := m.next()
	wait[core.Subscribed](c)
	s.close()
	wait[core.Disconnected](c)
	m.next()
	wait[core.Subscribed](c)
	refusing.do(func() {
		if refusing.subscribed != 1 {
			t.Errorf("the second of the list was asked %d times, want 1", refusing.subscribed)
		}
	})
}

// TestAllMastersOfList: when none takes us in, each one's reason is told.
func TestAllMastersOfList(t *testing.T) {
	dead, refusing := newMaster(t), newMaster(t)
	dead.Close()
	refusing.do(func() {
		refusing.subscribe = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
	})
	c := start(t, testConfig(dead.URL+","+refusing.URL))
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "refused; ") || !strings.Contains(got.Reason, "403") {
		t.Errorf("reason %q", got.Reason)
	}
}

// TestStableReason: our own port does not make a trouble new.
func TestStableReason(t *testing.T) {
	at := func(port int) error {
		return fmt.Errorf("reading: %w", &net.OpError{Op: "read", Net: "tcp", Err: errors.New("reset"),
			Source: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: port}, Addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 2), Port: 5050}})
	}
	if a, b := stable(at(40001)), stable(at(40002)); a != b || !strings.Contains(a, "10.0.0.2:5050") {
		t.Errorf("%q and %q", a, b)
	}
}
