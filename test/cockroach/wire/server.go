package wire

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"
)

// Handler answers one request. The context ends when the caller hangs up or the
// server closes. A returned *Fault goes out as it is; any other error goes out as
// a fault of code Unknown.
type Handler func(ctx context.Context, op string, body json.RawMessage, blob []byte) (any, error)

// Server serves the protocol on listeners until it is closed. TLS and Complain are
// set before Serve, if at all.
type Server struct {
	// TLS is the configuration of a server that takes nothing else.
	TLS *tls.Config
	// Complain is told of handshakes that failed.
	Complain func(from net.Addr, err error)

	handle Handler
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	socket []net.Listener
	closed bool
}

// NewServer makes a server that hands requests to h.
func NewServer(h Handler) *Server {
	ctx, cancel := context.WithCancel(context.Background())
	return &Server{handle: h, ctx: ctx, cancel: cancel, open: map[net.Conn]bool{}}
}

// Serve accepts connections from l in the background.
func (s *Server) Serve(l net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		l.Close()
		return
	}
	s.socket = append(s.socket, l)
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		for {
			c, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				// Out of file descriptors and the like: the listener is still good.
				time.Sleep(10 * time.Millisecond)
				continue
			}
			s.adopt(c)
		}
	}()
}

func (s *Server) adopt(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		c.Close()
		return
	}
	s.open[c] = true
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		s.talk(c)
		s.mu.Lock()
		delete(s.open, c)
		s.mu.Unlock()
		c.Close()
	}()
}

// talk reads ahead in a goroutine of its own, so that a caller that hangs up
// in the middle of a call is noticed and the call's context ends.
func (s *Server) talk(raw net.Conn) {
	raw.SetDeadline(time.Now().Add(10 * time.Second))
	c, caller, err := s.accept(raw)
	if err != nil {
		var shake *HandshakeError
		if errors.As(err, &shake) && s.Complain != nil {
			s.Complain(raw.RemoteAddr(), shake.Err)
		}
		return
	}
	raw.SetDeadline(time.Time{})
	ctx, cancel := context.WithCancel(context.WithValue(s.ctx, callerKey{}, caller))
	defer cancel()
	requests := make(chan request)
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		defer cancel()
		for {
			var q request
			var err error
			if q.blob, err = readFrame(c, &q); err != nil {
				return
			}
			select {
			case requests <- q:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case q := <-requests:
			a := s.answer(ctx, q)
			if writeFrame(c, a, a.blob) != nil {
				return
			}
		}
	}
}

func (s *Server) answer(ctx context.Context, q request) reply {
	out, err := s.handle(ctx, q.Op, q.Body, q.blob)
	if err != nil {
		var f *Fault
		if !errors.As(err, &f) {
			f = &Fault{Code: Unknown, Message: err.Error()}
		}
		return reply{Fault: f}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return reply{Fault: &Fault{Code: Unknown, Message: "encode the answer: " + err.Error()}}
	}
	return reply{Body: body, blob: blobOf(out)}
}

// Close stops listening, hangs up on everybody and waits for the goroutines.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	for _, l := range s.socket {
		l.Close()
	}
	s.cancel()
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}
