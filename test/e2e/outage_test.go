package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// TestOutages are losses of more than the database survives, one after the other on the same cluster.
func TestOutages(t *testing.T) {
	t.Parallel()
	m := machines(t, 3)
	s := install(t, m, "NODE_KILL_GRACE=10s", "READINESS_CHECK_TIMEOUT=1s")
	before := deployed(t, m, s)
	write(t, nodes(t, s)[0], "kept", "before the outages")
	t.Run("every process of every task dies", func(t *testing.T) { everythingDies(t, m, s) })
	t.Run("a forced restart without a quorum", func(t *testing.T) { restartsWithoutQuorum(t, m, s) })
	now := look(t, m)
	if !slices.Equal(now.volumes, before.volumes) {
		t.Errorf("volumes %v, and before %v", now.volumes, before.volumes)
	}
	now.oneCluster(t, before)
}

// everythingDies: the nodes come back without waiting for each other. One alone would never be ready, so the plan that let
// only one go first would wait for ever.
func everythingDies(t *testing.T, m *mesos, s *service) {
	before := look(t, m)
	var all []int
	for _, pid := range everyProcess() {
		folder, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
		if err == nil && strings.HasPrefix(folder, m.WorkDir) {
			all = append(all, pid)
		}
	}
	if len(all) < 2*len(before.processes)+1 {
		t.Fatalf("%d processes in the sandboxes, want three helpers, three databases and the metrics at least", len(all))
	}
	for _, pid := range all {
		_ = syscall.Kill(pid, syscall.SIGKILL) // some end with others
	}
	for _, task := range []string{node0, node1, node2, metrics} {
		s.anew(t, m, task, before.tasks[task])
	}
	for _, ip := range nodes(t, s) {
		read(t, ip, "kept", "before the outages")
	}
	if status := s.ask(t, "pod", "status"); strings.Count(status, "(RUNNING)") != 4 {
		t.Errorf("pod status:\n%s", status)
	}
}

// restartsWithoutQuorum: a node that cannot hand its data over drains for ever; its grace ends that.
func restartsWithoutQuorum(t *testing.T, m *mesos, s *service) {
	before, ips := look(t, m), nodes(t, s)
	signal := func(kind syscall.Signal) {
		for _, ip := range ips[1:] {
			if err := syscall.Kill(before.processes[ip], kind); err != nil {
				t.Fatal(err)
			}
		}
	}
	signal(syscall.SIGSTOP)
	defer signal(syscall.SIGCONT) // or the agents could not stop them
	eventually(t, s.process, "the scheduler hears that two nodes stand still", func() error {
		page := fetch(t, fmt.Sprintf("http://127.0.0.1:%d/v1/metrics/prometheus", s.port))
		if want := `pods_ready{pod_type="cockroachdb"} 1`; !strings.Contains(page, want) {
			return fmt.Errorf("the metrics lack %q", want)
		}
		return nil
	})
	got := s.order(t, "cockroachdb-0", node0, "pod", "restart", "cockroachdb-0")
	matches(t, "pod restart", got.stdout, "noted, held back")
	eventually(t, s.process, "why names the nodes that stand still", func() error {
		if why := s.ask(t, "why"); !strings.Contains(why, "held back: cockroachdb-1-node-join is not ready") {
			return fmt.Errorf("why:\n%s", why)
		}
		return nil
	})
	if now := m.alive(t); !same(now, before.tasks) {
		t.Errorf("tasks %v, and before %v", now, before.tasks)
	}
	began := time.Now()
	s.order(t, "cockroachdb-0", node0, "pod", "restart", "cockroachdb-0", "--force")
	eventually(t, s.process, "a database that was launched anew", func() error {
		if now := m.databases()[ips[0]]; now == 0 || now == before.processes[ips[0]] {
			return fmt.Errorf("%s has process %d", ips[0], now)
		}
		return nil
	})
	t.Logf("the node was launched anew after %s", time.Since(began).Round(time.Millisecond))
	drained := ""
	for _, file := range m.files(t, taskOutput) {
		drained += helperLines(file)
	}
	matches(t, "the helper", drained, "SIGTERM: asking the database to drain")
	signal(syscall.SIGCONT)
	s.reaches(t, "recovery", wire.StatusComplete)
	s.reaches(t, "deploy", wire.StatusComplete)
	now := look(t, m)
	others(t, before, now, node0)
	for _, ip := range ips {
		read(t, ip, "kept", "before the outages")
	}
}

// TestAFullDiskInAnUpdate: a node was stopped, and its end cannot be stored. The scheduler ends before it does more, the
// other node serves on, and with space the successor finishes what was begun.
func TestAFullDiskInAnUpdate(t *testing.T) {
	t.Parallel()
	var stops guarded
	m := machines(t, 2, impatient, stops.observe)
	s := install(t, m, "NODE_COUNT=2", "DATABASE_PROBES=off", helperFromFile())
	full := disk(t, s)
	before := deployed(t, m, s)
	write(t, m.ips[0], "kept", "before the update")
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	s.set("NODE_MEM=2500")
	started := make(chan struct{})
	fill := func(string) {
		<-started
		full.fill(t)
	}
	stops.heard.Store(&fill)
	s.start(t)
	close(started)
	if code := s.code(t); code != exitStore {
		t.Errorf("exit code %d, want %d", code, exitStore)
	}
	stops.heard.Store(nil)
	if err := s.said.lacks("stopping a task", "write the state: ", full.cause); err != nil {
		t.Errorf("%v:\n%s", err, s.said)
	}
	eventually(t, nil, "the first node ended", func() error {
		if left := m.databases(); len(left) != 1 || left[m.ips[1]] != before.processes[m.ips[1]] {
			return fmt.Errorf("databases %v, and before %v", left, before.processes)
		}
		return nil
	})
	launches(t, m, map[string]int{node0: 1, node1: 1, metrics: 1})
	full.free(t)
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	now := look(t, m)
	if !slices.Equal(now.volumes, before.volumes) {
		t.Errorf("volumes %v, and before %v", now.volumes, before.volumes)
	}
	now.oneCluster(t, before)
	launches(t, m, map[string]int{node0: 2, node1: 2, metrics: 1})
	for _, ip := range m.ips {
		read(t, ip, "kept", "before the update")
	}
}
