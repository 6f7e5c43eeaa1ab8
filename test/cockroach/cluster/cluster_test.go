package cluster

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// stmt is the text of a statement.
type stmt string

func apply(t *testing.T, s *State, kind string, c any) Outcome {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := c.(stmt)
	if text != "" {
		b, _ = json.Marshal(SQL{Database: "defaultdb"})
	}
	return s.Apply(store.Entry{Kind: kind, At: time.Now().UnixNano(), Data: b, Blob: []byte(text)}).(Outcome)
}

func at(build string) Descriptor { return Descriptor{Build: build, Address: "a:1", StartedAt: 1} }

func newCluster(t *testing.T, tag string) *State {
	v := version.MustParse(tag)
	s := New(v, &sqlstore.Memory{}, time.Hour)
	if o := apply(t, s, KindGenesis, Genesis{ClusterID: "c", Version: v.Line(), Token: "one", Node: at(tag)}); o.NodeID != 1 {
		t.Fatalf("genesis: %+v", o)
	}
	return s
}

func TestNodeIDsAreNeverUsedAgain(t *testing.T) {
	s := newCluster(t, "v24.1.6")
	for _, c := range []struct {
		token string
		id    int
	}{{"two", 2}, {"three", 3}, {"two", 2}, {"four", 4}} {
		if o := apply(t, s, KindJoin, Join{Token: c.token, Node: at("v24.1.6")}); o.NodeID != c.id {
			t.Errorf("join of %s: node %d; want %d", c.token, o.NodeID, c.id)
		}
	}
	for _, to := range []string{Decommissioning, Decommissioned} {
		apply(t, s, KindMembership, Membership{ID: 4, To: to})
	}
	if o := apply(t, s, KindJoin, Join{Token: "five", Node: at("v24.1.6")}); o.NodeID != 5 {
		t.Errorf("after node 4 was decommissioned the next is %d", o.NodeID)
	}
}

func TestMembershipByVersion(t *testing.T) {
	for _, c := range []struct {
		tag      string
		back     bool // a decommissioned node may be recommissioned
		rejoined bool // and may start again
	}{{"v20.1.5", true, true}, {"v20.2.19", false, true}, {"v21.1.21", false, false}, {"v24.1.6", false, false}} {
		s := newCluster(t, c.tag)
		apply(t, s, KindMembership, Membership{ID: 1, To: Decommissioning})
		apply(t, s, KindMembership, Membership{ID: 1, To: Decommissioned})
		if o := apply(t, s, KindRegister, Register{ID: 1, Node: at(c.tag)}); (o.Fault == nil) != c.rejoined {
			t.Errorf("%s: start of a decommissioned node: %+v", c.tag, o)
		}
		if o := apply(t, s, KindMembership, Membership{ID: 1, To: Active}); (o.Fault == nil) != c.back {
			t.Errorf("%s: recommission: %+v", c.tag, o)
		}
		if o := apply(t, s, KindMembership, Membership{ID: 9, To: Active}); o.Fault == nil {
			t.Errorf("%s: an unknown node has a membership", c.tag)
		}
	}
}

func sql(t *testing.T, s *State, text string) string {
	t.Helper()
	sts, err := sqlstore.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if sts[0].Writes() {
		if o := apply(t, s, KindSQL, stmt(text)); o.Fault != nil {
			return o.Fault.Message
		}
		return ""
	}
	r, err := s.Read(sts[0].Node, sqlstore.Context{Database: "defaultdb", Now: time.Now().UnixNano()})
	if err != nil {
		return err.Error()
	}
	return r.Rows[0][0]
}

func TestSettings(t *testing.T) {
	for _, c := range []struct{ tag, text, want string }{
		{"v24.1.6", "show cluster setting server.time_until_store_dead", "00:05:00"},
		{"v24.1.6", "set cluster setting server.time_until_store_dead = '30s'", "cannot set server.time_until_store_dead to less than 1m15s: 30s"},
		{"v24.1.6", "set cluster setting server.shutdown.initial_wait = '8s'", ""},
		{"v20.1.5", "set cluster setting server.shutdown.initial_wait = '8s'", "unknown cluster setting 'server.shutdown.initial_wait'"},
		{"v24.1.6", "set cluster setting nosuch = 1", "unknown cluster setting 'nosuch'"},
		{"v24.1.6", "set cluster setting cluster.preserve_downgrade_option = '23.2'", "cannot set cluster.preserve_downgrade_option to 23.2 (cluster version is 24.1)"},
		{"v24.1.6", "set cluster setting version = '23.2'", "versions cannot be downgraded (attempting to downgrade from 24.1 to 23.2)"},
		{"v24.1.6", "set cluster setting version = '24.3'", "cannot upgrade to 24.3: node running 24.1"},
		{"v24.1.6", "set cluster setting diagnostics.reporting.enabled = false", ""},
		{"v24.1.6", "show cluster setting version", "24.1"},
		{"v24.1.6", "select crdb_internal.cluster_id()", "c"},
		{"v24.1.6", "select crdb_internal.node_executable_version()", "24.1"},
	} {
		if got := sql(t, newCluster(t, c.tag), c.text); got != c.want {
			t.Errorf("%s, %s: %q; want %q", c.tag, c.text, got, c.want)
		}
	}
	s := newCluster(t, "v24.1.6")
	sql(t, s, "set cluster setting server.shutdown.initial_wait = '1m30.5s'")
	if got := sql(t, s, "show cluster setting server.shutdown.drain_wait"); got != "00:01:30.5" {
		t.Errorf("a setting under its old name: %q", got)
	}
}

func TestUpgradeWaitsForTheOldestNode(t *testing.T) {
	s := newCluster(t, "v24.1.6")
	apply(t, s, KindJoin, Join{Token: "two", Node: at("v24.1.6")})
	apply(t, s, KindRegister, Register{ID: 1, Node: at("v24.3.33")})
	if line, ok := s.Upgrade(); ok {
		t.Errorf("moves to %s while a node runs 24.1", line)
	}
	apply(t, s, KindRegister, Register{ID: 2, Node: at("v24.3.33")})
	if line, ok := s.Upgrade(); !ok || line != "24.3" {
		t.Errorf("upgrade: %s, %v", line, ok)
	}
	sql(t, s, "set cluster setting cluster.auto_upgrade.enabled = false")
	if _, ok := s.Upgrade(); ok {
		t.Error("moves although it is held")
	}
	apply(t, s, KindFinalise, Finalise{Line: "24.3"})
	if s.Version() != "24.3" {
		t.Errorf("version %s", s.Version())
	}
}

func TestSnapshotIsTheWholeState(t *testing.T) {
	s := newCluster(t, "v24.1.6")
	sql(t, s, "create table t (id int primary key)")
	sql(t, s, "insert into t values (7)")
	sql(t, s, "set cluster setting cluster.organization = 'us'")
	b, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	back := New(version.MustParse("v24.1.6"), s.pages, time.Hour)
	if err := back.Restore(b); err != nil {
		t.Fatal(err)
	}
	again, _ := back.Snapshot()
	if string(again) != string(b) || sql(t, back, "select id from t") != "7" {
		t.Errorf("%s\nbecame\n%s", b, again)
	}
}
