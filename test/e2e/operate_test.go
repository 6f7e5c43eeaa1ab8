package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// TestOperations is what people do to a running service, one thing after the other on the same cluster, with an agent to
// spare. The database is asked nothing here; see TestARollingChangeAsksTheDatabase.
func TestOperations(t *testing.T) {
	t.Parallel()
	m := machines(t, 4, impatient)
	s := install(t, m, hasty(t), "DATABASE_PROBES=off", "NODE_KILL_GRACE=10s", "READINESS_CHECK_TIMEOUT=2s")
	deployed(t, m, s)
	write(t, nodes(t, s)[0], "kept", "before all that")
	for _, part := range []struct {
		name string
		run  func(*testing.T, *mesos, *service)
	}{
		{"a restart is in place", restartsInPlace},
		{"a replaced node gets its data from the others", replacesOne},
		{"node 0 is replaced, and joins", replacesFirst},
		{"a paused pod idles, and holds others back", pauses},
		{"a node on a dead agent is replaced", replacesDead},
		{"what happened is told", tells},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(t, m, s) }) {
			return // what follows needs what was
		}
	}
}

// anew waits until a task runs under another id than before and all plans are complete.
func (s *service) anew(t *testing.T, m *mesos, task, before string) {
	t.Helper()
	eventually(t, s.process, task+" launched anew", func() error {
		if now := m.alive(t)[task]; now == before || now == "" {
			return fmt.Errorf("it is %q, and was %q", now, before)
		}
		return nil
	})
	s.reaches(t, "recovery", wire.StatusComplete)
	s.reaches(t, "deploy", wire.StatusComplete)
}

// order has something done to a pod, which has to be taken, and returns what the plug-in printed.
func (s *service) order(t *testing.T, pod, task string, words ...string) answer {
	t.Helper()
	got := s.cli(t, words...)
	var taken wire.PodCommand
	if err := json.Unmarshal([]byte(got.stdout), &taken); err != nil || got.code != 0 || taken.Pod != pod || !slices.Equal(taken.Tasks, []string{task}) {
		t.Fatalf("%s: exit code %d, %v\n%s%s", strings.Join(words, " "), got.code, err, got.stdout, got.stderr)
	}
	return got
}

// others holds all tasks but one to what they were.
func others(t *testing.T, before, now scene, task string) {
	t.Helper()
	for name, id := range before.tasks {
		if name != task && now.tasks[name] != id {
			t.Errorf("%s is %s now, and was %s", name, now.tasks[name], id)
		}
	}
}

func restartsInPlace(t *testing.T, m *mesos, s *service) {
	before, ips := look(t, m), nodes(t, s)
	s.order(t, "cockroachdb-1", node1, "pod", "restart", "cockroachdb-1")
	s.anew(t, m, node1, before.tasks[node1])
	now := look(t, m)
	others(t, before, now, node1)
	if !slices.Equal(now.volumes, before.volumes) {
		t.Errorf("volumes %v, and before %v", now.volumes, before.volumes)
	}
	if now := nodes(t, s); !slices.Equal(now, ips) {
		t.Errorf("nodes at %v, and before at %v", now, ips)
	}
	if plan := s.ask(t, "plan", "status", "recovery"); !strings.Contains(plan, "cockroachdb-1:[node-join] (COMPLETE)") {
		t.Errorf("plan status recovery does not show the restart:\n%s", plan)
	}
	now.oneCluster(t, before)
	read(t, ips[1], "kept", "before all that")
}

func tells(t *testing.T, m *mesos, s *service) {
	if why := s.ask(t, "why"); why != "Nothing is waiting.\n" {
		t.Errorf("why:\n%s", why)
	}
	var all wire.Events
	if err := json.Unmarshal([]byte(s.ask(t, "events", "--json", "-n", "1000")), &all); err != nil {
		t.Fatal(err)
	}
	asked := map[string]int{}
	for i, event := range all.Events {
		if i > 0 && event.Seq != all.Events[i-1].Seq+1 {
			t.Errorf("event %d follows event %d", event.Seq, all.Events[i-1].Seq)
		}
		if event.Message != "a person asks for a pod" {
			continue
		}
		for _, fact := range event.Facts {
			if fact.Name == "verb" {
				asked[fact.Value]++
			}
		}
	}
	if want := map[string]int{"restart": 3, "replace": 3, "pause": 1, "resume": 1}; !same(asked, want) {
		t.Errorf("events tell of the orders %v, want %v", asked, want)
	}
}
