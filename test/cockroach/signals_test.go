package cockroach_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSignals: to a live node of three. Measure: 07-signals and 07b.
func TestSignals(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	n := all[2]
	const drained = "initiating graceful shutdown of server\nserver drained and shutdown completed\n"
	const note = "Note: a second interrupt will skip graceful shutdown and terminate forcefully\n"
	const hard = "during shutdown, initiating hard shutdown - node may take longer to restart & clients may need to wait for leases to expire\n*\n"
	for _, c := range []struct {
		name     string
		wait     string // server.shutdown.drain_wait
		sigs     []os.Signal
		code     int
		out, err string
	}{
		{"TERM", "0s", []os.Signal{syscall.SIGTERM}, 0, "\n" + drained, "*\n"},
		{"INT", "0s", []os.Signal{syscall.SIGINT}, 1, "\n" + note + drained, "*\n* ERROR: ERROR: interrupted\n*\nERROR: interrupted\nFailed running \"start\"\n"},
		{"QUIT", "0s", []os.Signal{syscall.SIGQUIT}, 0, "\n" + drained, "*\n"},
		{"KILL", "0s", []os.Signal{syscall.SIGKILL}, 137, "", "*\n"},
		{"TERM, HUP", "1s", []os.Signal{syscall.SIGTERM, syscall.SIGHUP}, 0, "\n" + drained, "*\n"},
		{"TERM twice", "20s", []os.Signal{syscall.SIGTERM, syscall.SIGTERM}, 143, "\ninitiating graceful shutdown of server\n", "*\n* ERROR: received signal 'terminated' " + hard},
		{"INT twice", "20s", []os.Signal{syscall.SIGINT, syscall.SIGINT}, 130, "\n" + note + "initiating graceful shutdown of server\n", "*\n* ERROR: received signal 'interrupt' " + hard},
	} {
		all[0].sql("SET CLUSTER SETTING server.shutdown.drain_wait = '" + c.wait + "'")
		until(t, "the setting is everywhere", func() bool {
			return !strings.Contains(c.wait, "20") || strings.Contains(n.sql("SHOW CLUSTER SETTING server.shutdown.drain_wait"), "00:00:20")
		})
		time.Sleep(50 * time.Millisecond) // the setting reaches the node with the next heartbeat
		for i, s := range c.sigs {
			if i > 0 && !n.runsFor(200*time.Millisecond) {
				t.Fatalf("%s: stopped before the second signal", c.name)
			}
			n.signal(s)
		}
		if code := n.exit(); code != c.code || !strings.HasSuffix(n.out(), c.out) || !strings.HasSuffix(n.stderr(), c.err) {
			t.Errorf("%s: exit %d, %q, %q; want %d, %q, %q", c.name, code, last(n.out(), 4), last(n.stderr(), 6), c.code, c.out, c.err)
		}
		all[0].sql("SET CLUSTER SETTING server.shutdown.drain_wait = '0s'")
		n.start().ready()
	}
	n.signal(syscall.SIGHUP)
	if !n.runsFor(200 * time.Millisecond) {
		t.Error("SIGHUP stopped the node")
	}
	if code, _ := n.get("/health?ready=1"); code != 200 {
		t.Errorf("after SIGHUP ready=%d", code)
	}
}

