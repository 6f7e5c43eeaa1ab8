package e2e

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// pauses: a paused node keeps its place and its volume, runs no database, and counts as down for the gate.
func pauses(t *testing.T, m *mesos, s *service) {
	copied(t, m)
	before, ips := look(t, m), nodes(t, s)
	s.order(t, "cockroachdb-1", node1, "debug", "pod", "pause", "cockroachdb-1")
	eventually(t, s.process, "PAUSED", func() error {
		if status := s.ask(t, "pod", "status", "cockroachdb-1"); !strings.Contains(status, node1+" (PAUSED)") {
			return fmt.Errorf("pod status:\n%s", status)
		}
		return nil
	})
	paused := look(t, m)
	others(t, before, paused, node1)
	if paused.processes[ips[1]] != 0 || len(paused.processes) != 2 {
		t.Errorf("databases %v, want none at %s", paused.processes, ips[1])
	}
	if !slices.Equal(paused.volumes, before.volumes) {
		t.Errorf("volumes %v, and before %v", paused.volumes, before.volumes)
	}
	if data := m.files(t, filepath.Join(sandboxes, "cockroach-data", "cockroachdb-node.identity.json")); len(data) == 0 {
		t.Errorf("no sandbox shows the volume")
	}

	// Another node would be the second one down.
	const held = "held back: .*cockroachdb-1"
	got := s.order(t, "cockroachdb-2", node2, "pod", "restart", "cockroachdb-2")
	matches(t, "pod restart", got.stdout+got.stderr, "noted, "+held)
	why := s.ask(t, "why")
	matches(t, "why", why, held)
	matches(t, "why", why, `asked: +restart by operator`)
	matches(t, "plan status recovery", s.ask(t, "plan", "status", "recovery"), `cockroachdb-2:\[node-join\] \(PENDING\)\n[│ ]*`+held)
	for _, question := range []string{"plans", "offers", "reservations", "task-statuses"} {
		if s.ask(t, "debug", question) == "" {
			t.Errorf("debug %s shows nothing", question)
		}
	}
	always(t, 3*time.Second, "node 2 is left alone", func() error {
		if now := m.alive(t); !same(now, paused.tasks) {
			return fmt.Errorf("tasks %v, and before %v", now, paused.tasks)
		}
		return nil
	})

	// A person who forces it has their way: without a quorum the node does not drain, and is not waited for longer than its grace.
	s.order(t, "cockroachdb-2", node2, "pod", "restart", "cockroachdb-2", "--force")
	eventually(t, s.process, "node 2 launched anew", func() error {
		if now := m.alive(t)[node2]; now == "" || now == paused.tasks[node2] {
			return fmt.Errorf("it is %q", now)
		}
		return nil
	})
	eventually(t, s.process, "node 2 serves", func() error {
		if !serves(ips[2]) {
			return fmt.Errorf("%s does not", ips[2])
		}
		return nil
	})
	matches(t, "events", s.ask(t, "events"), `(?m)^.*WARN.*a person asks for a pod.*restart.*`+node2)

	idle := m.alive(t)[node1]
	s.order(t, "cockroachdb-1", node1, "debug", "pod", "resume", "cockroachdb-1")
	s.anew(t, m, node1, idle)
	if status := s.ask(t, "pod", "status"); strings.Count(status, "(RUNNING)") != 4 {
		t.Errorf("pod status:\n%s", status)
	}
	look(t, m).oneCluster(t, before)
	read(t, ips[1], "kept", "before all that")
}
