package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zktest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// TestAZooKeeperThatIsNotThere: the wait is bounded, and its end says what to check. No master hears of it.
func TestAZooKeeperThatIsNotThere(t *testing.T) {
	t.Parallel()
	master := hangUp(t)
	at := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	s := describe(t, "http://"+master.Addr().String(), "STATE_STORE=zk://"+at)
	s.start(t)
	if code := s.code(t); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if err := s.said.lacks("ZooKeeper at "+at+" gave no session within 30", "connection refused",
		"check that the address is right, that ZooKeeper runs and has a quorum"); err != nil {
		t.Errorf("%v:\n%s", err, s.said)
	}
	if rings := master.rings.Load(); rings != 0 {
		t.Errorf("the master was called %d times", rings)
	}
}

// TestAFullDisk: a scheduler that cannot store a launch ends before it asks for it, what was stored stays whole, and with
// space its successor goes on from there.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	m := machines(t, 2)
	s := install(t, m, "NODE_COUNT=2")
	full := disk(t, s)
	if err := m.AgentDown(1); err != nil {
		t.Fatal(err)
	}
	s.start(t)
	s.shows(t, second, wire.StatusPrepared, "waits for an offer: ")
	id, tasks := s.frameworkID(t), m.alive(t)
	full.fill(t)
	if err := m.AgentReturn(1); err != nil {
		t.Fatal(err)
	}
	if code := s.code(t); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	if err := s.said.lacks("write the state: ", full.cause, "the state as it was is kept; make sure that "+s.state+" has free space",
		"make the store writable, the next start goes on from what is stored"); err != nil {
		t.Errorf("%v:\n%s", err, s.said)
	}
	text, err := os.ReadFile(filepath.Join(s.state, "dcos-service-cockroachdb.json"))
	if err != nil || !json.Valid(text) || !strings.Contains(string(text), id) {
		t.Errorf("the state is not what it was (%v):\n%s", err, text)
	}
	if now := m.alive(t); !same(now, tasks) {
		t.Errorf("tasks %v, want those from before, %v", now, tasks)
	}
	full.free(t)
	s.start(t)
	s.reaches(t, "deploy", wire.StatusComplete)
	if now := s.frameworkID(t); now != id {
		t.Errorf("the framework is %s now, and was %s", now, id)
	}
	if now := m.alive(t); now["cockroachdb-0-node-init"] != tasks["cockroachdb-0-node-init"] {
		t.Errorf("node 0 is task %s now, and was %s", now["cockroachdb-0-node-init"], tasks["cockroachdb-0-node-init"])
	}
}

// fullDisk is the disk under a service's state.
type fullDisk struct {
	// cause is what the system says when it is full.
	cause      string
	fill, free func(t *testing.T)
}

// disk gives a service's state a small disk of its own. Where this account may not mount one, the scheduler's files are
// limited instead, which it meets at the same place with another error.
func disk(t *testing.T, s *service) fullDisk {
	t.Helper()
	if err := os.MkdirAll(s.state, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", s.state, "tmpfs", 0, "size=1m"); err != nil {
		t.Logf("no disk of its own (%v): the scheduler's files are limited instead", err)
		return fullDisk{cause: "file too large", free: func(*testing.T) {}, fill: func(t *testing.T) { limitFiles(t, s.cmd.Process.Pid) }}
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(s.state, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount the disk: %v", err)
		}
	})
	ballast := filepath.Join(s.state, "ballast")
	return fullDisk{cause: "no space left on device",
		fill: func(t *testing.T) {
			if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err == nil {
				t.Fatal("the disk took more than it holds")
			}
		},
		free: func(t *testing.T) {
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		},
	}
}

// limitFiles forbids a running process to write any byte to a file (prlimit(2), RLIMIT_FSIZE).
func limitFiles(t *testing.T, pid int) {
	t.Helper()
	none := syscall.Rlimit{}
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE,
		uintptr(unsafe.Pointer(&none)), 0, 0, 0); errno != 0 {
		t.Fatalf("limit the files of process %d: %v", pid, errno)
	}
}

// seconds is how long a take-over may take, on a machine that does a lot besides: the server ends a dead holder's session after five.
const seconds = 30 * time.Second

// TestTwoSchedulersOnZooKeeper: the second one waits and says for whom, and takes the same framework over when the first
// is gone.
func TestTwoSchedulersOnZooKeeper(t *testing.T) {
	t.Parallel()
	keeper := zktest.Start(t, zktest.WithTick(250*time.Millisecond))
	var subscribed atomic.Int32
	m := machines(t, 1, func(c *httpshell.Cluster) {
		c.Observe = func(call *scheduler.Call, _ int) {
			if call.Type == scheduler.Call_SUBSCRIBE {
				subscribed.Add(1)
			}
		}
	})
	leads := install(t, m, oneNode, helperFromFile(), "STATE_STORE="+keeper.URL(""))
	leads.start(t)
	leads.shows(t, first, wire.StatusStarted, "runs on ")
	id := leads.frameworkID(t)

	waits := leads.beside(t)
	waits.start(t)
	waits.hears(t, "another scheduler of this service leads, waiting", fmt.Sprintf("process %d", leads.cmd.Process.Pid))
	if got := waits.cli(t, "plan", "status", "deploy"); got.code == 0 {
		t.Errorf("the one that waits answers:\n%s", got.stdout)
	}
	// For longer than a session, in which it would lead if the lock were free.
	always(t, 7*time.Second, "the one that waits calls nobody", func() error {
		if calls := subscribed.Load(); calls != 1 {
			return fmt.Errorf("%d schedulers have subscribed", calls)
		}
		return nil
	})
	leads.kill()
	killed := time.Now()
	waits.hears(t, "this scheduler holds the leader lock")
	locked := time.Since(killed)
	waits.hears(t, "msg=reconciled")
	took := time.Since(killed)
	t.Logf("after SIGKILL of the first the second led after %s, and had subscribed and reconciled after %s",
		locked.Round(time.Millisecond), took.Round(time.Millisecond))
	if took > seconds {
		t.Errorf("the take-over took %s", took)
	}
	waits.reaches(t, "deploy", wire.StatusComplete)
	if now := waits.frameworkID(t); now != id {
		t.Errorf("the framework is %s now, and was %s", now, id)
	}
	if launched := len(m.framework(t).Tasks) + len(m.framework(t).Completed); launched != 2 {
		t.Errorf("%d tasks were launched, want a node and the metrics", launched)
	}
}