// TestReadyWhileDraining: with drain_wait a node is not ready at once, and still
// serves SQL until the wait is over. Measure: 06-quit-drain, polled.
func TestReadyWhileDraining(t *testing.T) {
	t.Parallel()
	n := cluster(t, recorded, 1)[0]
	n.sql("SET CLUSTER SETTING server.shutdown.drain_wait = '2s'")
	n.signal(syscall.SIGTERM)
	until(t, "not ready", func() bool { c, _ := n.get("/health?ready=1"); return c == 503 })
	if code, body := n.get("/health?ready=1"); body != errorBody("node is shutting down", 14) {
		t.Errorf("ready: %d %q", code, body)
	}
	if r := n.cockroach("sql", "-e", "select 1"); r.code != 0 {
		t.Errorf("SQL during drain_wait: %+v", r)
	}
	if code := n.exit(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// TestAllAtOnce: SIGTERM to all three at once. At least two of them never end:
// nobody is left to hand over to. Measure: 02 and 06b-drain-timelines.
func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	all := nodes(t, recorded, 3)
	for _, n := range all {
		n.env = []string{"STANDIN_DRAIN=1s"}
		n.start()
	}
	all[0].healthy().cockroach("init")
	for _, n := range all {
		n.ready()
	}
	replicated(t, all, 3)
	for _, n := range all {
		n.signal(syscall.SIGTERM)
	}
	running := 0
	for i, n := range all {
		if n.runsFor([]time.Duration{2500 * time.Millisecond, 0, 0}[i]) {
			running++
		}
	}
	if running < 2 {
		t.Errorf("%d of three nodes still drain; the real ones hang, two at least", running)
	}
}

// TestSignalsByVersion: the rules that differ from v20.1.5, on real processes.
func TestSignalsByVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag  string
		sigs []os.Signal
		code int
	}{
		{"v24.1.6", []os.Signal{syscall.SIGTERM, syscall.SIGTERM}, 0},
		{"v24.1.6", []os.Signal{syscall.SIGINT}, 3},
		{"v24.1.6", []os.Signal{syscall.SIGQUIT, syscall.SIGTERM}, 0},
		{"v2.0.7", []os.Signal{syscall.SIGTERM, syscall.SIGTERM}, 143},
		{"v2.0.7", []os.Signal{syscall.SIGQUIT}, 0},
	} {
		n := nodes(t, c.tag, 1)[0]
		n.env = []string{"STANDIN_DRAIN=700ms"}
		if c.tag == "v2.0.7" {
			host, port, _ := strings.Cut(n.rpc, ":")
			_, web, _ := strings.Cut(n.http, ":")
			n.startWith("start", "--insecure", "--store="+n.data, "--host="+host, "--port="+port, "--http-host="+host, "--http-port="+web).ready()
		} else {
			n.startWith("start-single-node", "--insecure", "--store="+n.data, "--listen-addr="+n.rpc, "--http-addr="+n.http).ready()
		}
		for i, s := range c.sigs {
			if i > 0 && !n.runsFor(200*time.Millisecond) {
				t.Errorf("%s %v: stopped before the second signal", c.tag, c.sigs)
			}
			n.signal(s)
		}
		if code := n.exit(); code != c.code {
			t.Errorf("%s %v: exit %d; want %d", c.tag, c.sigs, code, c.code)
		}
	}
}

// TestDrainLimit: the early versions end a drain that finds nobody to hand over
// to, after a minute (shortened here). Measure: reference, section 4.4.
func TestDrainLimit(t *testing.T) {
	t.Parallel()
	all := nodes(t, "v2.1.11", 3)
	for _, n := range all {
		n.env = append(n.env, "STANDIN_DRAIN_LIMIT=1s")
		n.start()
	}
	all[0].healthy().cockroach("init")
	for _, n := range all {
		n.ready()
	}
	replicated(t, all, 3)
	for _, n := range all[1:] {
		n.signal(syscall.SIGKILL)
		n.exit()
	}
	all[0].signal(syscall.SIGTERM)
	want := "time limit reached, initiating hard shutdown - node may take longer to restart & clients may need to wait for leases to expire\n"
	if code := all[0].exit(); code != 1 || !strings.Contains(all[0].stderr(), want) {
		t.Errorf("exit %d, %q", code, last(all[0].stderr(), 5))
	}
}

// TestSingleNode: a cluster that wants one copy of its data is whole with one.
func TestSingleNode(t *testing.T) {
	t.Parallel()
	n := nodes(t, recorded, 1)[0]
	n.startWith("start-single-node", "--insecure", "--store="+n.data, "--listen-addr="+n.rpc, "--http-addr="+n.http).ready()
	n.runsFor(2 * count) // before it has counted it says 0 anyway
	if _, text := n.get("/_status/vars"); !strings.Contains(text, "\nranges_underreplicated{store=\"1\"} 0.0\n") {
		t.Error("a single node says that its ranges want more copies")
	}
	n.signal(syscall.SIGTERM)
	if code := n.exit(); code != 0 || !strings.Contains(n.stderr(), "Replication was disabled for this cluster.") {
		t.Errorf("exit %d, %s", code, n.stderr())
	}
}
