package cockroach_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const notFound = "404 page not found\n"

const waitingBody = `{
  "error": "node is waiting for cluster initialization",
  "message": "node is waiting for cluster initialization",
  "code": 14,
  "details": [
  ]
}`

// TestBeforeInit: a node that was started with a join list and an empty store.
// Measure: 01-start-uninitialised.
func TestBeforeInit(t *testing.T) {
	t.Parallel()
	n := nodes(t, recorded, 1)[0]
	n.extra = []string{"--pid-file=" + filepath.Join(n.dir, "pid")}
	n.start().healthy()

	for _, c := range []struct {
		path string
		code int
		body string
	}{
		{"/health", 200, "{\n\n}"}, {"/health?ready=1", 503, waitingBody}, {"/health?ready=true", 503, waitingBody},
		{"/_admin/v1/health", 404, notFound}, {"/_admin/v1/health?ready=1", 404, notFound}, {"/_status/vars", 404, notFound},
		{"/_status/nodes", 404, notFound}, {"/_status/nodes/local", 404, notFound}, {"/_status/details/local", 404, notFound},
		{"/_admin/v1/cluster", 404, notFound}, {"/_admin/v1/liveness", 404, notFound}, {"/", 404, notFound}, {"/nosuch", 404, notFound},
	} {
		if code, body := n.get(c.path); code != c.code || body != c.body {
			t.Errorf("GET %s before init: %d %q; want %d %q", c.path, code, body, c.code, c.body)
		}
	}

	for _, args := range []string{"sql -e select", "node status", "node ls", "dump system"} {
		if !n.hangs(strings.Fields(args)...) {
			t.Errorf("%s before init ended; it is to hang", args)
		}
	}
	for _, c := range []struct{ args, err string }{
		{"node decommission 1", "ERROR: connection lost.\n\nrpc error: code = Unavailable desc = node waiting for init; /cockroach.server.serverpb.Status/Nodes not available\nFailed running \"node decommission\"\n"},
		{"node drain", "node is draining... \nERROR: node cannot be drained before it has been initialized\nFailed running \"node drain\"\n"},
		{"quit", "ERROR: hard shutdown failed: node cannot be shut down before it has been initialized\nHINT: You can still stop the process using a service manager or a signal.\nFailed running \"quit\"\n"},
	} {
		if r := n.cockroach(strings.Fields(c.args)...); r.code != 1 || r.out != "" || !strings.HasSuffix(r.err, c.err) {
			t.Errorf("%s before init: %+v; want %q", c.args, r, c.err)
		}
	}

	if n.out() != "" {
		t.Errorf("standard output before init: %q", n.out())
	}
	until(t, "the node says that it waits", func() bool {
		return strings.Contains(n.stderr(), "* INFO: initial startup completed.\n* Node will now attempt to join a running cluster, or wait for `cockroach init`.\n")
	})
	for name, want := range map[string]string{
		"listen-addr": n.rpc, "advertise-addr": n.rpc, "http-addr": n.http, "sql-addr": n.rpc, "advertise-sql-addr": n.rpc,
	} {
		if b, err := os.ReadFile(filepath.Join(n.data, "cockroach."+name)); string(b) != want {
			t.Errorf("file cockroach.%s: %q, %v; want %q", name, b, err, want)
		}
	}
	if b, _ := os.ReadFile(filepath.Join(n.dir, "pid")); len(b) == 0 {
		t.Error("no pid file before init; it says that the node listens, not that it is ready")
	}

	n.signal(syscall.SIGTERM)
	if code := n.exit(); code != 0 || n.out() != "initiating graceful shutdown of server\ntoo early to drain; used hard shutdown instead\n" {
		t.Errorf("SIGTERM before init: exit %d, %q", code, n.out())
	}
	n.start().healthy().signal(syscall.SIGINT)
	want := "Note: a second interrupt will skip graceful shutdown and terminate forcefully\ninitiating graceful shutdown of server\ntoo early to drain; used hard shutdown instead\n"
	if code := n.exit(); code != 1 || n.out() != want || !strings.HasSuffix(n.stderr(), "ERROR: interrupted\nFailed running \"start\"\n") {
		t.Errorf("SIGINT before init: exit %d, %q, %q", code, n.out(), n.stderr())
	}
}

