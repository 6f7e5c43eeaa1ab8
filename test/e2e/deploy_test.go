package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// TestThreeNodes is the life of a healthy service: deployed, asked, its scheduler stopped and started, its nodes killed.
// The parts follow one another on the same cluster.
func TestThreeNodes(t *testing.T) {
	t.Parallel()
	m := machines(t, 3)
	s := install(t, m)
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)

	t.Run("the plug-in answers", func(t *testing.T) { answers(t, m, s) })
	t.Run("a row written on one node is read on another", func(t *testing.T) {
		nodes := nodes(t, s)
		write(t, nodes[0], "first", "written on node 0")
		read(t, nodes[2], "first", "written on node 0")
	})
	t.Run("a second scheduler is refused", func(t *testing.T) { refusesSecond(t, s) })
	t.Run("stop and start", func(t *testing.T) { stopsAndGoesOn(t, m, s) })
	t.Run("a killed node comes back", func(t *testing.T) { killOne(t, m, s) })
	t.Run("a full outage heals", func(t *testing.T) { killAll(t, m, s) })
}

// nodes are the addresses of the nodes in their order, from the endpoint pg.
func nodes(t *testing.T, s *service) []string {
	t.Helper()
	var endpoint wire.Endpoint
	if err := json.Unmarshal([]byte(s.ask(t, "endpoints", "pg")), &endpoint); err != nil {
		t.Fatal(err)
	}
	var ips []string
	for _, at := range endpoint.Address {
		ips = append(ips, strings.TrimSuffix(at, ":26257"))
	}
	return ips
}

func answers(t *testing.T, m *mesos, s *service) {
	ips := nodes(t, s)
	if sorted := slices.Sorted(slices.Values(ips)); !slices.Equal(sorted, m.ips) {
		t.Errorf("endpoints pg: nodes on %v, want one on each of %v", ips, m.ips)
	}
	tasks := m.alive(t)
	want := `deploy (serial strategy) (COMPLETE)
├─ node-deploy (serial strategy) (COMPLETE)
│  ├─ cockroachdb-0:[node-init] (COMPLETE)
│  ├─ cockroachdb-1:[node-join] (COMPLETE)
│  └─ cockroachdb-2:[node-join] (COMPLETE)
└─ metrics-deploy (serial strategy) (COMPLETE)
   └─ metrics-0:[server] (COMPLETE)
`
	if got := s.ask(t, "plan", "status", "deploy"); got != want {
		t.Errorf("plan status deploy:\n%s\nwant\n%s", got, want)
	}
	var pods []string
	if err := json.Unmarshal([]byte(s.ask(t, "pod", "list")), &pods); err != nil {
		t.Fatal(err)
	}
	if want := []string{"cockroachdb-0", "cockroachdb-1", "cockroachdb-2", "metrics-0"}; !slices.Equal(pods, want) {
		t.Errorf("pod list: %v, want %v", pods, want)
	}
	status := s.ask(t, "pod", "status")
	for _, task := range []string{"cockroachdb-0-node-init", "cockroachdb-1-node-join", "cockroachdb-2-node-join", "metrics-0-server"} {
		if !strings.Contains(status, task+" (RUNNING)") {
			t.Errorf("pod status does not show %s running:\n%s", task, status)
		}
	}
	if info := s.ask(t, "pod", "info", "cockroachdb-0"); !strings.Contains(info, tasks["cockroachdb-0-node-init"]) {
		t.Errorf("pod info does not name the task %s:\n%s", tasks["cockroachdb-0-node-init"], info)
	}
	if got, want := s.frameworkID(t), m.framework(t).ID; got != want {
		t.Errorf("debug state framework_id: %q, and the master says %q", got, want)
	}
	if id := s.only(t, "debug", "config", "target_id"); !strings.Contains(s.ask(t, "debug", "config", "list"), id) {
		t.Errorf("debug config target_id: %s is not among the configurations", id)
	}
	version := s.ask(t, "version")
	for _, want := range []string{release, "v24.1.6"} {
		if !strings.Contains(version, want) {
			t.Errorf("version does not show %s:\n%s", want, version)
		}
	}
}
