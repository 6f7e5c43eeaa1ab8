package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// The tasks of three nodes.
const (
	node0     = "cockroachdb-0-node-init"
	node1     = "cockroachdb-1-node-join"
	node2     = "cockroachdb-2-node-join"
	metrics   = "metrics-0-server"
	taskRuns  = "TASK_RUNNING"
	taskEnded = "TASK_KILLED"
)

// TestKilledAtNamedPoints: between every two effects of deploy, update and replace that the safety rests on, the scheduler
// is killed exactly there, and its successor goes on from what is stored.
func TestKilledAtNamedPoints(t *testing.T) {
	t.Parallel()
	// Long sessions, or a scheduler that gets no processor for a second ends itself; those of the killed are closed at once.
	keeper := zktest.Start(t, zktest.WithTick(time.Second))
	for name, story := range map[string]func(*testing.T, *mesos, *service, *snare){
		"deploy": killedInDeploy, "update": killedInUpdate, "replace": killedInReplace,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, trap := machines(t, 3, impatient), newSnare()
			store := trap.tapStore(t, keeper.Address())
			s := install(t, m, helperFromFile(), hasty(t), "DATABASE_PROBES=off", "STATE_STORE=zk://"+store+"/"+name,
				"MESOS_MASTER="+trap.tapMaster(t, m))
			story(t, m, s, trap)
			trap.clean(t)
		})
	}
}

func killedInDeploy(t *testing.T, m *mesos, s *service, trap *snare) {
	for _, at := range []point{
		{name: "before the write of the first launch", write: launchOf(node0)},
		{name: "after the write of a launch", write: launchOf(node0), after: true},
		{name: "before its ACCEPT", call: acceptOf(node0)},
		{name: "after its ACCEPT", call: acceptOf(node0), after: true},
		{name: "before it is stored that the cluster is initialised", write: initialised},
		{name: "after it is stored", write: initialised, after: true},
		{name: "before the status of the second node is stored", write: statusOf(node1, taskRuns)},
		{name: "after it is stored, before its ACKNOWLEDGE", write: statusOf(node1, taskRuns), after: true},
		{name: "after the ACCEPT of the third node", call: acceptOf(node2), after: true},
		{name: "before an ACKNOWLEDGE of the third", call: acknowledgeOf(node2, taskRuns)},
	} {
		trap.springs(t, s, at)
	}
	trap.disarm()
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	once(t, m, s)
}

func killedInUpdate(t *testing.T, m *mesos, s *service, trap *snare) {
	before := deployed(t, m, s)
	write(t, m.ips[0], "kept", "before the update")
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	s.set("NODE_MEM=2500")
	for _, at := range []point{
		{name: "before the stop is stored", write: stopOf(node0)},
		{name: "after the stop is stored", write: stopOf(node0), after: true},
		{name: "before KILL", call: killOf(node0)},
		{name: "after KILL", call: killOf(node0), after: true},
		{name: "after the end is stored, before its ACKNOWLEDGE", write: statusOf(node0, taskEnded), after: true},
		{name: "before the write of the new launch", write: launchOf(node0)},
		{name: "after the write of the new launch", write: launchOf(node0), after: true},
		{name: "before its ACCEPT", call: acceptOf(node0)},
		{name: "after its ACCEPT", call: acceptOf(node0), after: true},
		{name: "after its status is stored, before its ACKNOWLEDGE", write: statusOf(node0, taskRuns), after: true},
		{name: "after the KILL of the second node", call: killOf(node1), after: true},
	} {
		trap.springs(t, s, at)
	}
	trap.disarm()
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	now := look(t, m)
	if !slices.Equal(now.volumes, before.volumes) {
		t.Errorf("volumes %v, want those from before, %v", now.volumes, before.volumes)
	}
	now.oneCluster(t, before)
	launches(t, m, map[string]int{node0: 2, node1: 2, node2: 2, metrics: 1})
	if now.tasks[metrics] != before.tasks[metrics] {
		t.Errorf("the metrics were restarted by a change of the nodes")
	}
	for _, ip := range m.ips {
		read(t, ip, "kept", "before the update")
	}
}

func killedInReplace(t *testing.T, m *mesos, s *service, trap *snare) {
	before := deployed(t, m, s)
	write(t, m.ips[0], "kept", "before the replacement")
	copied(t, m)
	replace := func(code int) func(*testing.T) {
		return func(t *testing.T) {
			if got := s.cli(t, "pod", "replace", "cockroachdb-1"); (got.code == 0) != (code == 0) {
				t.Errorf("pod replace: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
			}
		}
	}
	trap.springs(t, s, point{name: "before the order is stored", write: orderFor(node1, "replace"), do: replace(1)})
	s.start(t)
	eventually(t, s.process, "reconciled", func() error { return s.said.lacks("msg=reconciled") })
	if now := look(t, m); !same(now.tasks, before.tasks) {
		t.Errorf("tasks %v, want those from before the order that was never taken, %v", now.tasks, before.tasks)
	}
	for _, at := range []point{
		// Order and give-up are one write where the gate is open.
		{name: "after the give-up is stored, before KILL and answer", write: giveUpOf(node1), after: true, do: replace(1)},
		{name: "after KILL", call: killOf(node1), after: true},
		{name: "after the end is stored, before its ACKNOWLEDGE", write: statusOf(node1, taskEnded), after: true},
		{name: "before DESTROY", call: destroys},
		{name: "after DESTROY, before the new launch", call: destroys, after: true},
		{name: "before the write of the new launch", write: launchOf(node1)},
		{name: "after the write of the new launch", write: launchOf(node1), after: true},
		{name: "before its ACCEPT", call: acceptOf(node1)},
		{name: "after its ACCEPT", call: acceptOf(node1), after: true},
		{name: "after its status is stored, before its ACKNOWLEDGE", write: statusOf(node1, taskRuns), after: true},
	} {
		trap.springs(t, s, at)
	}
	trap.disarm()
	s.start(t)
	s.reaches(t, "recovery", wire.StatusComplete)
	s.reaches(t, "deploy", wire.StatusComplete)
	eventually(t, s.process, "three volumes", func() error {
		if found := m.files(t, volumes); len(found) != 3 {
			return fmt.Errorf("there are %d volumes: %v", len(found), found)
		}
		return nil
	})
	now, kept := look(t, m), 0
	for _, volume := range before.volumes {
		if slices.Contains(now.volumes, volume) {
			kept++
		}
	}
	if kept != 2 {
		t.Errorf("volumes %v, want two of those from before, %v", now.volumes, before.volumes)
	}
	now.oneCluster(t, before)
	launches(t, m, map[string]int{node0: 1, node1: 2, node2: 1, metrics: 1})
	s.reservedForPods(t, m)
	copied(t, m)
	for _, ip := range m.ips {
		read(t, ip, "kept", "before the replacement")
	}
}