// TestInit: three nodes, one init, and what a second one says where.
// Measure: 02-init-and-restart.
func TestInit(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	ids := map[string]bool{}
	for i, n := range all {
		ids[n.id()] = true
		how := "initialized new node, joined pre-existing cluster"
		if i == 0 {
			how = "initialized new cluster"
		}
		for _, want := range []string{"CockroachDB node starting at ", "\nbuild:               CCL v20.1.5 @ ", "\nwebui:               http://" + n.http + "\n",
			"\nsql:                 postgresql://root@" + n.rpc + "?sslmode=disable\n", "\nstore[0]:            path=" + n.data + "\n",
			"\nstorage engine:      rocksdb\n", "\nstatus:              " + how + "\n", "\nclusterID:           " + n.clusterID() + "\n"} {
			if !strings.Contains(n.out(), want) {
				t.Errorf("node %d: banner without %q:\n%s", i+1, want, n.out())
			}
		}
	}
	if !ids["1"] || !ids["2"] || !ids["3"] || all[0].id() != "1" {
		t.Errorf("node ids %v, first %s", ids, all[0].id())
	}
	if a, b := all[0].clusterID(), all[2].clusterID(); a != b || a == "" {
		t.Errorf("cluster ids %q and %q", a, b)
	}

	const already = "*\n* ERROR: ERROR: rpc error: code = Unknown desc = cluster has already been initialized\n" +
		"* HINT: Please ensure all your start commands are using --join.\n*\nHINT: Please ensure all your start commands are using --join.\n" +
		"ERROR: rpc error: code = Unknown desc = cluster has already been initialized\n" +
		"HINT: Please ensure all your start commands are using --join.\nFailed running \"init\"\n"
	const connected = "*\n* ERROR: ERROR: rpc error: code = Unknown desc = already connected to cluster\n*\n" +
		"ERROR: rpc error: code = Unknown desc = already connected to cluster\nFailed running \"init\"\n"
	if r := all[0].cockroach("init"); r.code != 1 || r.out != "" || r.err != already {
		t.Errorf("second init at the first node: %+v", r)
	}
	if r := all[2].cockroach("init"); r.code != 1 || r.out != "" || r.err != connected {
		t.Errorf("init at a node that joined: %+v", r)
	}

	replicated(t, all, 3)
	id := all[2].id()
	all[2].signal(syscall.SIGTERM)
	if code := all[2].exit(); code != 0 || !strings.HasSuffix(all[2].out(), "initiating graceful shutdown of server\nserver drained and shutdown completed\n") {
		t.Fatalf("SIGTERM: exit %d, %q", code, all[2].out())
	}
	all[2].start().ready()
	if !strings.Contains(all[2].out(), "status:              restarted pre-existing node\n") || all[2].id() != id {
		t.Errorf("after a restart as node %s: %s", id, all[2].out())
	}
	if r := all[2].cockroach("init"); r.code != 1 || r.err != already {
		t.Errorf("init at a node that joined and was restarted: %+v", r)
	}
}

// TestInitTriesForEver: against an address where nothing listens, and one that
// is no node. Measure: 02-init-and-restart; older versions fail at once.
func TestInitTriesForEver(t *testing.T) {
	t.Parallel()
	n := nodes(t, recorded, 1)[0]
	n.start().healthy()
	for _, addr := range []string{freeAddr(t, "127.0.0.1"), n.http} {
		r := during(t, recorded, 1500*time.Millisecond, "init", "--insecure", "--host="+addr)
		want := "warning: node not ready to perform cluster initialization: initial connection heartbeat failed: rpc error: code = Unavailable desc = all SubConns are in TransientFailure, latest connection error: "
		if !r.hung || !strings.HasPrefix(r.err, want) || strings.Count(r.err, "(retrying)\n") < 2 {
			t.Errorf("init --host=%s: %+v", addr, r)
		}
	}
}

// TestLateNodeFindsItsCluster: a node whose join list names only itself is
// called by the cluster that has it in its list; and one that comes late joins.
func TestLateNodeFindsItsCluster(t *testing.T) {
	t.Parallel()
	all := nodes(t, recorded, 3)
	lonely := all[2]
	lonely.join = []string{lonely.rpc}
	all[0].start().healthy()
	all[0].cockroach("init")
	all[0].ready()
	lonely.start().ready()
	all[1].start().ready()
	if lonely.clusterID() != all[0].clusterID() || all[1].id() != "3" || lonely.id() != "2" {
		t.Errorf("cluster ids %q, %q; node ids %s, %s", lonely.clusterID(), all[0].clusterID(), lonely.id(), all[1].id())
	}
}

// TestAloneWithoutJoin: before 20.2 `start` without --join makes a cluster of one.
func TestAloneWithoutJoin(t *testing.T) {
	t.Parallel()
	n := nodes(t, recorded, 1)[0]
	n.startWith("start", "--insecure", "--store="+n.data, "--listen-addr="+n.rpc, "--http-addr="+n.http).ready()
	if !strings.Contains(n.out(), "initialized new cluster") || !strings.Contains(n.stderr(), "running 'cockroach start' without --join is deprecated.") {
		t.Errorf("%s\n%s", n.out(), n.stderr())
	}
	n.signal(syscall.SIGTERM)
	if code := n.exit(); code != 0 {
		t.Errorf("SIGTERM to a cluster of one: exit %d", code)
	}
}
