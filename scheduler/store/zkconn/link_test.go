package zkconn

import (
	"bytes"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// recorder is a connection that gives bytes in pieces and remembers the deadline.
type recorder struct {
	net.Conn
	in       io.Reader
	deadline time.Time
}

func (r *recorder) Read(p []byte) (int, error)        { return r.in.Read(p) }
func (r *recorder) SetReadDeadline(t time.Time) error { r.deadline = t; return nil }

func TestLinkReadsTheGrantedTimeout(t *testing.T) {
	// Packet length, protocol version, time-out: 40,000 ms; then session id and password.
	greeting := []byte{0, 0, 0, 37, 0, 0, 0, 0, 0, 0, 0x9c, 0x40, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 16}
	refusal := append([]byte{}, greeting...)
	refusal[10], refusal[11] = 0, 0
	tests := []struct {
		name string
		in   io.Reader
		want int64
	}{
		{"at once", bytes.NewReader(greeting), 40_000},
		{"byte by byte", oneByte{bytes.NewReader(greeting)}, 40_000},
		{"a refused session", bytes.NewReader(refusal), 7},
		{"cut off", bytes.NewReader(greeting[:9]), 7},
	}
	for _, tt := range tests {
		var granted atomic.Int64
		granted.Store(7)
		l := &link{Conn: &recorder{in: tt.in}, granted: &granted}
		if _, err := io.ReadAll(l); err != nil {
			t.Fatal(err)
		}
		if granted.Load() != tt.want {
			t.Errorf("%s: granted %d ms, want %d", tt.name, granted.Load(), tt.want)
		}
	}
}

type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:1]) }

func TestLinkShortensTheLongestWait(t *testing.T) {
	var granted atomic.Int64
	rec := &recorder{}
	l := &link{Conn: rec, granted: &granted, asked: 3 * time.Second}
	check := func(name string, ask, want time.Duration) {
		t.Helper()
		if err := l.SetReadDeadline(time.Now().Add(ask)); err != nil {
			t.Fatal(err)
		}
		if got := time.Until(rec.deadline); got > want || got < want-time.Second/2 {
			t.Errorf("%s: asked for %s, got %s, want %s", name, ask, got, want)
		}
	}
	check("the library's wait for the greeting", 20*time.Second, 2*time.Second)
	check("a shorter wait", time.Second, time.Second)
	granted.Store(6_000)
	check("a longer session was granted", 20*time.Second, 4*time.Second)
	if err := l.SetReadDeadline(time.Time{}); err != nil || !rec.deadline.IsZero() {
		t.Errorf("no deadline became %v, %v", rec.deadline, err)
	}
}
