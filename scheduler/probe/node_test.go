package probe

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// at is the record of a running node that serves HTTP at the server's address.
func at(t *testing.T, address string) tasks.Record {
	t.Helper()
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return tasks.Record{Pod: tasks.Pod{Type: tasks.NodePod}, Task: "cockroachdb-0-node-init", TaskID: "id",
		Ports: map[string]uint64{"http": port}, Status: tasks.Status{State: tasks.Running, IPs: []string{host}}}
}

func TestNode(t *testing.T) {
	answer := func(code int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(text))
		}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	// Patient is more than any answer takes, short ends those that never come.
	const patient, short = 30 * time.Second, 50 * time.Millisecond
	for name, tt := range map[string]struct {
		node  http.HandlerFunc
		limit time.Duration
		want  counts
		fault string
	}{
		"good": {node: func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.URL.Path != "/_status/vars" || !strings.HasPrefix(r.Header.Get("Accept"), "text/plain") {
				http.Error(w, "this is not asked for", http.StatusBadRequest)
				return
			}
			answer(200, recorded)(w, r)
		}, want: counts{3, 32, 0, 1}},
		"before init": {node: http.NotFound, fault: "/_status/vars answers 404: the node is in no cluster yet"},
		"starting":    {node: answer(500, recorded), fault: "/_status/vars answers 500 Internal Server Error"},
		"secured": {node: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusTemporaryRedirect)
		}, fault: "/_status/vars answers 307 Temporary Redirect"},
		"never answers": {node: hang, limit: short, fault: " within 50ms"},
		"stops within its answer": {node: func(w http.ResponseWriter, r *http.Request) {
			answer(200, recorded)(w, r)
			_ = http.NewResponseController(w).Flush()
			hang(w, r)
		}, limit: short, fault: " within 50ms"},
		"breaks off": {node: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			answer(200, recorded)(w, r)
		}, fault: "unexpected EOF"},
		"sends for ever": {node: func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := fmt.Fprint(w, strings.Repeat("a_metric 1\n", 1<<14)); err != nil {
					return
				}
			}
		}, fault: "the page is larger than 16777216 bytes"},
		"garbage":          {node: answer(200, "\x00\xff\xfe{{{\n\n}"), fault: "is missing"},
		"metrics missing":  {node: answer(200, "liveness_livenodes 3.0\n"), fault: ": ranges_underreplicated is missing, ranges_unavailable is missing"},
		"speaks no HTTP":   {node: hijack, fault: "malformed HTTP response"},
		"closes unheard":   {node: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, fault: "EOF"},
		"nothing at all":   {node: answer(204, ""), fault: "answers 204 No Content"},
		"the wrong answer": {node: answer(503, ""), fault: "answers 503 Service Unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tt.node)
			defer server.Close()
			limit := patient
			if tt.limit > 0 {
				limit = tt.limit
			}
			before := time.Now()
			view := Prober{Client: Client(), Scheme: "http", Limit: limit}.node(t.Context(), via{"http", Client()}, at(t, server.Listener.Addr().String()))
			if view.Task != "cockroachdb-0-node-init" || view.TaskID != "id" || view.At.Before(before) || view.At.After(time.Now()) {
				t.Errorf("whose word, and when: %+v", view)
			}
			if (tt.fault == "") != (view.Error == "") || !strings.Contains(view.Error, tt.fault) {
				t.Errorf("error %q; want %q", view.Error, tt.fault)
			}
			if got := (counts{view.Live, view.UnderReplicated, view.Unavailable, view.NodeID}); got != tt.want {
				t.Errorf("%+v; want %+v", got, tt.want)
			}
		})
	}
}

// hijack answers in another protocol.
func hijack(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = connection.Write([]byte("SSH-2.0-x\r\n"))
	_ = connection.Close()
}

func TestNobodyThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	record := at(t, listener.Addr().String())
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	p := Prober{Client: Client(), Scheme: "http"}
	if view := p.node(t.Context(), via{"http", Client()}, record); !strings.Contains(view.Error, "connection refused") {
		t.Errorf("a port that nobody listens on: %q", view.Error)
	}
	record.Ports = nil
	if view := p.node(t.Context(), via{"http", Client()}, record); view.Error != "the task was launched without a port for HTTP" {
		t.Errorf("no port: %q", view.Error)
	}
}

// TestAddress: where a node is asked. With DISCOVERY=address the status names the agent's address too, because virtual
// networks are refused there.
func TestAddress(t *testing.T) {
	agent := tasks.Agent{Hostname: "agent.example", IP: "10.0.0.7"}
	for name, tt := range map[string]struct {
		record tasks.Record
		want   string
	}{
		"a virtual network":  {tasks.Record{Agent: agent, Status: tasks.Status{IPs: []string{"9.0.1.2"}}}, "https://9.0.1.2:8123/_status/vars"},
		"the agent's own":    {tasks.Record{Agent: agent}, "https://10.0.0.7:8123/_status/vars"},
		"a name only":        {tasks.Record{Agent: tasks.Agent{Hostname: "agent.example"}}, "https://agent.example:8123/_status/vars"},
		"IPv6":               {tasks.Record{Agent: agent, Status: tasks.Status{IPs: []string{"fd01::2"}}}, "https://[fd01::2]:8123/_status/vars"},
		"IPv6 with its zone": {tasks.Record{Agent: tasks.Agent{IP: "fe80::1%eth0"}}, "https://[fe80::1%25eth0]:8123/_status/vars"},
	} {
		if got := pageURL("https", tt.record.Address(), 8123); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}
