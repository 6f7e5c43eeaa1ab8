package cockroach_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

func errorBody(text string, code int) string {
	return fmt.Sprintf("{\n  \"error\": %q,\n  \"message\": %q,\n  \"code\": %d,\n  \"details\": [\n  ]\n}", text, text, code)
}

// TestHTTPOfAMember: every path the service asks, once the node is in a cluster.
// Measure: 03-http.
func TestHTTPOfAMember(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	n := all[1]
	for _, path := range []string{"/health", "/health?ready=1", "/health?ready=true", "/_admin/v1/health", "/_admin/v1/health?ready=1"} {
		if code, body := n.get(path); code != 200 || body != "{\n\n}" {
			t.Errorf("GET %s: %d %q", path, code, body)
		}
	}
	if code, body := n.get("/_admin/v1/cluster"); code != 200 ||
		body != "{\n  \"clusterId\": \""+n.clusterID()+"\",\n  \"reportingEnabled\": false,\n  \"enterpriseEnabled\": false\n}" {
		t.Errorf("/_admin/v1/cluster: %d %q", code, body)
	}
	for _, path := range []string{"/nosuch", "/", "/_status/nodes/9", "/_status/details/local"} {
		if code, _ := n.get(path); code != 200 {
			t.Errorf("GET %s: %d; the real one answers 200", path, code)
		}
	}

	_, body := n.get("/_status/nodes")
	var nodes struct {
		Nodes []struct {
			Desc struct {
				NodeID    int                                 `json:"nodeId"`
				Address   struct{ AddressField string }       `json:"address"`
				BuildTag  string                              `json:"buildTag"`
				StartedAt string                              `json:"startedAt"`
				Locality  struct{ Tiers []map[string]string } `json:"locality"`
			} `json:"desc"`
			BuildInfo     struct{ Tag string }
			Args          []string
			StoreStatuses []struct{ Metrics map[string]float64 }
		}
		LivenessByNodeID map[string]int `json:"livenessByNodeId"`
	}
	if err := json.Unmarshal([]byte(body), &nodes); err != nil {
		t.Fatalf("/_status/nodes: %v\n%s", err, body)
	}
	if len(nodes.Nodes) != 3 || nodes.LivenessByNodeID["1"] != 3 || nodes.LivenessByNodeID["3"] != 3 {
		t.Errorf("/_status/nodes: %s", body)
	}
	for i, x := range nodes.Nodes {
		if x.Desc.NodeID != i+1 || x.Desc.BuildTag != recorded || x.BuildInfo.Tag != recorded || x.Args[1] != "start" || len(x.StoreStatuses) != 1 {
			t.Errorf("node %d of /_status/nodes: %+v", i+1, x)
		}
	}

	_, text := n.get("/_status/vars")
	parser := expfmt.NewTextParser(model.LegacyValidation)
	vars, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("/_status/vars: %v", err)
	}
	for _, name := range []string{"ranges_underreplicated", "ranges_unavailable", "ranges_overreplicated", "liveness_livenodes", "sys_uptime", "capacity",
		"capacity_available", "capacity_used", "capacity_reserved", "replicas", "replicas_leaders", "replicas_leaseholders", "ranges",
		"security_certificate_expiration_ca", "security_certificate_expiration_node", "build_timestamp", "node_id", "clock_offset_meannanos",
		"clock_offset_stddevnanos", "sql_conns"} {
		if vars[name] == nil {
			t.Errorf("/_status/vars has no %s", name)
		}
	}
	if v := vars["liveness_livenodes"].Metric[0].GetGauge().GetValue(); v != 3 {
		t.Errorf("liveness_livenodes %v; want 3", v)
	}
	if m := vars["capacity"].Metric[0]; m.GetLabel()[0].GetName() != "store" || m.GetGauge().GetValue() <= 0 {
		t.Errorf("capacity: %v", m)
	}
	if !strings.Contains(text, "\nbuild_timestamp{tag=\"v20.1.5\",") {
		t.Error("build_timestamp does not carry the tag")
	}
}

