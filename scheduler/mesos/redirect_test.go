package mesos

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// point answers as a master that is not elected: 307 without a scheme.
func point(host string) func(int, http.ResponseWriter, *http.Request) bool {
	return func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		w.Header()["Location"] = []string{"//" + host + "/master/api/v1/scheduler"}
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	}
}

func hostOf(t *testing.T, m *master) string {
	t.Helper()
	at, err := url.Parse(m.URL)
	if err != nil {
		t.Fatal(err)
	}
	return at.Host
}

// TestCallsGoToLeader: after a 307 all calls go to the leader, under its own name, and the follower hears nothing.
func TestCallsGoToLeader(t *testing.T) {
	follower, leader := newMaster(t), newMaster(t)
	follower.do(func() { follower.subscribe = point(hostOf(t, leader)) })
	c := start(t, testConfig(follower.URL))
	s := leader.next()
	wait[core.Subscribed](c)
	for range 3 {
		if err := c.Send(context.Background(), core.Revive{}); err != nil {
			t.Fatal(err)
		}
		if call := receive(t, leader.asked); call.host != hostOf(t, leader) || call.streamID != s.id {
			t.Errorf("host %q, stream %q", call.host, call.streamID)
		}
	}
	if len(follower.asked) != 0 {
		t.Error("calls went to the follower")
	}
	s.send(rescind("still there"))
	wait[core.Rescinded](c)
}

// TestMasterPointingAtItself waits while a restarting master points at itself, tells the core and the log once, and
// subscribes as soon as it leads.
func TestMasterPointingAtItself(t *testing.T) {
	m := newMaster(t)
	m.do(func() {
		toItself := point(hostOf(t, m))
		m.subscribe = func(n int, w http.ResponseWriter, r *http.Request) bool { return n <= 4 && toItself(n, w, r) }
	})
	c := start(t, testConfig(m.URL))
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "points at itself") {
		t.Errorf("reason %q", got.Reason)
	}
	m.next()
	wait[core.Subscribed](c)
	if n := c.log.count("not connected"); n != 1 {
		t.Errorf("%d lines in the log about four equal failures, want 1", n)
	}
	if m.subscribed != 5 {
		t.Errorf("%d tries, want 5", m.subscribed)
	}
}

func TestRedirectsThatLeadNowhere(t *testing.T) {
	a, b := newMaster(t), newMaster(t)
	a.do(func() { a.subscribe = point(hostOf(t, b)) })
	b.do(func() { b.subscribe = point(hostOf(t, a)) })
	c := start(t, testConfig(a.URL))
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "point at each other") {
		t.Errorf("reason %q", got.Reason)
	}
	c.stop()

	tests := []struct{ location, reason string }{
		{"", "without saying where to go"},
		{"ftp://somewhere/", "not the address of a master"},
		{"http://", "not the address of a master"},
	}
	for _, test := range tests {
		m := newMaster(t)
		m.do(func() {
			m.subscribe = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				w.Header()["Location"] = []string{test.location}
				w.WriteHeader(http.StatusTemporaryRedirect)
				return true
			}
		})
		c := start(t, testConfig(m.URL))
		if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, test.reason) {
			t.Errorf("Location %q: reason %q, want %q", test.location, got.Reason, test.reason)
		}
		c.stop()
	}
}

func TestNoWayBackFromTLS(t *testing.T) {
	plain := newMaster(t)
	var asked atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		asked.Add(1)
		w.Header().Set("Location", plain.URL+"/api/v1/scheduler")
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	config := testConfig(server.URL)
	config.Transport = server.Client().Transport
	c := start(t, config)
	if got := wait[core.Disconnected](c); !strings.Contains(got.Reason, "from https to http") {
		t.Errorf("reason %q", got.Reason)
	}
	if asked.Load() == 0 || len(plain.streams) != 0 {
		t.Error("the redirect was followed")
	}
}
