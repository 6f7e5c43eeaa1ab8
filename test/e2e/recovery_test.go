package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

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
