package zktest

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy stands between a client and the server and spoils the network on command. It starts by passing everything.
type Proxy struct {
	listener net.Listener
	target   string

	mu      sync.Mutex
	changed *sync.Cond
	up      bool // client to server flows
	down    bool // server to client flows
	ended   bool
	conns   map[net.Conn]struct{}
	sent    int // bytes taken to the server
}

// NewProxy listens on a loopback port and passes to the server, until the test ends.
func NewProxy(tb testing.TB, s *Server) *Proxy {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{listener: l, target: s.Address(), up: true, down: true, conns: map[net.Conn]struct{}{}}
	p.changed = sync.NewCond(&p.mu)
	tb.Cleanup(p.close)
	go p.accept()
	return p
}

// Address is the proxy's "host:port".
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// URL is zk://host:port followed by the path.
func (p *Proxy) URL(path string) string { return "zk://" + p.Address() + path }

// Stall holds all bytes back in both directions. Connections stay open and new ones are accepted: a partition that drops
// packets.
func (p *Proxy) Stall() { p.set(false, false) }

// HoldAnswers lets requests through and holds back what the server answers.
func (p *Proxy) HoldAnswers() { p.set(true, false) }

// Pass lets everything flow again, including what was held back on connections that are still open.
func (p *Proxy) Pass() { p.set(true, true) }

// Cut closes all connections; what was held back on them is lost.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut()
}

// Sent is the number of bytes that reached the server so far.
func (p *Proxy) Sent() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent
}

func (p *Proxy) set(up, down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.up, p.down = up, down
	p.changed.Broadcast()
}

func (p *Proxy) cut() {
	for c := range p.conns {
		_ = c.Close()
	}
	p.conns = map[net.Conn]struct{}{}
	p.changed.Broadcast()
}

func (p *Proxy) close() {
	_ = p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	p.cut()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.DialTimeout("tcp", p.target, time.Second)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = struct{}{}, struct{}{}
		p.mu.Unlock()
		go p.pump(server, client, func() bool { return p.up }, true)
		go p.pump(client, server, func() bool { return p.down }, false)
	}
}

// pump copies from one side to the other while the direction is open.
func (p *Proxy) pump(to, from net.Conn, open func() bool, count bool) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !p.wait(from, open) {
			return
		}
		if n > 0 {
			if count {
				p.mu.Lock()
				p.sent += n
				p.mu.Unlock()
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if err != io.EOF {
				return
			}
			// A side that hung up while stalled is not told to the other before the stall is over.
			p.wait(from, open)
			return
		}
	}
}

// wait blocks until the direction is open; false when the connection was cut meanwhile.
func (p *Proxy) wait(conn net.Conn, open func() bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.ended && !open() {
		if _, alive := p.conns[conn]; !alive {
			return false
		}
		p.changed.Wait()
	}
	_, alive := p.conns[conn]
	return alive && !p.ended
}
