package server

import (
	"bufio"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// serveWeb serves HTTP. A secure node takes TLS and clear on one port, told apart by
// the first byte; what it answers in clear is for package httpapi.
func (n *Node) serveWeb(l net.Listener) error {
	if n.cfg.Certs == nil {
		return n.http.Serve(l)
	}
	return n.http.Serve(sorted(l, n.cfg.Certs.Web()))
}

// sorter is a listener whose connections have shown whether they begin with TLS. Each
// is waited for by itself, so that a silent one holds nobody up.
type sorter struct {
	net.Listener
	ready chan net.Conn
	gone  chan struct{}
	once  sync.Once
	err   error
}

func sorted(l net.Listener, conf *tls.Config) *sorter {
	s := &sorter{Listener: l, ready: make(chan net.Conn), gone: make(chan struct{})}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				s.err = err
				s.once.Do(func() { close(s.gone) })
				return
			}
			go s.sort(c, conf)
		}
	}()
	return s
}

func (s *sorter) sort(c net.Conn, conf *tls.Config) {
	r := bufio.NewReader(c)
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	first, err := r.Peek(1)
	c.SetReadDeadline(time.Time{})
	if err != nil {
		c.Close()
		return
	}
	var out net.Conn = ahead{c, r}
	if first[0] == 22 {
		out = tls.Server(out, conf)
	}
	select {
	case s.ready <- out:
	case <-s.gone:
		c.Close()
	}
}

// Accept gives the next connection that has said something.
func (s *sorter) Accept() (net.Conn, error) {
	select {
	case c := <-s.ready:
		return c, nil
	case <-s.gone:
		return nil, s.err
	}
}

// ahead is a connection of which something was read ahead.
type ahead struct {
	net.Conn
	r *bufio.Reader
}

// Read reads what was read ahead first.
func (a ahead) Read(b []byte) (int, error) { return a.r.Read(b) }
