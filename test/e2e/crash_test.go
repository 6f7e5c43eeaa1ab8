package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// seedVariable names the environment variable that repeats a run of TestKilledAtRandomMoments.
const seedVariable = "E2E_SEED"

// crashes is how many schedulers are killed in one deployment.
const crashes = 7

// moment is when a scheduler is killed: when it has said so many lines, or when so many of its calls have reached the
// master and none of their answers has left. Lines and calls are where things happen; a moment by the clock would mostly
// hit a scheduler that waits.
type moment struct {
	calls bool
	n     int32
}

func (m moment) String() string {
	if m.calls {
		return fmt.Sprintf("at call %d", m.n)
	}
	return fmt.Sprintf("at line %d", m.n)
}

// TestKilledAtRandomMoments: whatever a scheduler was doing when it was killed, its successor goes on from there. Nothing
// is launched twice, nothing is initialised twice, no volume is lost.
func TestKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv(seedVariable); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatalf("%s=%q is no number: %v", seedVariable, given, err)
		}
	}
	t.Logf("repeat with %s=%d", seedVariable, seed)
	random := rand.New(rand.NewPCG(seed, 0))

	var calls atomic.Pointer[func()]
	m := machines(t, 3, func(c *httpshell.Cluster) {
		c.Observe = func(*scheduler.Call, int) {
			if heard := calls.Load(); heard != nil {
				(*heard)()
			}
		}
	})
	s := install(t, m, helperFromFile())
	for range crashes {
		at := moment{calls: random.IntN(2) == 0, n: 1 + random.Int32N(14)}
		if !at.reached(t, s, &calls) {
			t.Logf("%s was not reached: the deployment was complete before", at)
			break
		}
		t.Logf("killed %s", at)
	}
	calls.Store(nil)
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	once(t, m, s)
}

// reached starts a scheduler and kills it at the moment; false when the plan was complete before.
func (at moment) reached(t *testing.T, s *service, calls *atomic.Pointer[func()]) bool {
	t.Helper()
	var left atomic.Int32
	left.Store(at.n)
	hit, killed := make(chan struct{}), make(chan struct{})
	count := func() {
		if left.Add(-1) == 0 {
			close(hit)
			<-killed // or the moment would be over
		}
	}
	if at.calls {
		calls.Store(&count)
		s.start(t)
	} else {
		calls.Store(nil)
		s.start(t)
		s.said.hear(count)
	}
	defer func() {
		_ = s.cmd.Process.Kill()
		close(killed)
		<-s.ended
	}()
	late := time.After(patience)
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-hit:
			return true
		case <-look.C:
			if plan, err := s.plan(t, "deploy"); err == nil && plan.Status == wire.StatusComplete {
				return false
			}
		case <-late:
			t.Fatalf("%s was not reached within %s", at, patience)
		}
	}
}

// once holds the cluster to what must have happened exactly once.
func once(t *testing.T, m *mesos, s *service) {
	t.Helper()
	id, launched := s.frameworkID(t), map[string][]string{}
	for _, framework := range m.Server().State().Frameworks {
		for _, task := range append(framework.Tasks, framework.Completed...) {
			launched[task.Info.Name] = append(launched[task.Info.Name], task.Info.TaskID.Value+" "+task.State.String())
			// A scheduler that is killed before it could store the id that the master gave it leaves a name at the master behind,
			// and nothing else: what follows is one framework.
			if framework.ID != id {
				t.Errorf("%s is of framework %s, and the scheduler is %s", task.Info.Name, framework.ID, id)
			}
		}
	}
	for _, name := range []string{"cockroachdb-0-node-init", "cockroachdb-1-node-join", "cockroachdb-2-node-join", "metrics-0-server"} {
		if len(launched[name]) != 1 {
			t.Errorf("%s was launched %d times: %v", name, len(launched[name]), launched[name])
		}
		delete(launched, name)
	}
	if len(launched) > 0 {
		t.Errorf("these tasks have no step: %v", launched)
	}
	if count := inits(t, m); count != 1 {
		t.Errorf("a cluster was initialised %d times", count)
	}
	if ids := clusters(t, m); len(ids) != 1 {
		t.Errorf("the volumes are of the clusters %v, want one", ids)
	}
	// A volume of a launch that was never made is cleaned when the agent's next offer comes.
	eventually(t, s.process, "three volumes", func() error {
		if found := m.files(t, volumes); len(found) != 3 {
			return fmt.Errorf("there are %d volumes: %v", len(found), found)
		}
		return nil
	})
	write(t, m.ips[0], "after", "the crashes")
	read(t, m.ips[2], "after", "the crashes")
}
