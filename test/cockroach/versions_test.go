package cockroach_test

import (
	"encoding/json"
	"net"
	"strings"
	"syscall"
	"testing"
)

// spelled gives a node's command line in the words of its version.
func (n *node) spelled() []string {
	if n.tag != "v2.0.7" {
		return n.args()
	}
	host, port, _ := net.SplitHostPort(n.rpc)
	web, webPort, _ := net.SplitHostPort(n.http)
	return []string{"start", "--insecure", "--store=" + n.data, "--host=" + host, "--port=" + port, "--advertise-host=" + host,
		"--http-host=" + web, "--http-port=" + webPort, "--join=" + strings.Join(n.join, ",")}
}

// client runs a client command in the words of the node's version.
func (n *node) client(args ...string) result {
	n.t.Helper()
	if n.tag != "v2.0.7" {
		return n.cockroach(args...)
	}
	host, port, _ := net.SplitHostPort(n.rpc)
	return command(n.t, n.tag, append(args, "--insecure", "--host="+host, "--port="+port)...)
}

// TestOtherVersions: what the service relies on, where versions differ.
// Measure: cockroachdb-versions.md, sections 1.6, 2, 3 and 4.
func TestOtherVersions(t *testing.T) {
	t.Parallel()
	const base = "id,address,sql_address,build,started_at,updated_at,locality,is_available,is_live"
	for _, c := range []struct {
		tag       string
		waiting   string // text of ready before init
		message   bool   // the body has message and details
		details   bool   // /health is the node's details
		again     string // init again, at the first node (ID stands for the cluster's)
		elsewhere string // init at a node that joined
		columns   string
		member    string // columns that --decommission adds
		web       string // line of the banner
		leaving   int    // ready while it is being decommissioned
		liveness  bool   // /_status/nodes has livenessByNodeId
		line      string // finalised version
		checks    bool   // node decommission looks first whether the rest can take over
	}{
		{"v2.0.7", "node is not ready", false, true,
			"Error: rpc error: code = AlreadyExists desc = cluster has already been initialized with ID ID\nFailed running \"init\"\n",
			"Error: rpc error: code = AlreadyExists desc = cluster has already been initialized with ID ID\nFailed running \"init\"\n",
			"id,address,build,updated_at,started_at,is_live", "gossiped_replicas,is_decommissioning,is_draining", "admin:", 503, false, "2.0", false},
		{"v2.1.11", "node is not ready", false, true,
			"Error: rpc error: code = AlreadyExists desc = cluster has already been initialized with ID ID\nFailed running \"init\"\n",
			"Error: rpc error: code = AlreadyExists desc = cluster has already been initialized with ID ID\nFailed running \"init\"\n",
			"id,address,build,started_at,updated_at,is_available,is_live", "gossiped_replicas,is_decommissioning,is_draining", "webui:", 503, false, "2.1", false},
		{"v19.2.12", "node is waiting for cluster initialization", true, false,
			"Error: rpc error: code = Unknown desc = cluster has already been initialized\nFailed running \"init\"\n",
			"Error: rpc error: code = Unknown desc = already connected to cluster\nFailed running \"init\"\n",
			base, "gossiped_replicas,is_decommissioning,is_draining", "webui:", 503, false, "19.2", false},
		{"v20.2.19", "node is waiting for cluster initialization", true, false,
			"ERROR: cluster has already been initialized\nFailed running \"init\"\n", "ERROR: cluster has already been initialized\nFailed running \"init\"\n",
			base, "gossiped_replicas,is_decommissioning,membership,is_draining", "webui:", 200, true, "20.2", false},
		{"v24.1.6", "node is waiting for cluster initialization", true, false,
			"ERROR: cluster has already been initialized\nFailed running \"init\"\n", "ERROR: cluster has already been initialized\nFailed running \"init\"\n",
			base, "gossiped_replicas,is_decommissioning,membership,is_draining", "webui:", 503, true, "24.1", true},
		{"v25.2.19", "node is waiting for cluster initialization", true, false,
			"ERROR: cluster has already been initialized\nFailed running \"init\"\n", "ERROR: cluster has already been initialized\nFailed running \"init\"\n",
			base, "gossiped_replicas,is_decommissioning,membership,is_draining", "webui:", 503, true, "25.2", true},
	} {
		t.Run(c.tag, func(t *testing.T) {
			t.Parallel()
			all := nodes(t, c.tag, 2)
			for _, n := range all {
				n.startWith(n.spelled()...).healthy()
			}
			n := all[0]
			code, body := n.get("/health?ready=1")
			var fault map[string]any
			if err := json.Unmarshal([]byte(body), &fault); err != nil || code != 503 || fault["error"] != c.waiting || fault["code"] != 14.0 || (fault["message"] != nil) != c.message {
				t.Errorf("ready before init: %d %q", code, body)
			}
			if _, body := n.get("/health"); strings.Contains(body, `"buildInfo"`) != c.details {
				t.Errorf("/health: %q", body)
			}
			if r := n.client("init"); r.code != 0 || r.out != "Cluster successfully initialized\n" {
				t.Fatalf("init: %+v", r)
			}
			n.ready()
			all[1].ready()
			for _, x := range []struct {
				n    *node
				want string
			}{{n, c.again}, {all[1], c.elsewhere}} {
				want := strings.ReplaceAll(x.want, "ID ID", "ID "+n.clusterID())
				if r := x.n.client("init"); r.code != 1 || !strings.HasSuffix(r.err, want) {
					t.Errorf("init again: %+v; want %q", r, want)
				}
			}
			until(t, "the banner", func() bool { return strings.Contains(n.out(), "\nnodeID:") })
			if !strings.Contains(n.out(), "\n"+c.web) || !strings.Contains(n.out(), "\nstatus:              initialized new cluster\n") {
				t.Errorf("banner:\n%s", n.out())
			}
			if r := n.client("node", "status", "--decommission", "--format=csv"); !strings.HasPrefix(r.out, c.columns+","+c.member+"\n") || strings.Count(r.out, "\n") != 3 {
				t.Errorf("node status: %+v", r)
			}
			if r := n.client("sql", "--format=csv", "-e", "SHOW CLUSTER SETTING version"); r.out != "version\n"+c.line+"\n" {
				t.Errorf("version: %+v", r)
			}
			if _, body := n.get("/_status/nodes"); strings.Contains(body, "livenessByNodeId") != c.liveness {
				t.Errorf("livenessByNodeId in /_status/nodes: %v", !c.liveness)
			}
			leave := []string{"node", "decommission", n.id(), "--wait=none", "--format=csv"}
			if c.checks {
				// Two nodes can never take over what one of them holds.
				if r := n.client(leave...); r.code != 1 || !strings.HasSuffix(r.err, "ERROR: Cannot decommission nodes.\nFailed running \"node decommission\"\n") {
					t.Errorf("node decommission with its checks: %+v", r)
				}
				leave = append(leave, "--checks=skip")
			}
			if r := n.client(leave...); r.code != 0 {
				t.Errorf("node decommission: %+v", r)
			}
			if code, _ := n.get("/health?ready=1"); code != c.leaving {
				t.Errorf("ready of a node that is being decommissioned: %d; want %d", code, c.leaving)
			}
			n.signal(syscall.SIGKILL)
			n.exit()
			all[1].signal(syscall.SIGKILL)
			all[1].exit()
		})
	}
}

