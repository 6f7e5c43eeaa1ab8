package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
)

// Exit codes of a scheduler that may no longer act (docs/failure-modes.md): its writes fail, or it cannot prove its lock.
const (
	exitStore = 2
	exitLock  = 8
)

// TestZooKeeperStopsForLongerThanTheSession: the scheduler ends itself before anybody else could lead, takes no order
// meanwhile, and its nodes do not notice. A successor that is started too early waits, and goes on with the same tasks.
func TestZooKeeperStopsForLongerThanTheSession(t *testing.T) {
	t.Parallel()
	keeper := zktest.Start(t, zktest.WithTick(250*time.Millisecond))
	m := machines(t, 1)
	s := install(t, m, oneNode, helperFromFile(), "DATABASE_PROBES=off", "STATE_STORE="+keeper.URL(""))
	before := deployed(t, m, s)
	id := s.frameworkID(t)

	for _, test := range []struct {
		name string
		code []int
		do   func(*testing.T)
	}{
		{"while nothing happens", []int{exitLock}, func(*testing.T) {}},
		{"while an order is to be stored", []int{exitLock, exitStore}, func(t *testing.T) {
			if got := s.cli(t, "pod", "restart", "cockroachdb-0"); got.code == 0 {
				t.Errorf("an order was taken that could not be stored:\n%s", got.stdout)
			}
		}},
	} {
		// One after the other: each needs the successor of the one before.
		t.Run(test.name, func(t *testing.T) {
			keeper.Kill()
			stopped := time.Now()
			test.do(t)
			code := s.code(t)
			t.Logf("it ended %s after ZooKeeper, with exit code %d", time.Since(stopped).Round(time.Millisecond), code)
			if code != test.code[0] && code != test.code[len(test.code)-1] {
				t.Errorf("exit code %d, want one of %v:\n%s", code, test.code, last(s.said.String(), 3))
			}
			if took := time.Since(stopped); took > seconds {
				t.Errorf("it went on for %s", took)
			}
			s.start(t)
			always(t, time.Second, "the successor waits", func() error {
				if !s.running() {
					return fmt.Errorf("exit code %d", s.code(t))
				}
				return nil
			})
			if now := look(t, m); !same(now.tasks, before.tasks) || !same(now.processes, before.processes) {
				t.Errorf("tasks %v and processes %v, and before %v and %v", now.tasks, now.processes, before.tasks, before.processes)
			}
			keeper.Restart()
			s.hears(t, "msg=reconciled")
			s.reaches(t, "deploy", wire.StatusComplete)
			if now := s.frameworkID(t); now != id {
				t.Errorf("the framework is %s now, and was %s", now, id)
			}
			if now := look(t, m); !same(now.tasks, before.tasks) || !same(now.processes, before.processes) {
				t.Errorf("tasks %v and processes %v, and before %v and %v", now.tasks, now.processes, before.tasks, before.processes)
			}
		})
	}
	eventually(t, s.process, "nothing is left to do", func() error {
		if why := s.ask(t, "why"); why != "Nothing is waiting.\n" {
			return fmt.Errorf("why:\n%s", why)
		}
		return nil
	})
	launches(t, m, map[string]int{node0: 1, metrics: 1})
}
