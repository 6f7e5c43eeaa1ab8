package zkconn_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samuel/go-zookeeper/zk"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

func dial(t *testing.T, s zkconn.Settings) *zkconn.Conn {
	t.Helper()
	c, err := zkconn.Dial(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestConn(t *testing.T) {
	server := zktest.Start(t)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()

	// Whoever fences on the time-out that was asked for would fence too late: the server grants 2 to 20 ticks.
	t.Run("the granted session is known", func(t *testing.T) {
		for _, tt := range []struct{ asked, granted time.Duration }{
			{time.Minute, 20 * zktest.Tick}, {10 * zktest.Tick, 10 * zktest.Tick}, {zktest.Tick, 2 * zktest.Tick},
		} {
			c := dial(t, zkconn.Settings{Servers: []string{server.Address()}, Session: tt.asked})
			if got := c.Session(); got != tt.granted {
				t.Errorf("asked for %s: got %s, want %s", tt.asked, got, tt.granted)
			}
		}
	})

	t.Run("closed means refused, twice is fine", func(t *testing.T) {
		c := dial(t, zkconn.Settings{Servers: []string{server.Address()}})
		c.Close()
		c.Close()
		if _, err := c.Exists(ctx, "/"); !errors.Is(err, zkconn.ErrClosed) {
			t.Errorf("Exists: %v", err)
		}
		if err := c.Multi(ctx, zkconn.Create("/x", nil)); !errors.Is(err, zkconn.ErrClosed) || zkconn.InDoubt(err) {
			t.Errorf("Multi: %v", err)
		}
	})

	t.Run("a context ends a request to a silent server", func(t *testing.T) {
		proxy := zktest.NewProxy(t, server)
		c := dial(t, zkconn.Settings{Servers: []string{proxy.Address()}})
		proxy.Stall()
		short, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		defer cancel()
		_, err := c.Exists(short, "/")
		if !errors.Is(err, context.DeadlineExceeded) || !zkconn.InDoubt(err) {
			t.Errorf("got %v, want a deadline in doubt", err)
		}
	})

	t.Run("close ends requests to a silent server", func(t *testing.T) {
		proxy := zktest.NewProxy(t, server)
		c := dial(t, zkconn.Settings{Servers: []string{proxy.Address()}})
		proxy.Stall()
		var err error
		var wg sync.WaitGroup
		wg.Go(func() { _, err = c.Exists(ctx, "/") })
		for proxy.Sent() == 0 {
			time.Sleep(time.Millisecond)
		}
		c.Close()
		wg.Wait()
		if err == nil {
			t.Error("a request to a silent server succeeded")
		}
	})

	t.Run("multi is all or nothing and names the refusal", func(t *testing.T) {
		c := dial(t, zkconn.Settings{Servers: []string{server.Address()}})
		if err := c.MakePath(ctx, "/multi/taken"); err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			op   zkconn.Op
			want error
		}{
			{zkconn.Create("/multi/taken", nil), zkconn.ErrNodeExists},
			{zkconn.Set("/multi/taken", nil, 7), zkconn.ErrBadVersion},
			{zkconn.Check("/multi/taken", 7), zkconn.ErrBadVersion},
			{zkconn.Check("/multi/none", zkconn.AnyVersion), zkconn.ErrNoNode},
			{zkconn.Delete("/multi/none", zkconn.AnyVersion), zkconn.ErrNoNode},
			{zkconn.Delete("/multi", zkconn.AnyVersion), zkconn.ErrNotEmpty},
		}
		for _, tt := range tests {
			err := c.Multi(ctx, zkconn.Create("/multi/first", nil), tt.op)
			if !errors.Is(err, tt.want) || zkconn.InDoubt(err) {
				t.Errorf("got %v, want %v without doubt", err, tt.want)
			}
		}
		if there, err := c.Exists(ctx, "/multi/first"); there || err != nil {
			t.Errorf("half a multi was done: %v, %v", there, err)
		}
	})

	t.Run("a node of somebody else's", func(t *testing.T) {
		raw, _, err := zk.Connect([]string{server.Address()}, 10*zktest.Tick, zk.WithLogInfo(false))
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		if _, err := raw.Create("/theirs", nil, 0, zk.DigestACL(zk.PermAll, "somebody", "else")); err != nil {
			t.Fatal(err)
		}
		c := dial(t, zkconn.Settings{Servers: []string{server.Address()}})
		_, _, err = c.Get(ctx, "/theirs")
		if !errors.Is(err, zkconn.ErrNoAuth) || zkconn.InDoubt(err) || !strings.Contains(err.Error(), "access list") {
			t.Errorf("got %v, want ErrNoAuth with a remedy", err)
		}
	})

	t.Run("expiry is told", func(t *testing.T) {
		proxy := zktest.NewProxy(t, server)
		expired := make(chan struct{}, 1)
		c := dial(t, zkconn.Settings{Servers: []string{proxy.Address()}, Session: 5 * zktest.Tick, OnExpired: func() { expired <- struct{}{} }})
		other := dial(t, zkconn.Settings{Servers: []string{server.Address()}})
		node, err := c.CreateEphemeral(ctx, "/gone-", nil)
		if err != nil {
			t.Fatal(err)
		}
		proxy.Stall()
		for there := true; there; {
			if there, err = other.Exists(ctx, node); err != nil {
				t.Fatal(err)
			}
		}
		proxy.Pass()
		select {
		case <-expired:
		case <-ctx.Done():
			t.Fatal("nobody said that the session expired")
		}
		if _, err := c.Exists(ctx, "/"); err != nil && !zkconn.InDoubt(err) {
			t.Errorf("after the expiry: %v", err)
		}
	})

	t.Run("names are looked up again", func(t *testing.T) {
		const dead = "127.0.0.2" // the server listens on 127.0.0.1 alone
		_, port, err := net.SplitHostPort(server.Address())
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		asked := 0
		c := dial(t, zkconn.Settings{Servers: []string{"moving.test:" + port}, Lookup: func(_ context.Context, host string) ([]string, error) {
			mu.Lock()
			defer mu.Unlock()
			asked++
			switch {
			case host != "moving.test":
				t.Errorf("asked for %q", host)
			case asked == 1:
				return nil, errors.New("the name server is down")
			case asked == 2:
				return []string{dead}, nil
			}
			return []string{"127.0.0.1"}, nil
		}})
		if there, err := c.Exists(ctx, "/"); !there || err != nil {
			t.Errorf("got %v, %v", there, err)
		}
	})
}

func TestUnreachableNamesTheCause(t *testing.T) {
	_, err := zkconn.Dial(context.Background(), zkconn.Settings{
		Servers: []string{"nowhere.test:2181"}, Connect: 200 * time.Millisecond,
		Lookup: func(context.Context, string) ([]string, error) { return nil, errors.New("the name server is down") },
	})
	var unreachable *zkconn.UnreachableError
	if !errors.As(err, &unreachable) || !strings.Contains(err.Error(), "nowhere.test:2181") ||
		!strings.Contains(err.Error(), "the name server is down") {
		t.Fatalf("got %v, want an *UnreachableError that names server and cause", err)
	}
}
