package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// refusesSecond: two schedulers on one state would act against each other.
func refusesSecond(t *testing.T, s *service) {
	other := s.beside(t)
	other.start(t)
	if code := other.code(t); code == 0 {
		t.Error("exit code 0")
	}
	holder := fmt.Sprintf("process %d holds ", s.cmd.Process.Pid)
	if err := other.said.lacks(holder, "another scheduler of this service runs on this state", "stop it, or use another folder"); err != nil {
		t.Errorf("%v:\n%s", err, other.said)
	}
}

// quick is how long a stop may take: Marathon kills after 3 s unless told otherwise.
const quick = 3 * time.Second

// stopsAndGoesOn: a scheduler that is stopped leaves its cluster alone, and its successor takes it over as it is.
func stopsAndGoesOn(t *testing.T, m *mesos, s *service) {
	id, before, databases := s.frameworkID(t), m.alive(t), m.databases()
	began := time.Now()
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	if took := time.Since(began); took > quick {
		t.Errorf("the stop took %s, want at most %s", took, quick)
	}
	if err := s.said.lacks("stopped; the cluster goes on without its scheduler"); err != nil {
		t.Error(err)
	}
	got := s.cli(t, "plan", "status", "deploy")
	if got.code == 0 || !strings.Contains(got.stderr, "try:") {
		t.Errorf("the plug-in without a scheduler: exit code %d, and\n%s", got.code, got.stderr)
	}
	read(t, m.ips[1], "first", "written on node 0")
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	s.hears(t, "msg=reconciled")
	if now := s.frameworkID(t); now != id {
		t.Errorf("the framework is %s after the start, and was %s", now, id)
	}
	if after := m.alive(t); !sameTasks(before, after) {
		t.Errorf("tasks %v after the start, %v before", after, before)
	}
	if after := m.databases(); !sameTasks(databases, after) {
		t.Errorf("processes %v after the start, %v before", after, databases)
	}
}

// killOne: the node is started again where its data is.
func killOne(t *testing.T, m *mesos, s *service) {
	ips, before := nodes(t, s), m.databases()
	disks := len(m.files(t, volumes))
	kill9(t, before[ips[1]])
	back(t, m, s, before, ips[1])
	read(t, ips[1], "first", "written on node 0")
	if plan := s.ask(t, "plan", "status", "recovery"); !strings.Contains(plan, "cockroachdb-1:[node-join] (COMPLETE)") {
		t.Errorf("plan status recovery does not show the node:\n%s", plan)
	}
	if s.ask(t, "plan", "status", "deploy"); len(m.files(t, volumes)) != disks {
		t.Errorf("there were %d volumes, and now there are %v", disks, m.files(t, volumes))
	}
}

// killAll: nodes that wait for each other would never come back.
func killAll(t *testing.T, m *mesos, s *service) {
	before := m.databases()
	kill9(t, before[m.ips[0]], before[m.ips[1]], before[m.ips[2]])
	back(t, m, s, before, m.ips...)
	for _, ip := range m.ips {
		read(t, ip, "first", "written on node 0")
	}
	write(t, m.ips[0], "second", "written after the outage")
	read(t, m.ips[2], "second", "written after the outage")
}

// back waits until new processes serve at these addresses, recovery is complete, and pod status shows all running.
func back(t *testing.T, m *mesos, s *service, before map[string]int, ips ...string) {
	t.Helper()
	eventually(t, s.process, "new processes", func() error {
		now := m.databases()
		for _, ip := range ips {
			if now[ip] == 0 || now[ip] == before[ip] {
				return fmt.Errorf("%s has process %d", ip, now[ip])
			}
		}
		return nil
	})
	s.reaches(t, "recovery", wire.StatusComplete)
	s.reaches(t, "deploy", wire.StatusComplete)
	if status := s.ask(t, "pod", "status"); strings.Count(status, "(RUNNING)") != 4 {
		t.Errorf("pod status:\n%s", status)
	}
	m.alive(t)
}

func sameTasks[V comparable](a, b map[string]V) bool {
	if len(a) != len(b) {
		return false
	}
	for name, value := range a {
		if b[name] != value {
			return false
		}
	}
	return true
}
