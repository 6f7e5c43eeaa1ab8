package mesos

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samuel/go-zookeeper/zk"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// forest is a ZooKeeper in memory: one path and its children.
type forest struct {
	mu      sync.Mutex
	missing bool
	broken  error
	nodes   map[string]string
	watches []chan zk.Event
	looks   int
	closed  bool
}

func (f *forest) Children(context.Context, string) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks++
	if f.missing {
		return nil, fmt.Errorf("listing: %w", zkconn.ErrNoNode)
	}
	var names []string
	for name := range f.nodes {
		names = append(names, name)
	}
	return names, f.broken
}

func (f *forest) Get(_ context.Context, at string) ([]byte, zkconn.Stat, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, there := f.nodes[path.Base(at)]
	if !there {
		return nil, zkconn.Stat{}, zkconn.ErrNoNode
	}
	return []byte(data), zkconn.Stat{}, f.broken
}

func (f *forest) Watch(_ context.Context, at string) (bool, zkconn.Wake, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	wake := make(chan zk.Event, 1)
	f.watches = append(f.watches, wake)
	_, there := f.nodes[path.Base(at)]
	return there, wake, f.broken
}

func (f *forest) Close() { f.closed = true }

// change does something to the tree and wakes every watch, needed or not, as the library does.
func (f *forest) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	for _, wake := range f.watches {
		wake <- zk.Event{}
	}
	f.watches = nil
}

func announced(port int) string {
	return fmt.Sprintf(`{"address":{"hostname":"m%d.example","ip":"127.0.0.1","port":%d},"capabilities":[{"type":"FROM_THE_FUTURE"}],`+
		`"hostname":"m%d.example","id":"x","ip":16777343,"pid":"master@127.0.0.1:%d","port":%d,"version":"1.12.0"}`, port, port, port, port, port)
}

func electedIn(f *forest) *elected {
	return &elected{address: zkconn.Address{Servers: []string{"zk:2181"}, Chroot: "/mesos"}, log: slog.New(slog.DiscardHandler),
		dial: func(context.Context) (tree, error) { return f, nil }}
}

func TestLeaderInZooKeeper(t *testing.T) {
	tests := []struct {
		name  string
		f     *forest
		leads string
		fails string
	}{
		{"no path", &forest{missing: true}, "", "ever announced itself"},
		{"no master", &forest{nodes: map[string]string{"info_0000000001": "x", "log_replicas": ""}}, "", "no master announces itself"},
		{"one", &forest{nodes: map[string]string{"json.info_0000000007": announced(5051)}}, "127.0.0.1:5051", ""},
		{"lowest of three", &forest{nodes: map[string]string{"json.info_0000000010": announced(5051),
			"json.info_0000000009": announced(5052), "json.info_0000000011": announced(5053), "log_replicas": ""}}, "127.0.0.1:5052", ""},
		{"no JSON", &forest{nodes: map[string]string{"json.info_0000000001": "\x0a"}}, "", "not readable as JSON"},
		{"no address", &forest{nodes: map[string]string{"json.info_0000000001": "{}"}}, "", "names no address"},
		{"broken", &forest{broken: errors.New("gone away")}, "", "gone away"},
	}
	for _, test := range tests {
		ctx, cancel := context.WithCancel(t.Context())
		urls, changed, err := electedIn(test.f).find(ctx)
		cancel()
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%s: got %v", test.name, err)
			}
			continue
		}
		if err != nil || len(urls) != 1 || urls[0].Host != test.leads || urls[0].Path != apiPath || changed == nil {
			t.Errorf("%s: %v %v", test.name, urls, err)
		}
	}
}

func TestLeaderWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &forest{nodes: map[string]string{"json.info_0000000001": announced(5051), "json.info_0000000002": announced(5052)}}
		e := electedIn(f)
		ctx, cancel := context.WithCancel(t.Context())
		_, changed, err := e.find(ctx)
		if err != nil {
			t.Fatal(err)
		}
		check := func(what string, want bool) {
			t.Helper()
			synctest.Wait()
			got := false
			select {
			case <-changed:
				got = true
			default:
			}
			if got != want {
				t.Errorf("%s: changed is %t, want %t", what, got, want)
			}
		}
		check("nothing happened", false)
		f.change(func() {})
		check("a wake for no reason", false)
		f.change(func() { delete(f.nodes, "json.info_0000000002") })
		check("a follower went", false)
		f.change(func() { f.broken = errors.New("connection loss") })
		time.Sleep(time.Hour)
		check("ZooKeeper was away for an hour", false)
		f.change(func() { f.broken = nil })
		time.Sleep(lookAgain)
		check("ZooKeeper is back", false)
		f.change(func() {
			delete(f.nodes, "json.info_0000000001")
			f.nodes["json.info_0000000003"] = announced(5053)
		})
		check("another master leads", true)
		cancel()
		ctx, cancel = context.WithCancel(t.Context())
		urls, again, err := e.find(ctx)
		if err != nil || urls[0].Port() != "5053" {
			t.Errorf("the new leader: %v, %v", urls, err)
		}
		f.change(func() { f.nodes["json.info_0000000003"] = announced(5054) })
		changed = again
		check("the same node names another address", true)
		if _, changed, err = e.find(ctx); err != nil {
			t.Fatal(err)
		}
		f.change(func() {
			delete(f.nodes, "json.info_0000000003")
			f.nodes["json.info_0000000004"] = announced(5054)
		})
		check("the same master was elected anew", true)
		cancel() // synctest fails if a goroutine stays
		e.close()
		if !f.closed {
			t.Error("the connection to ZooKeeper stays open")
		}
	})
}

func TestMasterURL(t *testing.T) {
	tests := []struct {
		json string
		tls  bool
		want string
	}{
		{announced(5050), false, "http://127.0.0.1:5050/api/v1/scheduler"},
		{announced(5050), true, "https://m5050.example:5050/api/v1/scheduler"},
		{`{"hostname":"old","port":5050}`, false, "http://old:5050/api/v1/scheduler"},
		{`{"address":{"ip":"fd00::1","port":5050}}`, true, "https://[fd00::1]:5050/api/v1/scheduler"},
		{`{"address":{"ip":"10.0.0.1","port":99999}}`, false, ""},
		{`{"address":{"ip":"10.0.0.1"}}`, false, ""},
	}
	for _, test := range tests {
		got, err := masterURL([]byte(test.json), test.tls)
		if test.want == "" {
			if err == nil {
				t.Errorf("%s: %s, want an error", test.json, got)
			}
			continue
		}
		if err != nil || got.String() != test.want {
			t.Errorf("%s: %v %v, want %s", test.json, got, err, test.want)
		}
	}
}

// TestElectionInRealZooKeeper follows the leading master through an election and through ZooKeeper's own absence.
func TestElectionInRealZooKeeper(t *testing.T) {
	server := zktest.Start(t)
	a, b := newMaster(t), newMaster(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	announce := func(m *master) *zkconn.Conn {
		conn, err := zkconn.Dial(ctx, zkconn.Settings{Servers: []string{server.Address()}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Close)
		if err := conn.MakePath(ctx, "/mesos"); err != nil {
			t.Fatal(err)
		}
		at, err := url.Parse(m.URL)
		if err != nil {
			t.Fatal(err)
		}
		data := strings.ReplaceAll(announced(0), `"port":0`, `"port":`+at.Port())
		if _, err := conn.CreateEphemeral(ctx, "/mesos/json.info_", []byte(data)); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	c := start(t, testConfig(server.URL("/mesos")))
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "no leading master") {
		t.Errorf("reason %q", got.Reason)
	}
	first := announce(a)
	a.next()
	back(c)
	announce(b)
	first.Close()
	if got := wait[core.Disconnected](c); got.Reason != errLeaderChanged.Error() {
		t.Errorf("reason %q", got.Reason)
	}
	s := b.next()
	back(c)

	server.Kill()
	s.send(rescind("while ZooKeeper is away"))
	wait[core.Rescinded](c)
	if err := c.Send(ctx, core.Revive{}); err != nil {
		t.Errorf("a call while ZooKeeper is away: %v", err)
	}
}
