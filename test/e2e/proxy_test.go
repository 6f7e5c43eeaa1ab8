package e2e

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// censor stands before a master and refuses calls of one kind, which the master's own faults cannot choose.
type censor struct {
	*httptest.Server

	mu     sync.Mutex
	kind   scheduler.Call_Type
	left   int
	status int
	text   string
}

func censored(t *testing.T, m *mesos) *censor {
	t.Helper()
	master, err := url.Parse(m.URL())
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(master)
	pass.FlushInterval = -1                    // events are passed on as they come
	pass.ErrorLog = log.New(io.Discard, "", 0) // a stream that its reader gives up is no news
	c := &censor{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var call scheduler.Call
		if call.Unmarshal(body) == nil && c.strikes(call.Type) {
			http.Error(w, c.text, c.status)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		c.CloseClientConnections()
		c.Close()
	})
	return c
}

// refuse makes the next n calls of a kind fail.
func (c *censor) refuse(kind scheduler.Call_Type, n, status int, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kind, c.left, c.status, c.text = kind, n, status, text
}

func (c *censor) strikes(kind scheduler.Call_Type) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kind != c.kind || c.left == 0 {
		return false
	}
	c.left--
	return true
}
