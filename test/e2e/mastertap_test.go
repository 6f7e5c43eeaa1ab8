package e2e

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	lib "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// tapMaster is the address of a way to a master that knows what is called. It holds every first KILL of a database node to the
// rule of the gate: all other nodes serve.
func (s *snare) tapMaster(t *testing.T, m *mesos) string {
	t.Helper()
	master, err := url.Parse(m.URL())
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(master)
	pass.FlushInterval = -1                    // events are passed on as they come
	pass.ErrorLog = log.New(io.Discard, "", 0) // a stream that its reader gives up is no news
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var call scheduler.Call
		if call.Unmarshal(body) != nil {
			pass.ServeHTTP(w, r)
			return
		}
		s.gate(m, &call)
		s.mu.Lock()
		known := s.records
		s.mu.Unlock()
		strike, after := s.takes(func(at point) bool { return at.call != nil && at.call(&call, known) })
		switch {
		case strike == nil:
			pass.ServeHTTP(w, r)
			return
		case after:
			pass.ServeHTTP(httptest.NewRecorder(), r)
		}
		strike()
		panic(http.ErrAbortHandler)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// gate notes a first KILL of a node while another one does not serve. Later ones only repeat it.
func (s *snare) gate(m *mesos, call *scheduler.Call) {
	if call.Type != scheduler.Call_KILL || !strings.Contains(call.Kill.TaskID.Value, "-node-") {
		return
	}
	s.mu.Lock()
	repeated := s.seen[call.Kill.TaskID.Value]
	s.seen[call.Kill.TaskID.Value] = true
	s.mu.Unlock()
	if repeated {
		return
	}
	var silent []string
	for _, ip := range m.ips {
		if !serves(ip) {
			silent = append(silent, ip)
		}
	}
	if len(m.ips)-len(silent) < 3 {
		s.fault(fmt.Sprintf("%s was killed while %v did not serve", call.Kill.TaskID.Value, silent))
	}
}

// serves asks a node as a load balancer does (cockroachdb-versions.md, 3.1).
func serves(ip string) bool {
	client := http.Client{Timeout: patience / 2} // who is not there refuses at once
	answer, err := client.Get("http://" + ip + ":8123/health?ready=1")
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// The calls that the tests name.

func acceptOf(task string) func(*scheduler.Call, map[string]stored) bool {
	return func(call *scheduler.Call, _ map[string]stored) bool {
		return operation(call, func(op lib.Offer_Operation) bool {
			return op.Type == lib.Offer_Operation_LAUNCH_GROUP && op.LaunchGroup.TaskGroup.Tasks[0].Name == task
		})
	}
}

func destroys(call *scheduler.Call, _ map[string]stored) bool {
	return operation(call, func(op lib.Offer_Operation) bool { return op.Type == lib.Offer_Operation_DESTROY })
}

func operation(call *scheduler.Call, is func(lib.Offer_Operation) bool) bool {
	if call.Type != scheduler.Call_ACCEPT {
		return false
	}
	for _, op := range call.Accept.Operations {
		if is(op) {
			return true
		}
	}
	return false
}

func killOf(task string) func(*scheduler.Call, map[string]stored) bool {
	return func(call *scheduler.Call, _ map[string]stored) bool {
		return call.Type == scheduler.Call_KILL && strings.Contains(call.Kill.TaskID.Value, "__"+task+"__")
	}
}

// acknowledgeOf is the acknowledgement of the status that is stored of a task.
func acknowledgeOf(task, state string) func(*scheduler.Call, map[string]stored) bool {
	return func(call *scheduler.Call, known map[string]stored) bool {
		return call.Type == scheduler.Call_ACKNOWLEDGE && call.Acknowledge.TaskID.Value == known[task].TaskID &&
			known[task].Status.State == state
	}
}
