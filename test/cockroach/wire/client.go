package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// ErrNotSent marks calls that certainly had no effect: the connection could not
// be made or the request could not be written.
var ErrNotSent = errors.New("request was not sent")

// Conn is one connection to a stand-in process. It carries one call at a time.
type Conn struct {
	c net.Conn
}

// Close hangs up.
func (c *Conn) Close() error { return c.c.Close() }

// Call sends one request and decodes the reply's body into out (may be nil).
// A *Fault comes back as such. After any other error the connection is of no use.
func (c *Conn) Call(ctx context.Context, op string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode %s: %w", op, err)
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Time{}
	}
	c.c.SetDeadline(deadline)
	stop := context.AfterFunc(ctx, func() { c.c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := writeFrame(c.c, request{Op: op, Body: body}, blobOf(in)); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrNotSent, op, err)
	}
	var r reply
	blob, err := readFrame(c.c, &r)
	if err != nil {
		return fmt.Errorf("read the answer to %s: %w", op, err)
	}
	if r.Fault != nil {
		return r.Fault
	}
	if to, ok := out.(Receiver); ok {
		to.SetBlob(blob)
	}
	if out == nil || len(r.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(r.Body, out); err != nil {
		return fmt.Errorf("decode the answer to %s: %w", op, err)
	}
	return nil
}

// Pool keeps idle connections to peers, so that heartbeats do not dial anew.
type Pool struct {
	dial   Dialer
	mu     sync.Mutex
	idle   map[string][]*Conn
	closed bool
}

// NewPool makes an empty pool that connects with d.
func NewPool(d Dialer) *Pool { return &Pool{dial: d, idle: map[string][]*Conn{}} }

// Call makes one call to addr over an idle connection or a new one. A request
// that could not be written over an idle connection is tried once over a new one.
func (p *Pool) Call(ctx context.Context, addr, op string, in, out any) error {
	for {
		c, reused, err := p.take(ctx, addr)
		if err != nil {
			return fmt.Errorf("%w: %s to %s: %w", ErrNotSent, op, addr, err)
		}
		err = c.Call(ctx, op, in, out)
		var fault *Fault
		if err == nil || errors.As(err, &fault) {
			p.put(addr, c)
			return err
		}
		c.Close()
		if reused && errors.Is(err, ErrNotSent) && ctx.Err() == nil {
			continue
		}
		return err
	}
}

func (p *Pool) take(ctx context.Context, addr string) (*Conn, bool, error) {
	p.mu.Lock()
	if n := len(p.idle[addr]); n > 0 {
		c := p.idle[addr][n-1]
		p.idle[addr] = p.idle[addr][:n-1]
		p.mu.Unlock()
		return c, true, nil
	}
	p.mu.Unlock()
	c, err := p.dial.Dial(ctx, addr)
	return c, false, err
}

func (p *Pool) put(addr string, c *Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle[addr]) >= 4 {
		c.Close()
		return
	}
	p.idle[addr] = append(p.idle[addr], c)
}

// Close hangs up all idle connections; those in use close when they come back.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, cs := range p.idle {
		for _, c := range cs {
			c.Close()
		}
	}
	p.idle = map[string][]*Conn{}
}
