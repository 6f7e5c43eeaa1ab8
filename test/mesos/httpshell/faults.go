package httpshell

import (
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// Faults are the ways in which the master misbehaves on request. The zero value is a master in good health.
type Faults struct {
	server *Server

	mu       sync.Mutex
	calls    int
	answer   answer
	hang     int
	delay    time.Duration
	redirect string
	mute     bool // no heartbeats are sent
	hold     chan struct{}
	conns    map[net.Conn]struct{}
}

// AnswerNext makes the next n calls of the scheduler API, SUBSCRIBE too, fail with a status and a text.
func (f *Faults) AnswerNext(n, status int, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls, f.answer = n, answer{status, text}
}

// HangNext makes the next n calls of the scheduler API wait without an answer until the client gives up.
func (f *Faults) HangNext(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hang = n
}

// DelayAnswers keeps back the answers of accepted calls for a time, but not the events they cause: those come first, as they
// may with a real master.
func (f *Faults) DelayAnswers(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.delay = d
}

// RedirectTo answers every call with 307 to another master at host:port, in the form of a master that is not the leader:
// Location has no scheme. Empty ends it.
func (f *Faults) RedirectTo(hostPort string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.redirect = hostPort
}

// StopHeartbeats leaves HEARTBEAT events out, or sends them again.
func (f *Faults) StopHeartbeats(stop bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mute = stop
}

// HoldEvents keeps back everything on all streams, heartbeats too, while calls are still answered; false lets it all out.
func (f *Faults) HoldEvents(hold bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case hold && f.hold == nil:
		f.hold = make(chan struct{})
	case !hold && f.hold != nil:
		close(f.hold)
		f.hold = nil
	}
}

// SendEvent puts an event of the test's making on every stream. The model knows nothing of it: a call about its offers is
// one about unknown offers.
func (f *Faults) SendEvent(event *scheduler.Event) { f.send(frame{event: event}) }

// SendBytes puts bytes on every stream as they are, outside RecordIO: "abc\n" is a record without a length.
func (f *Faults) SendBytes(data []byte) { f.send(frame{raw: data}) }

func (f *Faults) send(what frame) {
	f.server.owner.do(func(_ *model.Model, _ time.Time) {
		for _, stream := range f.server.owner.streams {
			stream.push(what)
		}
	})
}

// DropConnections cuts every open connection without a word.
func (f *Faults) DropConnections() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for conn := range f.conns {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset, not an orderly end
		}
		_ = conn.Close()
	}
}

// ConnState is for http.Server.ConnState of a server that runs the handler; DropConnections needs it.
func (f *Faults) ConnState(conn net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch state {
	case http.StateNew:
		f.conns[conn] = struct{}{}
	case http.StateClosed, http.StateHijacked:
		delete(f.conns, conn)
	}
}
