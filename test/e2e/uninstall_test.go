package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// uninstallAgain is what DC/OS sets; any value means the same.
const uninstallAgain = "SDK_UNINSTALL=w00t"

// shortGrace is for databases that all go down at once: without a majority their draining comes to no end by itself.
const shortGrace = "NODE_KILL_GRACE=10s"

// status is how the API answers a request, as DC/OS sees it.
func (s *service) status(t *testing.T, path string) int {
	t.Helper()
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d%s", s.port, path))
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// isGone holds the cluster to what must be left of a service: nothing.
func (s *service) isGone(t *testing.T, m *mesos) {
	t.Helper()
	eventually(t, s.process, "nothing is left", func() error {
		state := m.Server().State()
		if len(state.Frameworks) > 0 {
			return fmt.Errorf("framework %s is registered", state.Frameworks[0].ID)
		}
		for _, agent := range state.Agents {
			for _, resource := range agent.Total {
				if id := resourceID(resource); id != "" && agent.Connection == "up" {
					return fmt.Errorf("agent %s keeps %s", agent.Spec.IP, &resource)
				}
			}
		}
		if processes := m.databases(); len(processes) > 0 {
			return fmt.Errorf("databases run: %v", processes)
		}
		return nil
	})
}

// emptied says what a service's store still holds.
func (s *service) emptied(t *testing.T) {
	t.Helper()
	values, err := store.Read(t.Context(), s.env["STATE_STORE"], "dcos-service-cockroachdb")
	if err != nil || len(values) > 0 {
		t.Errorf("the store holds %d values (%v): %v", len(values), err, values)
	}
}

// TestAnUninstallation: the scheduler is killed at every step of it, between any two of them nobody can run the service again,
// and in the end nothing is left, and DC/OS is told so.
func TestAnUninstallation(t *testing.T) {
	t.Parallel()
	keeper := zktest.Start(t, zktest.WithTick(time.Second))
	m, trap := machines(t, 3, impatient), newSnare()
	kept := trap.tapStore(t, keeper.Address())
	s := install(t, m, helperFromFile(), hasty(t), shortGrace, "DATABASE_PROBES=off", "STATE_STORE=zk://"+kept+"/uninstall", "MESOS_MASTER="+trap.tapMaster(t, m))
	deployed(t, m, s)
	id := s.frameworkID(t)
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	// The setting is wrong besides, which is no hindrance.
	s.set(uninstallAgain, "NODE_COUNT=none")
	begins := func(c change) bool { return strings.Contains(c.raw, "/left/") && strings.Contains(c.raw, `{"since":`) }
	wipes := func(c change) bool { return strings.Contains(c.raw, "/framework-id") }
	tears := func(call *scheduler.Call, _ map[string]stored) bool { return call.Type == scheduler.Call_TEARDOWN }
	trap.springs(t, s, point{name: "before the removal is stored", write: begins})
	trap.springs(t, s, point{name: "after it is stored", write: begins, after: true})
	s.refusesToRun(t)
	for _, at := range []point{
		{name: "after the first KILL", call: func(call *scheduler.Call, _ map[string]stored) bool { return call.Type == scheduler.Call_KILL }, after: true},
		{name: "before a DESTROY", call: destroys},
		{name: "after a DESTROY", call: destroys, after: true},
		{name: "before TEARDOWN", call: tears},
		{name: "after TEARDOWN", call: tears, after: true},
	} {
		trap.springs(t, s, at)
	}
	s.refusesToRun(t)
	trap.springs(t, s, point{name: "before the store is emptied", write: wipes})
	trap.springs(t, s, point{name: "after the store is emptied", write: wipes, after: true})
	trap.disarm()
	s.emptied(t)
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	for path, want := range map[string]int{"/v1/plans/deploy": 200, "/v1/state/frameworkId": 404, "/v1/health": 200} {
		if got := s.status(t, path); got != want {
			t.Errorf("%s answers %d, want %d", path, got, want)
		}
	}
	s.isGone(t, m)
	if state := m.Server().State(); len(state.Completed) != 1 || state.Completed[0].ID != id {
		t.Errorf("%d frameworks were removed, want %s", len(state.Completed), id)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
}

// refusesToRun starts the scheduler as if the service were to stay.
func (s *service) refusesToRun(t *testing.T) {
	t.Helper()
	value, count := s.env["SDK_UNINSTALL"], s.env["NODE_COUNT"]
	delete(s.env, "SDK_UNINSTALL")
	s.env["NODE_COUNT"] = "3"
	s.start(t)
	if code := s.code(t); code != 11 {
		t.Errorf("exit code %d, want 11", code)
	}
	if err := s.said.lacks("the removal of this service began at ", "set SDK_UNINSTALL=true so that the removal is finished"); err != nil {
		t.Errorf("%v:\n%s", err, s.said)
	}
	s.env["SDK_UNINSTALL"], s.env["NODE_COUNT"] = value, count
}

// TestALostAgentIsSkipped: the plan and `why` name it with the one command that leaves it behind; without it the removal waits.
// Afterwards the same name can be installed anew.
func TestALostAgentIsSkipped(t *testing.T) {
	t.Parallel()
	m := machines(t, 2, impatient)
	s := install(t, m, helperFromFile(), shortGrace, "NODE_COUNT=2", "DATABASE_PROBES=off")
	deployed(t, m, s)
	s.stop(t)
	if err := m.AgentDown(1); err != nil {
		t.Fatal(err)
	}
	s.set(uninstallAgain)
	s.start(t)
	host := m.ips[1]
	command := "plan force-complete deploy unreserve-resources-" + host
	eventually(t, s.process, "only the lost agent is waited for", func() error {
		plan, err := s.plan(t, "deploy")
		if err != nil {
			return err
		}
		for _, phase := range plan.Phases {
			waits := phase.Name == "unreserve-resources-"+host || phase.Name == "deregister-service" || phase.Name == "kill-tasks"
			if (phase.Status == wire.StatusComplete) == waits {
				return fmt.Errorf("phase %s is %s", phase.Name, phase.Status)
			}
		}
		if why := s.ask(t, "why"); !strings.Contains(why, command) {
			return fmt.Errorf("why says\n%s", why)
		}
		return nil
	})
	if got := s.status(t, "/v1/plans/deploy"); got != 202 {
		t.Errorf("the plan answers %d, want 202", got)
	}
	if got := s.cli(t, "pod", "restart", "cockroachdb-0"); got.code == 0 || !strings.Contains(got.stderr, "being uninstalled") {
		t.Errorf("pod restart: exit code %d, %s", got.code, got.stderr)
	}
	always(t, 2*time.Second, "the framework stays", func() error {
		if n := len(m.Server().State().Frameworks); n != 1 {
			return fmt.Errorf("%d frameworks", n)
		}
		return nil
	})
	s.ask(t, strings.Fields(command)...)
	s.reaches(t, "deploy", wire.StatusComplete)
	s.isGone(t, m)
	s.emptied(t)
	s.stop(t)
	delete(s.env, "SDK_UNINSTALL")
	s.set("NODE_COUNT=1")
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
}

// TestNothingToUninstall: a service that was never there is removed at once, and no master is called.
func TestNothingToUninstall(t *testing.T) {
	t.Parallel()
	master := hangUp(t)
	s := describe(t, "http://"+master.Addr().String(), uninstallAgain)
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	always(t, time.Second, "it answers 200", func() error {
		if got := s.status(t, "/v1/plans/deploy"); got != 200 || !s.running() {
			return fmt.Errorf("it answers %d", got)
		}
		return nil
	})
	if rings := master.rings.Load(); rings != 0 {
		t.Errorf("the master was called %d times", rings)
	}
}
