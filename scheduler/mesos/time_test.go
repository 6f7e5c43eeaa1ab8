package mesos

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// line is a transport without a network, so that a virtual clock can pass over its silences. Each request is answered
// by the test's function; requests and streams know when they are given up.
type line func(r *http.Request) (*http.Response, error)

func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		// The master's pages are not what these tests are about.
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, nil
	}
	return l(r)
}

// open is a stream's answer; what is written to the pipe arrives.
func open(body io.ReadCloser) *http.Response {
	return &http.Response{StatusCode: 200, Body: body, Header: http.Header{
		"Content-Type": {"application/x-protobuf"}, "Mesos-Stream-Id": {"s"},
	}}
}

func virtual(transport line) Config {
	config := testConfig("http://master:5050")
	config.Backoff = Backoff{First: 500 * time.Millisecond, Most: 30 * time.Second, Random: func() float64 { return 1 }}
	config.Transport = transport
	return config
}

// run runs a connection in the bubble and returns what it told.
func run(t *testing.T, config Config, inbox func(core.Event)) (*Connection, context.CancelFunc) {
	t.Helper()
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go c.Run(ctx, inbox)
	return c, cancel
}

// losses keeps when a subscription was first lost, and why.
type losses struct {
	mu     sync.Mutex
	at     time.Time
	reason string
}

func (l *losses) inbox(event core.Event) {
	if gone, ok := event.(core.Disconnected); ok {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.at.IsZero() {
			l.at, l.reason = time.Now(), gone.Reason
		}
	}
}

func (l *losses) first() (time.Time, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at, l.reason
}

func TestSilentStreamIsDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		beats, feed := io.Pipe()
		var lost losses
		subscriptions := 0
		c, cancel := run(t, virtual(func(r *http.Request) (*http.Response, error) {
			if subscriptions++; subscriptions > 1 {
				return nil, errors.New("enough")
			}
			return open(beats), nil
		}), lost.inbox)
		defer cancel()
		hello := &stream{tb: t, pieces: make(chan []byte, 1)}
		hello.greet(framework) // 15 s between heartbeats
		feed.Write(<-hello.pieces)
		for range 240 { // an hour of heartbeats
			time.Sleep(15 * time.Second)
			feed.Write(record(t, &scheduler.Event{Type: scheduler.Event_HEARTBEAT}))
		}
		synctest.Wait()
		if at, reason := lost.first(); !at.IsZero() {
			t.Fatalf("lost at %s with heartbeats: %s", at, reason)
		}
		if silence := time.Since(c.Heard()); silence != 0 {
			t.Errorf("heard %s ago, and a heartbeat has just come", silence)
		}
		last := time.Now()
		time.Sleep(74 * time.Second)
		synctest.Wait()
		if at, reason := lost.first(); !at.IsZero() {
			t.Fatalf("lost after %s: %s", at.Sub(last), reason)
		}
		if !c.Heard().Equal(last) {
			t.Errorf("heard at %s, want %s", c.Heard(), last)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if at, reason := lost.first(); at.Sub(last) != 75*time.Second || !strings.Contains(reason, "silent for 1m15s") {
			t.Errorf("lost after %s: %q, want after five intervals", at.Sub(last), reason)
		}
	})
}

func TestStreamThatNeverBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent, feed := io.Pipe()
		defer feed.Close()
		var lost losses
		_, cancel := run(t, virtual(func(r *http.Request) (*http.Response, error) { return open(silent), nil }), lost.inbox)
		defer cancel()
		time.Sleep(76 * time.Second)
		synctest.Wait()
		if _, reason := lost.first(); !strings.Contains(reason, "silent") {
			t.Errorf("reason %q", reason)
		}
	})
}

// TestBusyInboxIsNoSilence: the time that we take ourselves does not count against the master.
func TestBusyInboxIsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		beats, feed := io.Pipe()
		rescinded := 0
		_, cancel := run(t, virtual(func(r *http.Request) (*http.Response, error) { return open(beats), nil }), func(event core.Event) {
			switch event.(type) {
			case core.Rescinded:
				rescinded++
				time.Sleep(time.Hour)
			case core.Disconnected:
				t.Error("lost while the inbox was busy")
			}
		})
		hello := &stream{tb: t, pieces: make(chan []byte, 1)}
		hello.greet(framework)
		feed.Write(<-hello.pieces)
		for range 3 {
			feed.Write(record(t, rescind("o"))) // taken once the one before is done with
		}
		time.Sleep(time.Hour + time.Minute)
		synctest.Wait()
		if rescinded != 3 {
			t.Errorf("%d events, want 3", rescinded)
		}
		cancel()
		synctest.Wait()
	})
}

func TestSilentAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		beats, feed := io.Pipe()
		events := 0
		c, cancel := run(t, virtual(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get(streamHeader) == "" {
				return open(beats), nil
			}
			<-r.Context().Done()
			return nil, r.Context().Err()
		}), func(core.Event) { events++ })
		defer cancel()
		hello := &stream{tb: t, pieces: make(chan []byte, 1)}
		hello.greet(framework)
		feed.Write(<-hello.pieces)
		synctest.Wait()
		began := time.Now()
		err := c.Send(context.Background(), core.Revive{})
		if err == nil || !strings.Contains(err.Error(), "no answer within "+patience.String()) || !strings.Contains(err.Error(), "REVIVE") {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != patience {
			t.Errorf("gave up after %s", took)
		}
		if events != 1 || !c.Subscribed() {
			t.Error("a call without an answer ended the stream")
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := c.Send(ctx, core.Revive{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the caller's own limit: %v", err)
		}
	})
}

func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Duration
		began := time.Now()
		disconnected := 0
		_, cancel := run(t, virtual(func(*http.Request) (*http.Response, error) {
			tries = append(tries, time.Since(began))
			return nil, errors.New("connection refused")
		}), func(core.Event) { disconnected++ })
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		cancel()
		want := []time.Duration{0, 500, 1500, 3500, 7500, 15500, 31500, 61500, 91500}
		for i, at := range want {
			if tries[i] != at*time.Millisecond {
				t.Errorf("try %d after %s, want %s", i, tries[i], at*time.Millisecond)
			}
		}
		if n := len(tries); n < 2800 || disconnected != 1 {
			t.Errorf("%d tries in a day, %d times told: it must try for ever and tell once", n, disconnected)
		}
	})
}

// TestElectionIsWatched: while masters answer that none of them leads, the wait stays short.
func TestElectionIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		_, cancel := run(t, virtual(func(r *http.Request) (*http.Response, error) {
			tries++
			return &http.Response{StatusCode: 307, Body: http.NoBody,
				Header: http.Header{"Location": {"//master:5050/master/api/v1/scheduler"}}}, nil
		}), func(core.Event) {})
		time.Sleep(60 * time.Second)
		synctest.Wait()
		cancel()
		if tries < 30 || tries > 33 {
			t.Errorf("%d tries in a minute, want one in two seconds", tries)
		}
	})
}

// TestBackoffStartsAgain after a stream that lasted, and goes on after one that ended at once.
func TestBackoffStartsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, n := time.Now(), 0
		var tries []time.Duration
		_, cancel := run(t, virtual(func(*http.Request) (*http.Response, error) {
			tries = append(tries, time.Since(began))
			n++
			hello := &stream{tb: t, pieces: make(chan []byte, 1)}
			hello.greet(framework)
			body, feed := io.Pipe()
			go func() {
				feed.Write(<-hello.pieces)
				if n == 4 {
					time.Sleep(time.Minute)
				}
				feed.Close()
			}()
			return open(body), nil
		}), func(core.Event) {})
		time.Sleep(66 * time.Second)
		synctest.Wait()
		cancel()
		want := []time.Duration{0, 500, 1500, 3500, 64000, 65000}
		if len(tries) != len(want) {
			t.Fatalf("tries at %v", tries)
		}
		for i, at := range want {
			if tries[i] != at*time.Millisecond {
				t.Errorf("try %d after %s, want %s", i, tries[i], at*time.Millisecond)
			}
		}
	})
}

func TestBackoffWait(t *testing.T) {
	for _, test := range []struct {
		try    int
		random float64
		want   time.Duration
	}{
		{0, 0, 250 * time.Millisecond}, {0, 1, 500 * time.Millisecond}, {1, 0.5, 750 * time.Millisecond},
		{6, 1, 30 * time.Second}, {1000000, 0, 15 * time.Second},
	} {
		b := Backoff{First: 500 * time.Millisecond, Most: 30 * time.Second, Random: func() float64 { return test.random }}
		if got := b.wait(test.try); got != test.want {
			t.Errorf("try %d, random %v: %s, want %s", test.try, test.random, got, test.want)
		}
	}
}
