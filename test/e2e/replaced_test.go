package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func replacesOne(t *testing.T, m *mesos, s *service) {
	replaces(t, m, s, 2, node2, 3)
}

func replacesFirst(t *testing.T, m *mesos, s *service) {
	replaces(t, m, s, 0, node0, 1)
}

// replaces has a running node replaced, which has this id in the database.
func replaces(t *testing.T, m *mesos, s *service, index int, task string, id int) {
	t.Helper()
	copied(t, m)
	before, pod := look(t, m), fmt.Sprintf("cockroachdb-%d", index)
	old := volumeAt(t, m, before, nodes(t, s)[index])
	got := s.order(t, pod, task, "pod", "replace", pod)
	if !strings.Contains(got.stderr, "starts with an empty volume; its old one will be destroyed") {
		t.Errorf("the plug-in does not warn:\n%s", got.stderr)
	}
	s.anew(t, m, task, before.tasks[task])
	s.reservedForPods(t, m)
	now, at := look(t, m), nodes(t, s)[index]
	others(t, before, now, task)
	if len(now.volumes) != 3 || slices.Contains(now.volumes, old) {
		t.Errorf("volumes %v, want three without %s", now.volumes, old)
	}
	now.oneCluster(t, before)
	forgets(t, at, id)
	copied(t, m)
	read(t, at, "kept", "before all that")
}

// forgets has a person tell the database that a node is gone for good. Until then it counts the node, and wants five copies of
// what it needs for itself once it counts five nodes (the allocator's GetNeededReplicas).
func forgets(t *testing.T, ip string, id int) {
	t.Helper()
	if got := output(t, exec.CommandContext(t.Context(), filepath.Join(programs, "cockroach"), "node", "decommission", fmt.Sprint(id),
		"--insecure", "--host="+ip+":26257", "--wait=none")); got.code != 0 {
		t.Fatalf("decommission node %d: exit code %d\n%s%s", id, got.code, got.stdout, got.stderr)
	}
}

// volumeAt is the folder of the volume on the agent at an address.
func volumeAt(t *testing.T, m *mesos, now scene, ip string) string {
	t.Helper()
	folder := filepath.Join(m.WorkDir, fmt.Sprintf("agent-%d", slices.Index(m.ips, ip)+1)) + "/"
	for _, volume := range now.volumes {
		if strings.HasPrefix(volume, folder) {
			return volume
		}
	}
	t.Fatalf("no volume at %s among %v", ip, now.volumes)
	return ""
}

// replacesDead: the machine of node 2 is gone; it comes back when the node runs elsewhere.
func replacesDead(t *testing.T, m *mesos, s *service) {
	copied(t, m)
	before, ips := look(t, m), nodes(t, s)
	dead := slices.Index(m.ips, ips[2])
	old := volumeAt(t, m, before, ips[2])
	if err := m.AgentReboot(dead); err != nil {
		t.Fatal(err)
	}
	eventually(t, s.process, "why tells of the agent", func() error {
		if why := s.ask(t, "why"); !strings.Contains(why, ips[2]) {
			return fmt.Errorf("why:\n%s", why)
		}
		return nil
	})
	s.order(t, "cockroachdb-2", node2, "pod", "replace", "cockroachdb-2")
	s.anew(t, m, node2, before.tasks[node2])
	if now := nodes(t, s); now[2] == ips[2] || !slices.Equal(now[:2], ips[:2]) {
		t.Errorf("nodes at %v, and before at %v", now, ips)
	}
	others(t, before, look(t, m), node2)
	forgets(t, nodes(t, s)[0], 4)
	copied(t, m)
	read(t, nodes(t, s)[2], "kept", "before all that")
	if err := m.AgentReturn(dead); err != nil {
		t.Fatal(err)
	}
	// What the master remembers of the agent is told again, ended, and cleaned up.
	eventually(t, s.process, "the old volume is gone", func() error {
		if found := m.files(t, volumes); len(found) != 3 || slices.Contains(found, old) {
			return fmt.Errorf("volumes %v, want three without %s", found, old)
		}
		return nil
	})
	s.reservedForPods(t, m)
	now := look(t, m)
	if len(now.processes) != 3 || now.processes[ips[2]] != 0 {
		t.Errorf("databases %v, want three, and none at %s", now.processes, ips[2])
	}
	now.oneCluster(t, before)
}
