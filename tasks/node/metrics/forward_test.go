package metrics

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
)

// nodePage serves a small page as a node does.
func nodePage(t *testing.T, body string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_status/vars" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func schedulerWith(t *testing.T, endpoints *string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/endpoints/http" || *endpoints == "" {
			w.WriteHeader(503)
			return
		}
		_, _ = io.WriteString(w, *endpoints)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// receive reads packets until all wanted lines have been seen.
func receive(t *testing.T, conn net.PacketConn, want ...string) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	packet := make([]byte, 65536)
	for {
		missing := ""
		for _, line := range want {
			if !seen[line] {
				missing = line
			}
		}
		if missing == "" {
			return
		}
		n, _, err := conn.ReadFrom(packet)
		if err != nil {
			t.Fatalf("never received %q (%v), but %v", missing, err, seen)
		}
		if n > packetLimit {
			t.Errorf("a packet of %d bytes", n)
		}
		for line := range strings.SplitSeq(string(packet[:n]), "\n") {
			seen[line] = true
		}
	}
}

func TestForwarding(t *testing.T) {
	statsd, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer statsd.Close()
	a, b := nodePage(t, "# TYPE m gauge\nm{store=\"1\"} 7\n"), nodePage(t, "# TYPE m gauge\nm{store=\"4\"} 8\n")
	garbage := nodePage(t, "<html>")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := closed.Addr().String()
	closed.Close()
	endpoints := fmt.Sprintf(`{"address": [%q, %q, %q], "dns": ["x:1"]}`, a, dead, garbage)
	said := &lockedBuffer{}
	s := Settings{Scheduler: node.SchedulerAccess{URL: schedulerWith(t, &endpoints)}, Service: "cockroachdb", StatsD: statsd.LocalAddr().String()}
	f := New(s, node.NewJournal(said, time.Now), time.Hour)
	ctx := t.Context()

	f.round(ctx)
	f.round(ctx)
	receive(t, statsd, line("m", 7, "store:1", a), line("up", 1, "", a), line("up", 0, "", dead), line("up", 0, "", garbage))
	for _, subject := range []string{dead, garbage} {
		if n := strings.Count(said.String(), "WARNING: "+subject); n != 1 {
			t.Errorf("%s is complained about %d times:\n%s", subject, n, said)
		}
	}

	endpoints = fmt.Sprintf(`{"address": [], "dns": [%q]}`, b)
	f.round(ctx)
	receive(t, statsd, line("m", 8, "store:4", b))
	if len(f.converters) != 1 {
		t.Errorf("%d nodes are remembered", len(f.converters))
	}

	endpoints = "" // the scheduler is away: the nodes of the last time stay
	f.round(ctx)
	receive(t, statsd, line("up", 1, "", b), line("m", 8, "store:4", b))
	endpoints = fmt.Sprintf(`{"dns": [%q]}`, b)
	f.round(ctx)
	if text := said.String(); !strings.Contains(text, "WARNING: scheduler") || !strings.Contains(text, "scheduler: well again") {
		t.Errorf("said:\n%s", text)
	}
}

func line(name string, value int, label, address string) string {
	if label != "" {
		label += ","
	}
	return fmt.Sprintf("cockroachdb.%s:%d|g|#%sservice:cockroachdb,node:%s", name, value, label, address)
}

func TestRunRepeatsUntilStopped(t *testing.T) {
	statsd, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer statsd.Close()
	var rounds sync.WaitGroup
	rounds.Add(3)
	left := 3
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if left > 0 { // one forwarder asks one question at a time
			left--
			rounds.Done()
		}
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		New(Settings{node.SchedulerAccess{URL: server.URL}, "s", statsd.LocalAddr().String(), false}, node.NewJournal(io.Discard, time.Now), time.Millisecond).Run(ctx)
	}()
	rounds.Wait()
	cancel()
	<-done
}

func TestWithoutStatsD(t *testing.T) {
	said := &lockedBuffer{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	New(Settings{node.SchedulerAccess{URL: "http://127.0.0.1:1"}, "s", "", false}, node.NewJournal(said, time.Now), time.Millisecond).Run(ctx)
	if n := strings.Count(said.String(), "no metrics are sent"); n != 1 {
		t.Errorf("said:\n%s", said)
	}
}

func TestParseSettings(t *testing.T) {
	at := node.SchedulerAccess{URL: "http://s:80"}
	good := []string{"CRDB_SCHEDULER=http://s:80/", "CRDB_SERVICE=cockroachdb"}
	for name, c := range map[string]struct {
		environ []string
		want    Settings
		faults  []string
	}{
		"without StatsD": {good, Settings{at, "cockroachdb", "", false}, nil},
		"with StatsD":    {append(good[:2:2], "STATSD_UDP_HOST=198.51.100.1", "STATSD_UDP_PORT=61825"), Settings{at, "cockroachdb", "198.51.100.1:61825", false}, nil},
		"nothing":        {nil, Settings{}, []string{"CRDB_SCHEDULER", "CRDB_SERVICE"}},
		"port alone":     {append(good[:2:2], "STATSD_UDP_PORT=1"), Settings{}, []string{"STATSD_UDP_HOST"}},
		"host alone":     {append(good[:2:2], "STATSD_UDP_HOST=h"), Settings{}, []string{"STATSD_UDP_PORT"}},
		"bad port":       {append(good[:2:2], "STATSD_UDP_HOST=h", "STATSD_UDP_PORT=0"), Settings{}, []string{"STATSD_UDP_PORT"}},
	} {
		got, err := ParseSettings(c.environ)
		var bad *node.BadEnvironment
		if errors.As(err, &bad) {
			var names []string
			for _, m := range bad.Mistakes {
				names = append(names, m.Variable)
			}
			if strings.Join(names, " ") != strings.Join(c.faults, " ") {
				t.Errorf("%s: faults %q, want %q", name, names, c.faults)
			}
		}
		if got != c.want || (err != nil) != (c.faults != nil) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}
