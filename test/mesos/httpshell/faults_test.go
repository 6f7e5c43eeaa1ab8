package httpshell

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)

func TestCallsFailOnRequest(t *testing.T) {
	for _, status := range []int{400, 401, 403, 503} {
		server, url := newMaster(t)
		c := newClient(t, url, mediaProtobuf)
		c.subscribe()
		server.Faults().AnswerNext(2, status, "not today")
		for i, want := range []int{status, status, http.StatusAccepted} {
			got, text := c.try(calls.Revive())
			if got != want || (want == status && text != "not today") {
				t.Errorf("call %d: got %d %q, want %d", i+1, got, text, want)
			}
		}
	}
}

func TestAnEventBeforeItsAnswer(t *testing.T) {
	server, url := newMaster(t)
	c := newClient(t, url, mediaProtobuf)
	c.subscribe()
	server.Faults().DelayAnswers(time.Hour)
	ctx, cancel := context.WithCancel(context.Background())
	answered := make(chan error, 1)
	call := calls.Reconcile(calls.ReconcileTasks(map[string]string{"nobody": ""}))
	call.FrameworkID = c.framework.ID
	go func() {
		response, err := c.post(ctx, call)
		if err == nil {
			response.Body.Close()
		}
		answered <- err
	}()
	unknown := c.await("the answer of the reconciliation", func(e scheduler.Event) bool { return e.Update != nil })
	if got := unknown.Update.Status.GetState(); got != mesos.TASK_UNKNOWN {
		t.Errorf("state: got %s", got)
	}
	cancel()
	if err := <-answered; err == nil {
		t.Error("the call was answered although its answer was to wait an hour")
	}
}

func TestARedirectHasNoScheme(t *testing.T) {
	server, url := newMaster(t)
	c := newClient(t, url, mediaProtobuf)
	server.Faults().RedirectTo("127.0.0.1:9999")
	response, err := c.post(context.Background(), calls.Subscribe(&c.framework))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if got := response.Header.Get("Location"); response.StatusCode != 307 || got != "//127.0.0.1:9999/master/api/v1/scheduler" {
		t.Errorf("got %d to %q", response.StatusCode, got)
	}
	server.Faults().RedirectTo("")
	c.subscribe()
}

func TestASilentMaster(t *testing.T) {
	server, url := newMaster(t)
	heartbeat := func(e scheduler.Event) bool { return e.Type == scheduler.Event_HEARTBEAT }
	c := newClient(t, url, mediaProtobuf)
	c.subscribe()
	c.await("heartbeat", heartbeat)
	server.Faults().StopHeartbeats(true)
	server.Faults().SendEvent(&scheduler.Event{Type: scheduler.Event_RESCIND, Rescind: &scheduler.Event_Rescind{}})
	c.await("the event after which no heartbeat comes", func(e scheduler.Event) bool { return e.Type == scheduler.Event_RESCIND })
	if c.saw(scheduler.Event_HEARTBEAT) {
		t.Errorf("a heartbeat although they were stopped: %s", kinds(c.seen))
	}
	server.Faults().StopHeartbeats(false)
	server.Faults().HoldEvents(true)
	c.call(calls.Revive()) // calls are still answered
	server.Faults().SendEvent(&scheduler.Event{Type: scheduler.Event_RESCIND, Rescind: &scheduler.Event_Rescind{}})
	if c.saw(scheduler.Event_RESCIND) {
		t.Errorf("events although the master is silent: %s", kinds(c.seen))
	}
	server.Faults().HoldEvents(false)
	c.await("the event that was held", func(e scheduler.Event) bool { return e.Type == scheduler.Event_RESCIND })
	c.await("heartbeat", heartbeat)
}

// saw says whether an event of one of the types comes within three heartbeats.
func (c *client) saw(types ...scheduler.Event_Type) bool {
	for deadline := time.Now().Add(100 * time.Millisecond); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		c.mu.Lock()
		for _, event := range c.seen {
			for _, kind := range types {
				if event.Type == kind {
					c.mu.Unlock()
					return true
				}
			}
		}
		c.mu.Unlock()
	}
	return false
}

func TestACallThatIsNeverAnswered(t *testing.T) {
	server, url := newMaster(t)
	c := newClient(t, url, mediaProtobuf)
	c.subscribe()
	server.Faults().HangNext(1)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	call := calls.Revive()
	call.FrameworkID = c.framework.ID
	if response, err := c.post(ctx, call); err == nil {
		t.Errorf("got status %d, want no answer", response.StatusCode)
	}
	c.call(calls.Revive())
}

func TestMalformedAndOversizedEvents(t *testing.T) {
	for _, media := range encodings {
		for name, data := range map[string]string{"no length": "abc\n", "not an event": "4\n\xff\xff\xff\xff"} {
			server, url := newMaster(t)
			c := newClient(t, url, media)
			c.subscribe()
			server.Faults().SendBytes([]byte(data))
			if err := c.awaitEnd(); err == nil {
				t.Errorf("%s, %s: the client read it without an error", media, name)
			}
		}
		server, url := newMaster(t)
		c := newClient(t, url, media)
		c.subscribe()
		server.Faults().SendEvent(OversizedEvent(5 << 20))
		big := c.await("an event over mesos-go's 4 MiB", func(e scheduler.Event) bool { return e.Type == scheduler.Event_MESSAGE })
		if got := len(big.Message.Data); got != 5<<20 {
			t.Errorf("%s: size: got %d", media, got)
		}
	}
}

func TestTenThousandOffers(t *testing.T) {
	server, url := newMaster(t)
	c := newClient(t, url, mediaProtobuf)
	c.subscribe()
	const n = 10_000
	began := time.Now()
	server.Faults().SendEvent(ManyOffers(n, c.framework.ID.Value, role))
	event := c.await("the offers", func(e scheduler.Event) bool { return e.Type == scheduler.Event_OFFERS })
	ids, agents := map[mesos.OfferID]bool{}, map[mesos.AgentID]bool{}
	var list []mesos.OfferID
	for _, offer := range event.Offers.Offers {
		ids[offer.ID], agents[offer.AgentID] = true, true
		list = append(list, offer.ID)
	}
	if len(ids) != n || len(agents) != n {
		t.Errorf("got %d offers of %d agents, want %d of each", len(ids), len(agents), n)
	}
	c.call(calls.Decline(list...))
	t.Logf("%d offers sent and declined in %s on %s", n, time.Since(began), runtime.GOARCH)
}

func TestDroppedConnections(t *testing.T) {
	server, url := newMaster(t)
	c := newClient(t, url, mediaProtobuf)
	c.subscribe()
	server.Faults().DropConnections()
	if err := c.awaitEnd(); err == nil || strings.Contains(err.Error(), "EOF") && !strings.Contains(err.Error(), "unexpected") {
		t.Errorf("the stream ended with %v, want a cut connection", err)
	}
	eventually(t, "the master to notice", func() bool {
		for _, framework := range server.State().Frameworks {
			if framework.Connected {
				return false
			}
		}
		return true
	})
	c.subscribe()
}
