package mesos

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Connection is our side of a subscription. Run holds it; Send and Subscribed may be called at any time by any goroutine.
type Connection struct {
	config Config
	finder finder
	client *http.Client

	mu          sync.Mutex
	current     *subscription
	frameworkID string
	last        *url.URL
	heard       time.Time
	// lookedForNamesake is set once the master told its frameworks; only Run's goroutine uses it.
	lookedForNamesake bool
}

// subscription is what a call must name.
type subscription struct {
	master    *url.URL
	streamID  string
	framework string
}

// New checks the configuration and connects to nothing yet. The error joins one tasks.Fault for each fault.
func New(c Config) (*Connection, error) {
	c = c.filled()
	finder, err := newFinder(c)
	if err := errors.Join(err, c.Framework.faults()); err != nil {
		return nil, err
	}
	return &Connection{
		config:      c,
		finder:      finder,
		frameworkID: c.Framework.ID,
		client: &http.Client{
			Transport: c.Transport,
			// Redirects are followed by subscribe alone, which then knows who leads.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Run subscribes and hands every event to inbox, in order and one at a time, until ctx ends; then it returns nil. A lost
// subscription is tried again for ever, with core.Disconnected sent for each loss and each new reason. There are two other ways to end:
// an ERROR event of the master (inbox gets core.MasterError and Run returns an *EndedError), and, before the first
// registration, a framework of our name that runs tasks (core.Namesake, *NamesakeError). Run may be called once.
//
// Inbox may block; the master's silence is measured only while we listen.
func (c *Connection) Run(ctx context.Context, inbox func(core.Event)) error {
	defer c.finder.close()
	outage := outage{log: c.config.Log, inbox: inbox}
	for try := 0; ; try++ {
		began := time.Now()
		err := c.session(ctx, func(event core.Event) {
			if _, ok := event.(core.Subscribed); ok {
				outage.over()
			}
			inbox(event)
		})
		c.drop()
		if ctx.Err() != nil {
			return nil
		}
		var ended *EndedError
		if errors.As(err, &ended) {
			return ended
		}
		var namesake *NamesakeError
		if errors.As(err, &namesake) {
			inbox(core.Namesake{FrameworkID: namesake.ID, Tasks: namesake.Tasks})
			return namesake
		}
		outage.note(err)
		if time.Since(began) > c.config.Backoff.Most {
			try = 0
		}
		pause := c.config.Backoff.wait(try)
		var leaderlessError *NoLeaderError
		if errors.As(err, &leaderlessError) {
			pause = min(pause, leaderless)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// Heard is when the last message of the master came, of whatever kind: events and heartbeats count. It is zero before the first.
func (c *Connection) Heard() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heard
}

func (c *Connection) hear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = time.Now()
}

// session is one subscription from the search for the master to the end of its stream. It never returns nil.
func (c *Connection) session(ctx context.Context, inbox func(core.Event)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	masters, changed, err := c.finder.find(ctx)
	if err != nil {
		return err
	}
	opened, err := c.subscribe(ctx, c.bestFirst(masters))
	if err != nil {
		return err
	}
	// Closing is what ends a read; its error says nothing about a stream that is given up.
	release := context.AfterFunc(ctx, func() { _ = opened.body.Close() })
	defer release()
	defer func() { _ = opened.body.Close() }()
	go func() {
		select {
		case <-changed:
			cancel(errLeaderChanged)
		case <-ctx.Done():
		}
	}()
	err = c.follow(ctx, opened, cancel, inbox)
	var ended *EndedError
	if cause := context.Cause(ctx); cause != nil && !errors.As(err, &ended) {
		return cause
	}
	return err
}

// bestFirst puts the master that took us in last at the head.
func (c *Connection) bestFirst(masters []*url.URL) []*url.URL {
	if c.last == nil {
		return masters
	}
	ordered := make([]*url.URL, 0, len(masters)+1)
	for _, master := range masters {
		if master.Host == c.last.Host {
			ordered = append([]*url.URL{master}, ordered...)
		} else {
			ordered = append(ordered, master)
		}
	}
	return ordered
}

// Subscribed tells whether calls can be sent now.
func (c *Connection) Subscribed() bool { return c.subscription() != nil }

func (c *Connection) subscription() *subscription {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current
}

func (c *Connection) hold(s *subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current, c.frameworkID, c.last = s, s.framework, s.master
}

func (c *Connection) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = nil
}
