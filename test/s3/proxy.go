package s3

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Proxy stands between a client and the server and spoils the network on command. It starts by passing everything.
type Proxy struct {
	listener net.Listener
	target   string
	upstream *http.Transport
	up, down pacer

	mu      sync.Mutex
	changed *sync.Cond
	slow    float64 // the share of requests that are told to slow down
	due     float64 // the sum of shares not yet paid
	delay   time.Duration
	blocked bool
	waiting int // bodies and requests held back
	cuts    []*Cut
	seen    []Seen
}

// Seen is a request that came by.
type Seen struct {
	Method, Path, Query string
	// Passed says that it was passed to the server; otherwise the proxy answered.
	Passed bool
}

// Cut is a fault of connections: those of the next Times requests that match are cut.
type Cut struct {
	// Match says which requests; nil means all.
	Match func(*http.Request) bool
	// After is how many bytes of the request's body are passed before the cut, or with Answer of the answer's body; a body
	// that is shorter is not cut. With Answer and Before the answer is lost as a whole, after the server has done its work.
	After          int64
	Answer, Before bool
	Times          int
}

func newProxy(s *Server, certificate, key []byte) *Proxy {
	s.tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.tb.Fatal(err)
	}
	p := &Proxy{listener: l, target: s.address, upstream: s.client.Transport.(*http.Transport).Clone()}
	p.changed = sync.NewCond(&p.mu)
	p.upstream.DisableCompression = true
	p.upstream.ExpectContinueTimeout = time.Second
	p.upstream.MaxIdleConnsPerHost = 64
	if certificate != nil {
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil {
			s.tb.Fatal(err)
		}
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}})
	}
	ctx, stop := context.WithCancel(context.Background())
	front := &http.Server{Handler: p.handler(s.scheme()), ErrorLog: log.New(io.Discard, "", 0),
		BaseContext: func(net.Listener) context.Context { return ctx }}
	s.tb.Cleanup(func() {
		stop()
		p.Release()
		_ = front.Close()
		p.upstream.CloseIdleConnections()
	})
	go func() { _ = front.Serve(l) }() // ends with Close
	return p
}

func (p *Proxy) address() string { return p.listener.Addr().String() }

// SlowDown answers 503 SlowDown to a share of all requests from now on, 0 to 1, evenly spread: 0.25 is every fourth.
func (p *Proxy) SlowDown(share float64) { p.set(func() { p.slow = share }) }

// Delay holds every request back for a while from now on.
func (p *Proxy) Delay(d time.Duration) { p.set(func() { p.delay = d }) }

// Rate limits how many bytes of bodies pass in a second, in each direction, over all connections together; 0 is no limit.
func (p *Proxy) Rate(bytesPerSecond int64) {
	p.up.set(bytesPerSecond)
	p.down.set(bytesPerSecond)
}

// Cut adds a fault.
func (p *Proxy) Cut(c Cut) { p.set(func() { p.cuts = append(p.cuts, &c) }) }

// Block holds everything back until Release: requests, and bodies in the middle. Connections stay open.
func (p *Proxy) Block() { p.set(func() { p.blocked = true }) }

// Release lets everything flow again.
func (p *Proxy) Release() { p.set(func() { p.blocked = false }) }

// AwaitBlocked waits until so many requests or bodies are held back.
func (p *Proxy) AwaitBlocked(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.waiting < n {
		p.changed.Wait()
	}
}

// Requests are all that came by so far, in order.
func (p *Proxy) Requests() []Seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Seen(nil), p.seen...)
}

func (p *Proxy) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.changed.Broadcast()
}

// pass waits while everything is held back.
func (p *Proxy) pass(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.blocked {
		return ctx.Err()
	}
	stop := context.AfterFunc(ctx, func() { p.set(func() {}) })
	defer stop()
	p.waiting++
	p.changed.Broadcast()
	for p.blocked && ctx.Err() == nil {
		p.changed.Wait()
	}
	p.waiting--
	return ctx.Err()
}

// fate decides about a request: whether it is told to slow down, how long it waits, and which cut it meets.
func (p *Proxy) fate(r *http.Request) (slow bool, delay time.Duration, cut *Cut) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.due += p.slow; p.due >= 1 {
		p.due--
		slow = true
	}
	for _, c := range p.cuts {
		if !slow && c.Times > 0 && (c.Match == nil || c.Match(r)) && (c.Answer || r.ContentLength > c.After) {
			c.Times--
			cut = c
			break
		}
	}
	p.seen = append(p.seen, Seen{r.Method, r.URL.Path, r.URL.RawQuery, !slow})
	p.changed.Broadcast()
	return slow, p.delay, cut
}

var errCut = errors.New("cut")

// body is one that flows through the proxy.
type body struct {
	io.ReadCloser
	ctx   context.Context
	proxy *Proxy
	pace  *pacer
	left  int64 // bytes until the cut, less than 0: none
}

func (b *body) Read(p []byte) (int, error) {
	if err := b.proxy.pass(b.ctx); err != nil {
		return 0, err
	}
	if b.left == 0 {
		return 0, errCut
	}
	p = p[:min(len(p), 16<<10)]
	if b.left > 0 {
		p = p[:min(int64(len(p)), b.left)]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left > 0 {
		b.left -= int64(n)
	}
	if wait := b.pace.wait(b.ctx, n); wait != nil {
		return n, wait
	}
	return n, err
}
