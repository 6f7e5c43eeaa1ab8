package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// TestARollingChangeAsksTheDatabase: a node was replaced, and its copies are still lacking, when a change wants to take the
// first node down. It waits until the database says that they are made, then goes from node to node, each behind that word,
// and stops between two of them while a person has paused it.
func TestARollingChangeAsksTheDatabase(t *testing.T) {
	t.Parallel()
	var stops guarded
	m := machines(t, 3, impatient, stops.observe)
	// The database waits for the replaced node until it is told that it is gone, as a real one would for five minutes. Nobody tells
	// it: with nobody asked, the scheduler does not know the number of the node that is replaced.
	s := install(t, m, hasty(t, "STANDIN_STORE_DEAD=10m"), "DATABASE_PROBES=off")
	before := deployed(t, m, s)
	write(t, nodes(t, s)[0], "kept", "before the change")
	copied(t, m)
	// With force, because the gate would wait here as well, for the word after the deployment.
	s.order(t, "cockroachdb-2", node2, "pod", "replace", "cockroachdb-2", "--force")
	s.anew(t, m, node2, before.tasks[node2])
	before = look(t, m)
	stops.watch(m)

	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	s.set("NODE_MEM=2500", "DATABASE_PROBES=required")
	s.start(t)
	s.shows(t, first, wire.StatusPending, `held back by the database: .*cockroachdb-2-node-join has just become ready.*not before \d\d:\d\d:\d\d UTC`)
	s.shows(t, first, wire.StatusPending, `held back by the database: .*\d+ ranges lack a copy`)
	if now := m.alive(t); !same(now, before.tasks) {
		t.Errorf("tasks %v while copies are lacking, and before %v", now, before.tasks)
	}
	matches(t, "why", s.ask(t, "why"), `ranges lack a copy`)
	forgets(t, m.ips[0], 3)

	// Between node 0 and node 1 the rollout stops for as long as a person wants.
	eventually(t, s.process, "node 0 is launched anew", func() error {
		if now := m.alive(t)[node0]; now == "" || now == before.tasks[node0] {
			return fmt.Errorf("node 0 is %q", now)
		}
		return nil
	})
	if said := s.ask(t, "update", "pause"); said != "\"deploy\" plan has been paused.\n" {
		t.Errorf("update pause: %q", said)
	}
	s.shows(t, first, wire.StatusComplete, "")
	s.shows(t, second, wire.StatusPending, ".*paused by hand")
	if got := s.cli(t, "update", "pause"); got.code == 0 || !strings.Contains(got.stderr, "already") {
		t.Errorf("update pause again: exit code %d\n%s", got.code, got.stderr)
	}
	matches(t, "why", s.ask(t, "why"), "paused by hand")
	s.kill() // the pause outlives the scheduler
	s.start(t)
	s.shows(t, second, wire.StatusPending, ".*paused by hand")
	always(t, 2*time.Second, "node 1 is left alone", func() error {
		if now := m.alive(t)[node1]; now != before.tasks[node1] {
			return fmt.Errorf("node 1 is %s", now)
		}
		return nil
	})
	if said := s.ask(t, "plan", "continue", "deploy"); said != "\"deploy\" plan has been resumed.\n" {
		t.Errorf("plan continue deploy: %q", said)
	}
	s.shows(t, second, wire.StatusComplete, "")
	s.reaches(t, "deploy", wire.StatusComplete)

	now := look(t, m)
	if !slices.Equal(now.volumes, before.volumes) {
		t.Errorf("volumes %v, and before %v", now.volumes, before.volumes)
	}
	now.oneCluster(t, before)
	for name, id := range now.tasks {
		if (id == before.tasks[name]) != (name == metrics) {
			t.Errorf("%s is %s now, and was %s", name, id, before.tasks[name])
		}
	}
	if got, want := stops.seen(), []string{before.tasks[node0], before.tasks[node1], before.tasks[node2]}; !slices.Equal(got, want) {
		t.Errorf("stopped were %v, want %v", got, want)
	}
	for _, fault := range stops.faults() {
		t.Error(fault)
	}
	for _, ip := range m.ips {
		read(t, ip, "kept", "before the change")
	}
}

// guarded are the stops of nodes, each held to what the database says at that moment.
type guarded struct {
	heard atomic.Pointer[func(string)]
	list  journal
	wrong journal
}

// observe lets it hear a master.
func (g *guarded) observe(c *httpshell.Cluster) {
	// Before the agent hears of it: asked afterwards, a node may be down already by the very stop.
	c.Before = func(call *scheduler.Call) {
		if heard := g.heard.Load(); heard != nil && call.Type == scheduler.Call_KILL {
			(*heard)(call.Kill.TaskID.Value)
		}
	}
}

// watch asks every node at each first KILL.
func (g *guarded) watch(m *mesos) {
	asked := func(task string) {
		if slices.Contains(g.seen(), task) {
			return // repeated
		}
		fmt.Fprintln(&g.list, task)
		for _, ip := range m.ips {
			alive, lacking, err := gauges(ip)
			if err != nil || alive != 3 || lacking != 0 {
				fmt.Fprintf(&g.wrong, "%s was stopped while %s held %v nodes for live and %v ranges for short of a copy (%v)\n", task, ip, alive, lacking, err)
			}
		}
	}
	g.heard.Store(&asked)
}

func (g *guarded) seen() []string { return strings.Fields(g.list.String()) }
func (g *guarded) faults() []string {
	return strings.FieldsFunc(g.wrong.String(), func(r rune) bool { return r == '\n' })
}
