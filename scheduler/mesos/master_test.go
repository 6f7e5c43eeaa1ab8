package mesos

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// patience bounds everything a test waits for.
const patience = 30 * time.Second

// master is a small Mesos master: it streams what the test sends and keeps what it is asked.
type master struct {
	*httptest.Server
	tb testing.TB
	// streams brings each subscription that was taken in.
	streams chan *stream
	// asked brings each other call.
	asked chan asked

	mu sync.Mutex
	// subscribe answers the n-th SUBSCRIBE, from 1, instead of a stream when it returns true.
	subscribe func(n int, w http.ResponseWriter, r *http.Request) bool
	// answer gives the status and text of an answer to another call.
	answer     func(call *scheduler.Call) (int, string)
	subscribed int
	// frameworks is the page of that name; empty is not found.
	frameworks string
	// admits tells who is let in; the others get 401. Nil lets everybody in.
	admits func(*http.Request) bool
	// version is what the page of that name says; empty is not found.
	version string
	// pages counts the looks at that page that were let in.
	pages int
}

type asked struct {
	*scheduler.Call
	host, streamID, contentType string
}

// stream is one subscription.
type stream struct {
	tb     testing.TB
	call   *scheduler.Call
	id     string
	pieces chan []byte
	gone   <-chan struct{}
}

func newMaster(tb testing.TB) *master { return masterOn(tb, httptest.NewServer) }

func masterOn(tb testing.TB, serve func(http.Handler) *httptest.Server) *master {
	m := &master{tb: tb, streams: make(chan *stream, 100), asked: make(chan asked, 1000)}
	m.Server = serve(m)
	tb.Cleanup(func() {
		m.CloseClientConnections()
		m.Close()
	})
	return m
}

func (m *master) tellVersion(w http.ResponseWriter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.version == "" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	io.WriteString(w, `{"build_date":"2017-11-20","version":"`+m.version+`"}`)
}

// do changes how the master answers.
func (m *master) do(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

func (m *master) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	admits := m.admits
	m.mu.Unlock()
	if admits != nil && !admits(r) {
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodGet {
		if strings.HasSuffix(r.URL.Path, "/version") {
			m.tellVersion(w)
			return
		}
		m.page(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	call := &scheduler.Call{}
	if err := call.Unmarshal(body); err != nil {
		http.Error(w, "Failed to parse body into Call protobuf", http.StatusBadRequest)
		return
	}
	m.mu.Lock()
	subscribe, answer := m.subscribe, m.answer
	if call.Type == scheduler.Call_SUBSCRIBE {
		m.subscribed++
	}
	n := m.subscribed
	m.mu.Unlock()

	id := r.Header.Get("Mesos-Stream-Id")
	if call.Type != scheduler.Call_SUBSCRIBE {
		m.asked <- asked{call, r.Host, id, r.Header.Get("Content-Type")}
		status, text := http.StatusAccepted, ""
		if answer != nil {
			status, text = answer(call)
		}
		w.WriteHeader(status)
		io.WriteString(w, text)
		return
	}
	if subscribe != nil && subscribe(n, w, r) {
		return
	}
	if _, there := r.Header["Mesos-Stream-Id"]; there {
		http.Error(w, "Subscribe calls should not include the 'Mesos-Stream-Id' header", http.StatusBadRequest)
		return
	}
	s := &stream{tb: m.tb, call: call, id: "stream-" + strconv.Itoa(n), pieces: make(chan []byte, 100), gone: r.Context().Done()}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.Header().Set("Mesos-Stream-Id", s.id)
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	m.streams <- s
	for {
		select {
		case piece, open := <-s.pieces:
			if !open {
				return
			}
			w.Write(piece)
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func (m *master) page(w http.ResponseWriter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pages++
	if m.frameworks == "" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	io.WriteString(w, m.frameworks)
}

// next waits for a subscription and greets it.
func (m *master) next() *stream {
	m.tb.Helper()
	s := receive(m.tb, m.streams)
	s.greet(framework)
	return s
}

const framework = "0cd4f604-92ce-4dfc-aa1c-6235feb929c0-0000"

func (s *stream) greet(framework string) {
	s.send(&scheduler.Event{Type: scheduler.Event_SUBSCRIBED, Subscribed: &scheduler.Event_Subscribed{
		FrameworkID:              &mesos.FrameworkID{Value: framework},
		HeartbeatIntervalSeconds: new(15.0),
		MasterInfo:               &mesos.MasterInfo{ID: "master-1", Port: new(uint32(5050)), Version: new("1.12.0")},
	}})
}

func (s *stream) send(event *scheduler.Event) { s.pieces <- record(s.tb, event) }

// raw sends bytes as they are.
func (s *stream) raw(data string) { s.pieces <- []byte(data) }

func (s *stream) close() { close(s.pieces) }

// record is an event in RecordIO.
func record(tb testing.TB, event *scheduler.Event) []byte {
	tb.Helper()
	data, err := event.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return append([]byte(strconv.Itoa(len(data))+"\n"), data...)
}

func rescind(id string) *scheduler.Event {
	return &scheduler.Event{Type: scheduler.Event_RESCIND, Rescind: &scheduler.Event_Rescind{OfferID: mesos.OfferID{Value: id}}}
}

// running is a Connection with Run going.
type running struct {
	*Connection
	tb     testing.TB
	events chan core.Event
	ended  chan error
	log    *logLines
	stop   context.CancelFunc
}

// testConfig comes back quickly, so that tests do.
func testConfig(masters string) Config {
	return Config{
		Masters: masters,
		Framework: Framework{Name: "crdb", User: "nobody", Principal: "crdb-principal", Role: "crdb-role",
			Hostname: "scheduler.example", WebURL: "http://scheduler.example:8080"},
		Backoff: Backoff{First: time.Millisecond, Most: 20 * time.Millisecond},
		Answer:  patience,
	}
}

func start(tb testing.TB, c Config, changes ...func(*Connection)) *running {
	tb.Helper()
	lines := &logLines{}
	c.Log = slog.New(slog.NewTextHandler(lines, &slog.HandlerOptions{Level: slog.LevelInfo}))
	connection, err := New(c)
	if err != nil {
		tb.Fatal(err)
	}
	for _, change := range changes {
		change(connection)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{Connection: connection, tb: tb, events: make(chan core.Event, 1000), ended: make(chan error, 1), log: lines, stop: cancel}
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.ended <- connection.Run(ctx, func(event core.Event) { r.events <- event })
	}()
	tb.Cleanup(func() {
		cancel()
		<-done
	})
	return r
}

// wait receives one event of a type; anything else first is a failure.
func wait[E core.Event](r *running) E {
	r.tb.Helper()
	event := receive(r.tb, r.events)
	wanted, ok := event.(E)
	if !ok {
		r.tb.Fatalf("got %#v, want a %T", event, wanted)
	}
	return wanted
}

// back waits for the next subscription, past any number of reasons why there is none yet.
func back(r *running) core.Subscribed {
	r.tb.Helper()
	for {
		switch event := receive(r.tb, r.events).(type) {
		case core.Subscribed:
			return event
		case core.Disconnected:
		default:
			r.tb.Fatalf("got %#v, want a subscription", event)
		}
	}
}

func receive[T any](tb testing.TB, from <-chan T) T {
	tb.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		var none T
		tb.Fatalf("no %T within %s", none, patience)
		return none
	}
}

// logLines counts what is logged.
type logLines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logLines) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Count(l.text.Bytes(), []byte(part))
}
