package cockroach_test

import (
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// stamps is the form of a time in node status, and masks what differs by run.
var stamps = regexp.MustCompile(`20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00:00`)

// TestNodeStatus: columns, formats and faults. Measure: 04-node-status.
func TestNodeStatus(t *testing.T) {
	t.Parallel()
	all := nodes(t, recorded, 1)
	n := all[0]
	n.extra = []string{"--locality=region=eu,zone=a", "--attrs=ssd"}
	n.start().healthy()
	n.cockroach("init")
	n.ready()
	mask := func(s string) string {
		return strings.ReplaceAll(stamps.ReplaceAllString(s, "TIME"), n.rpc, "ADDR")
	}
	const (
		head   = "id,address,sql_address,build,started_at,updated_at,locality,is_available,is_live"
		row    = `1,ADDR,ADDR,v20.1.5,TIME,TIME,"region=eu,zone=a",true,true`
		ranged = ",replicas_leaders,replicas_leaseholders,ranges,ranges_unavailable,ranges_underreplicated"
		stats  = ",live_bytes,key_bytes,value_bytes,intent_bytes,system_bytes"
		member = ",gossiped_replicas,is_decommissioning,is_draining"
	)
	for _, c := range []struct{ args, want string }{
		{"node status --format=csv", head + "\n" + row + "\n"},
		{"node status 1 --format=csv", head + "\n" + row + "\n"},
		{"node status --timeout=2s --format=csv", head + "\n" + row + "\n"},
		{"node status", strings.ReplaceAll(head, ",", "\t") + "\n1\tADDR\tADDR\tv20.1.5\tTIME\tTIME\tregion=eu,zone=a\ttrue\ttrue\n"},
		{"node status --ranges --format=csv", head + ranged + "\n" + row + ",32,32,32,0,32\n"},
		{"node status --stats --format=csv", head + stats + "\n" + row + ",0,0,0,0,0\n"},
		{"node status --decommission --format=csv", head + member + "\n" + row + ",32,false,false\n"},
		{"node status --all --format=csv", head + ranged + stats + member + "\n" + row + ",32,32,32,0,32,0,0,0,0,0,32,false,false\n"},
		{"node ls", "id\n1\n"},
		{"node ls --format=table", "  id\n------\n   1\n(1 row)\n"},
		{"node ls --format=records", "-[ RECORD 1 ]\nid | 1\n"},
		{"node ls --format=sql", "CREATE TABLE results (\n  id STRING\n);\n\nINSERT INTO results VALUES ('1');\n-- 1 row\n"},
		{"node ls --format=html", "<table>\n<thead><tr><th>row</th><th>id</th></tr></thead>\n<tbody>\n<tr><td>1</td><td>1</td></tr>\n</tbody>\n<tfoot><tr><td colspan=2>1 row</td></tr></tfoot></table>\n"},
		{"node ls --format=raw", "# 1 columns\n# row 1\n## 1\n1\n# 1 row\n"},
	} {
		if r := n.cockroach(strings.Fields(c.args)...); mask(r.out) != c.want || r.code != 0 || r.err != "" {
			t.Errorf("%s: exit %d, %q\n%s\nwant\n%s", c.args, r.code, r.err, mask(r.out), c.want)
		}
	}
	if r := n.cockroach("node", "status", "9"); r.code != 1 || r.err != "ERROR: node 9 doesn't exist\nFailed running \"node status\"\n" {
		t.Errorf("node status 9: %+v", r)
	}
	if r := command(t, recorded, "node", "status", "--host="+n.rpc); r.code != 1 || !strings.Contains(r.err, "ERROR: cannot load certificates.\n") {
		t.Errorf("a secure client at an insecure node: %+v", r)
	}
}

// TestDrainAndQuit: what a client sees, and what the node then says of itself.
// Measure: 06-quit-drain.
func TestDrainAndQuit(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	n := all[2]
	if r := n.cockroach("node", "drain"); r.code != 0 || r.out != "ok\n" ||
		r.err != "node is draining... remaining: 1\nnode is draining... remaining: 0 (complete)\n" {
		t.Errorf("node drain: %+v", r)
	}
	for path, want := range map[string]int{"/health": 200, "/health?ready=1": 503, "/_admin/v1/health": 200, "/_admin/v1/health?ready=1": 503, "/_status/vars": 200, "/_status/nodes": 200} {
		if code, body := n.get(path); code != want || (code == 503 && body != errorBody("node is shutting down", 14)) {
			t.Errorf("GET %s of a drained node: %d %q", path, code, body)
		}
	}
	for _, args := range [][]string{{"sql", "-e", "select 1"}, {"node", "status"}} {
		if r := n.cockroach(args...); r.code != 1 || !strings.HasPrefix(r.err, "ERROR: server is not accepting clients\nSQLSTATE: 57P01\nFailed running ") {
			t.Errorf("%v at a drained node: %+v", args, r)
		}
	}
	until(t, "the others know that it drains", func() bool {
		r := all[0].cockroach("node", "status", "--decommission", "--format=csv")
		return strings.Contains(r.out, ",false,true\n")
	})
	if r := n.cockroach("node", "drain"); r.code != 0 || r.err != "node is draining... remaining: 0 (complete)\n" {
		t.Errorf("second node drain: %+v", r)
	}
	if r := n.cockroach("quit"); r.code != 0 || r.out != "ok\n" {
		t.Errorf("quit of a drained node: %+v", r)
	}
	if code := n.exit(); code != 0 {
		t.Errorf("after quit: exit %d", code)
	}
	if r := n.cockroach("quit"); r.code != 1 || !strings.HasPrefix(r.err, "ERROR: cannot dial server.\nIs the server running?\n") {
		t.Errorf("quit of a stopped node: %+v", r)
	}
	n.start().ready()
	if r := n.cockroach("sql", "-e", "select 1"); r.code != 0 {
		t.Errorf("a drained node serves again after a restart: %+v", r)
	}
}

// TestDecommission: three nodes at three replicas cannot lose one; with a fourth
// they can. Measure: 05-decommission.
func TestDecommission(t *testing.T) {
	t.Parallel()
	all := cluster(t, recorded, 3)
	replicated(t, all, 3)
	const head = "id\tis_live\treplicas\tis_decommissioning\tis_draining\n"
	n := all[0]
	leaving := all[2].id()
	if r := n.cockroach("node", "decommission", leaving, "--wait=none"); r.code != 0 || r.err != "\n" || r.out != head+leaving+"\ttrue\t32\ttrue\tfalse\n" {
		t.Errorf("--wait=none: %+v", r)
	}
	if code, _ := all[2].get("/health?ready=1"); code != 200 {
		t.Errorf("a decommissioning node of 20.1 is ready=%d; the real one stays 200", code)
	}
	if !n.hangs("node", "decommission", leaving) {
		t.Error("a node of three was decommissioned; there is nowhere to move its data")
	}
	if r := n.cockroach("node", "recommission", leaving); r.code != 0 || r.out != head+leaving+"\ttrue\t32\tfalse\tfalse\n" {
		t.Errorf("recommission: %+v", r)
	}
	if r := n.cockroach("node", "recommission", leaving); r.code != 0 || r.err != "warning: node "+leaving+" is not decommissioned\n" {
		t.Errorf("second recommission: %+v", r)
	}
	if r := n.cockroach("node", "decommission", "77"); r.code != 1 ||
		r.err != "warning: cannot find status of node 77\n\nERROR: while trying to mark as decommissioning: rpc error: code = Unknown desc = during liveness update 77 -> true: node not in the liveness table\nFailed running \"node decommission\"\n" {
		t.Errorf("unknown node: %+v", r)
	}

	fourth := nodes(t, recorded, 1)[0]
	fourth.join = all[0].join
	fourth.start().ready()
	r := n.cockroach("node", "decommission", leaving)
	end := head + leaving + "\ttrue\t0\ttrue\tfalse\n\nNo more data reported on target nodes. Please verify cluster health before removing the nodes.\n"
	if r.code != 0 || !strings.HasPrefix(r.out, head+leaving+"\ttrue\t32\ttrue\tfalse\n") || !strings.HasSuffix(r.out, end) {
		t.Errorf("decommission with a fourth node: %+v", r)
	}
	if r := n.cockroach("node", "decommission", leaving); r.code != 0 || r.err != "warning: node "+leaving+" is already decommissioning or decommissioned\n\n" || r.out != end {
		t.Errorf("decommission again: %+v", r)
	}
	all[2].signal(syscall.SIGTERM)
	if code := all[2].exit(); code != 0 {
		t.Errorf("SIGTERM to a decommissioned node: exit %d", code)
	}
	if out := n.sql("create database app", "show databases"); !strings.Contains(out, "\napp\n") {
		t.Errorf("the cluster goes on: %q", out)
	}
}
