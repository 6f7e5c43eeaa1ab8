package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

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
	if after := m.alive(t); !same(before, after) {
		t.Errorf("tasks %v after the start, %v before", after, before)
	}
	if after := m.databases(); !same(databases, after) {
		t.Errorf("processes %v after the start, %v before", after, databases)
	}
}