// TestManyFlags: a command line that uses every flag the service may want is
// taken by the versions that have it.
func TestManyFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tag, extra string }{
		{recorded, "--cache=128MiB --max-sql-memory=.25 --locality=region=eu,zone=a --attrs=ssd:fast --max-offset=500ms --logtostderr=INFO --log-dir=LOGS --external-io-dir=EXT --storage-engine=pebble --vmodule=a=1 --cluster-name=x"},
		{"v24.1.6", "--cache=25% --max-sql-memory=1GB --locality=region=eu --advertise-addr=localhost --logtostderr --max-go-memory=1GiB --wal-failover=disabled --accept-sql-without-tls --cluster-name=x"},
	} {
		n := nodes(t, c.tag, 1)[0]
		n.extra = strings.Fields(strings.NewReplacer("LOGS", n.dir+"/logs", "EXT", n.dir+"/ext").Replace(c.extra))
		n.start().healthy()
		if r := n.cockroach("init"); r.code != 1 || !strings.Contains(r.err, `does not match peer cluster name`) {
			t.Errorf("init without the cluster's name: %+v", r)
		}
		if r := n.cockroach("init", "--cluster-name=x"); r.code != 0 {
			t.Errorf("init: %+v", r)
		}
		n.ready()
		if !strings.Contains(n.stderr(), "starting cockroach node") {
			t.Errorf("%s: --logtostderr shows no log", c.tag)
		}
		n.signal(syscall.SIGTERM)
		if code := n.exit(); code != 0 {
			t.Errorf("%s: exit %d", c.tag, code)
		}
	}
}
