package door

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// handshake is the first byte of a connection that begins with a TLS handshake (RFC 8446, section 5.1). No HTTP request begins with it.
const handshake = 0x16

// split hands out connections as *tls.Conn when their first byte says so, and as they are otherwise. The byte is awaited in a
// goroutine for each connection, for a bounded time, so that a silent one holds up nobody.
type split struct {
	net.Listener
	config *tls.Config
	first  time.Duration
	ready  chan accepted
	closed chan struct{}
	stop   func()
}

type accepted struct {
	conn net.Conn
	err  error
}

// Split serves TLS and plain connections on one listener. A connection that sends nothing within first is closed.
func Split(listener net.Listener, config *tls.Config, first time.Duration) net.Listener {
	s := &split{Listener: listener, config: config, first: first, ready: make(chan accepted), closed: make(chan struct{})}
	s.stop = sync.OnceFunc(func() { close(s.closed) })
	go s.listen()
	return s
}

func (s *split) listen() {
	for {
		conn, err := s.Listener.Accept()
		if err == nil {
			go s.decide(conn)
			continue
		}
		// http.Server waits a little after an error that may pass, so this loop does too.
		if !s.hand(accepted{err: err}) || errors.Is(err, net.ErrClosed) {
			return
		}
	}
}

// hand says false when nobody takes connections any more.
func (s *split) hand(a accepted) bool {
	select {
	case s.ready <- a:
		return true
	case <-s.closed:
		return false
	}
}

func (s *split) decide(conn net.Conn) {
	first := make([]byte, 1)
	if err := conn.SetReadDeadline(time.Now().Add(s.first)); err != nil {
		_ = conn.Close()
		return
	}
	if _, err := io.ReadFull(conn, first); err != nil {
		_ = conn.Close()
		return
	}
	// From here on the limits are http.Server's.
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		_ = conn.Close()
		return
	}
	var seen net.Conn = &begun{Conn: conn, first: first}
	if first[0] == handshake {
		seen = tls.Server(seen, s.config)
	}
	if !s.hand(accepted{conn: seen}) {
		_ = conn.Close()
	}
}

// Accept gives the next connection whose first byte is known. Errors: net.ErrClosed, and those of the listener.
func (s *split) Accept() (net.Conn, error) {
	select {
	case a := <-s.ready:
		return a.conn, a.err
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

// Close closes the listener, and connections that were not handed out.
func (s *split) Close() error {
	s.stop()
	return s.Listener.Close()
}

// begun is a connection whose first byte was read; Read gives it again.
type begun struct {
	net.Conn
	first []byte
}

// Read gives the first byte alone, then what follows.
func (b *begun) Read(into []byte) (int, error) {
	if len(b.first) > 0 && len(into) > 0 {
		n := copy(into, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	return b.Conn.Read(into)
}

// NetConn is the connection itself.
func (b *begun) NetConn() net.Conn { return b.Conn }

// CloseWrite lets net/http end an answer so that the other side can still read it.
func (b *begun) CloseWrite() error { return closeWrite(b.Conn) }

// ReadFrom keeps the kernel's way from a file to a socket.
func (b *begun) ReadFrom(from io.Reader) (int64, error) { return io.Copy(b.Conn, from) }
