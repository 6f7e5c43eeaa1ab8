package e2e

import (
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// TestThreeNodesOnTwoAgents: the plan goes as far as it can, waits, and says why with numbers.
func TestThreeNodesOnTwoAgents(t *testing.T) {
	t.Parallel()
	m := machines(t, 2)
	s := install(t, m)
	s.start(t)
	s.shows(t, "cockroachdb-2:[node-join]", wire.StatusPrepared, "waits for an offer: .*2 agents.*2.*placement")
	plan, err := s.plan(t, "deploy")
	if err != nil || plan.Status != wire.StatusInProgress {
		t.Errorf("the plan is %s (%v), want IN_PROGRESS", plan.Status, err)
	}
	s.shows(t, "metrics-0:[server]", wire.StatusPending, `waits for cockroachdb-2:\[node-join\]`)
	if status := s.ask(t, "pod", "status"); strings.Count(status, "(RUNNING)") != 2 {
		t.Errorf("pod status does not show two nodes running:\n%s", status)
	}
}
