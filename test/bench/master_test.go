package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// frameworkID is what the master calls whoever subscribes.
const frameworkID = "0cd4f604-92ce-4dfc-aa1c-6235feb929c0-0000"

// master is as much of a Mesos master as the figures need. It greets a subscriber, streams what it is given, and hands
// each call on with the instant at which it had it in whole.
type master struct {
	*httptest.Server
	tb     testing.TB
	stream chan piece
	// calls brings every call but SUBSCRIBE, in the order in which they came.
	calls chan heard
}

// heard is a call and when it was there.
type heard struct {
	*scheduler.Call
	at time.Time
}

// piece is an event on its way out; began gets the instant before its first byte was written.
type piece struct {
	record []byte
	began  chan time.Time
}

func newMaster(tb testing.TB) *master {
	m := &master{tb: tb, stream: make(chan piece), calls: make(chan heard, 10_000)}
	m.Server = httptest.NewServer(m)
	tb.Cleanup(func() {
		m.CloseClientConnections()
		m.Close()
	})
	return m
}

func (m *master) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	at := time.Now()
	call := &scheduler.Call{}
	if err != nil || call.Unmarshal(body) != nil {
		http.Error(w, "Failed to parse body into Call protobuf", http.StatusBadRequest)
		return
	}
	if call.Type != scheduler.Call_SUBSCRIBE {
		w.WriteHeader(http.StatusAccepted)
		m.calls <- heard{call, at}
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.Header().Set("Mesos-Stream-Id", "stream-1")
	flush := http.NewResponseController(w).Flush
	for next := (piece{record: record(m.tb, greeting())}); ; {
		began := time.Now()
		if _, err := w.Write(next.record); err != nil || flush() != nil {
			return
		}
		if next.began != nil {
			next.began <- began
		}
		select {
		case next = <-m.stream:
		case <-r.Context().Done():
			return
		}
	}
}

// send puts an event on the stream and says when its writing began. It waits for a subscriber.
func (m *master) send(t *testing.T, p *program, event *scheduler.Event) time.Time {
	t.Helper()
	out := piece{record: record(t, event), began: make(chan time.Time, 1)}
	select {
	case m.stream <- out:
	case <-p.ended:
		t.Fatal("the scheduler ended")
	case <-time.After(patience):
		t.Fatalf("nobody took an event within %s", patience)
	}
	return receive(t, out.began, p, "an event's last byte")
}

func greeting() *scheduler.Event {
	return &scheduler.Event{Type: scheduler.Event_SUBSCRIBED, Subscribed: &scheduler.Event_Subscribed{
		FrameworkID: &mesos.FrameworkID{Value: frameworkID}, HeartbeatIntervalSeconds: new(3600.0),
		MasterInfo: &mesos.MasterInfo{ID: "master-1", Port: new(uint32(5050)), Version: new("1.11.0")}}}
}

// record is an event as RecordIO has it: its length in decimal, a line feed, its bytes.
func record(tb testing.TB, event *scheduler.Event) []byte {
	tb.Helper()
	data, err := event.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return append(append(strconv.AppendInt(nil, int64(len(data)), 10), '\n'), data...)
}