// TestQuorumLost: two of three nodes are killed. Measure: 12-store-identity,
// last part. `select 1` goes on, whatever needs a majority hangs.
func TestQuorumLost(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	for _, n := range all[1:] {
		n.signal(syscall.SIGKILL)
		if code := n.exit(); code != 137 {
			t.Errorf("SIGKILL: exit %d", code)
		}
	}
	n := all[0]
	until(t, "the node that is left is not ready", func() bool { c, _ := n.get("/health?ready=1"); return c == 503 })
	if _, body := n.get("/health?ready=1"); body != errorBody("node is not healthy", 14) {
		t.Errorf("ready: %q", body)
	}
	if code, body := n.get("/health"); code != 200 || body != "{\n\n}" {
		t.Errorf("/health: %d %q", code, body)
	}
	if out := n.sql("select 1"); out != "?column?\n1\n" {
		t.Errorf("select 1: %q", out)
	}
	until(t, "no live nodes, and no ranges that a node without its liveness would count", func() bool {
		return slices.Equal(words([]*node{n}), []word{{live: 0, under: 0, gone: 0}})
	})
	if code, body := n.get("/_status/nodes", 500*time.Millisecond); code != 0 {
		t.Errorf("/_status/nodes answered %d %q; it is to hang", code, body)
	}
	until(t, "node status tells the truth", func() bool {
		lines := strings.Split(n.cockroach("node", "status", "--format=csv").out, "\n")
		return len(lines) > 3 && strings.HasSuffix(lines[1], ",false,true") && strings.HasSuffix(lines[2], ",false,false") && strings.HasSuffix(lines[3], ",false,false")
	})

	for _, args := range [][]string{{"dump", "defaultdb"}, {"node", "decommission", "2"}, {"sql", "-e", "show databases"}, {"quit"}} {
		if !n.hangs(args...) {
			t.Errorf("%v ended without a majority", args)
		}
	}

	// The drain that quit began above never ends; a second SIGTERM does it.
	n.signal(syscall.SIGTERM)
	if !n.runsFor(time.Second) {
		t.Fatalf("SIGTERM without a majority: exit %d; it is to drain for ever", n.exit())
	}
	n.signal(syscall.SIGTERM)
	if code := n.exit(); code != 143 {
		t.Errorf("second SIGTERM: exit %d; want 143", code)
	}
	if want := "*\n* ERROR: received signal 'terminated' during shutdown, initiating hard shutdown - node may take longer to restart & clients may need to wait for leases to expire\n*\n"; !strings.HasSuffix(n.stderr(), want) {
		t.Errorf("second SIGTERM says %q", last(n.stderr(), 5))
	}
}

// TestOneOfThreeRestarted: a node whose cluster is not there yet.
// Measure: 02-init-and-restart, "only node 1 of 3 started".
func TestOneOfThreeRestarted(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	all[0].sql("create database app", "create table app.t (id int primary key)", "insert into app.t values (1)")
	for _, n := range all {
		n.signal(syscall.SIGKILL)
	}
	for _, n := range all {
		n.exit()
	}
	n := all[0].start().healthy()
	if code, body := n.get("/health?ready=1"); code != 500 || body != errorBody("An internal server error has occurred. Please check your CockroachDB logs for more details.", 13) {
		t.Errorf("ready: %d %q", code, body)
	}
	if code, _ := n.get("/_status/nodes"); code != 404 {
		t.Errorf("/_status/nodes: %d", code)
	}
	if !n.hangs("sql", "-e", "select 1") || !n.hangs("node", "status") {
		t.Error("SQL was answered by a node without its cluster")
	}
	if r := n.cockroach("init"); r.code != 1 || !strings.Contains(r.err, "cluster has already been initialized") {
		t.Errorf("init: %+v", r)
	}
	if n.out() != "" {
		t.Errorf("banner too early: %s", n.out())
	}
	all[1].start().ready()
	n.ready()
	if out := n.sql("select * from app.t"); out != "id\n1\n" {
		t.Errorf("data after a full stop: %q", out)
	}
}
