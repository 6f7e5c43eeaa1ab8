package zkconn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/samuel/go-zookeeper/zk"
)

const (
	// defaultSession is half of what a server with default settings grants at most (20 ticks of 2 s): short enough that
	// a successor does not wait long, long enough for a garbage collection or an election.
	defaultSession = 20 * time.Second
	defaultConnect = 30 * time.Second
	dialWait       = 3 * time.Second
	closeWait      = 2 * time.Second
)

// Settings of a connection. Zero values mean the defaults named here.
type Settings struct {
	// Servers are "host:port"; at least one.
	Servers []string
	// Session is the session time-out to ask for (20 s). The server may grant another: see Conn.Session.
	Session time.Duration
	// Connect bounds the wait for the first session (30 s).
	Connect time.Duration
	// Log gets the library's chatter at DEBUG. Nil: nowhere.
	Log *slog.Logger
	// OnExpired is called when the server says that our session is over. It must not block. May be nil.
	OnExpired func()
	// Lookup resolves a host name to addresses; nil is the system's resolver.
	Lookup func(ctx context.Context, host string) ([]string, error)
}

// Conn is a connection to an ensemble that is kept up in the background. All methods may be called at the same time.
type Conn struct {
	lib     *zk.Conn
	granted atomic.Int64

	first     chan struct{} // closed at the first session
	firstOnce sync.Once
	closed    chan struct{}
	closeOnce sync.Once

	mu    sync.Mutex
	link  net.Conn
	cause error

	gate    sync.Mutex // orders begin before Close's wait
	ended   bool
	running sync.WaitGroup
}

// Dial connects and waits for a session, for at most Settings.Connect or until ctx ends. The error is an
// *UnreachableError that carries the last cause.
func Dial(ctx context.Context, s Settings) (*Conn, error) {
	if s.Session <= 0 {
		s.Session = defaultSession
	}
	if s.Connect <= 0 {
		s.Connect = defaultConnect
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Lookup == nil {
		s.Lookup = net.DefaultResolver.LookupHost
	}
	c := &Conn{first: make(chan struct{}), closed: make(chan struct{}), cause: errors.New("no answer")}
	lib, _, err := zk.Connect(s.Servers, s.Session,
		zk.WithHostProvider(&resolver{lookup: s.Lookup, failed: c.noteCause}),
		zk.WithDialer(c.dialer(s.Session)),
		zk.WithLogger(chatter{s.Log}),
		zk.WithLogInfo(false),
		zk.WithEventCallback(c.watcher(s.OnExpired)),
	)
	if err != nil {
		return nil, &UnreachableError{Servers: s.Servers, Cause: err}
	}
	c.lib = lib

	began := time.Now()
	timer := time.NewTimer(s.Connect)
	defer timer.Stop()
	select {
	case <-c.first:
		return c, nil
	case <-timer.C:
		err = c.lastCause()
	case <-ctx.Done():
		err = fmt.Errorf("%w (last: %w)", ctx.Err(), c.lastCause())
	}
	// The library takes a second to close without a server. Nobody has to wait for that.
	go c.Close()
	return nil, &UnreachableError{Servers: s.Servers, Waited: time.Since(began), Cause: err}
}

// Session is the session time-out that the server granted last.
func (c *Conn) Session() time.Duration {
	return time.Duration(c.granted.Load()) * time.Millisecond
}

// Redial cuts the TCP connection, so that the library goes on to the next server. For a caller that waited too long for
// an answer: the library itself notices a silent server only after two thirds of the session.
func (c *Conn) Redial() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != nil {
		// The error of closing a connection that is given up tells nobody anything.
		_ = c.link.Close()
	}
}

// Close ends the session, so that the server removes its ephemeral nodes at once. It waits at most a few seconds and may be
// called more than once.
func (c *Conn) Close() {
	c.closeOnce.Do(func() {
		c.gate.Lock()
		c.ended = true
		c.gate.Unlock()
		close(c.closed)

		done := make(chan struct{})
		go func() {
			defer close(done)
			// Operations in flight get their answer first; the library would leave those behind for ever.
			settled := make(chan struct{})
			go func() { c.running.Wait(); close(settled) }()
			select {
			case <-settled:
			case <-time.After(closeWait / 4):
			}
			c.lib.Close()
		}()
		select {
		case <-done:
		case <-time.After(closeWait):
		}
	})
}

func (c *Conn) dialer(session time.Duration) zk.Dialer {
	return func(network, address string, _ time.Duration) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err == nil && net.ParseIP(host) == nil {
			return nil, fmt.Errorf("%s could not be resolved", host) // noted with its cause by the resolver
		}
		raw, err := net.DialTimeout(network, address, min(dialWait, session/2))
		if err != nil {
			c.noteCause(err)
			return nil, fmt.Errorf("dialling %s: %w", address, err)
		}
		c.noteCause(fmt.Errorf("%s accepted the connection but did not answer", address))
		c.mu.Lock()
		c.link = raw
		c.mu.Unlock()
		return &link{Conn: raw, granted: &c.granted, asked: session}, nil
	}
}

func (c *Conn) watcher(onExpired func()) zk.EventCallback {
	return func(e zk.Event) {
		if e.Type != zk.EventSession {
			return
		}
		switch e.State {
		case zk.StateHasSession:
			c.firstOnce.Do(func() { close(c.first) })
		case zk.StateExpired:
			if onExpired != nil {
				onExpired()
			}
		}
	}
}

func (c *Conn) noteCause(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cause = err
}

func (c *Conn) lastCause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}

// chatter hands the library's printed lines to slog.
type chatter struct{ log *slog.Logger }

// Printf logs one line of the library.
func (c chatter) Printf(format string, args ...any) {
	c.log.Debug("ZooKeeper client says", "line", fmt.Sprintf(format, args...))
}
