package node

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestFirstStartInitialisesReportsAndMarks(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6", InitFails: 1})
	k.env["CRDB_INIT"] = "true"
	k.start()
	k.until("ready", func() bool { return k.ready() == nil })
	k.until("reported", func() bool { return len(k.scheduler.seen()) == 1 })
	if got, want := k.scheduler.seen()[0], (ClusterReport{ClusterID: fakeClusterID, TaskID: k.env["CRDB_TASK_ID"]}); !reflect.DeepEqual(got, want) {
		t.Errorf("reported %v, want %v", got, want)
	}
	mark, err := readIdentity(k.volume)
	if want := (identity{"cockroachdb", fakeClusterID, "V1", "cockroachdb-0-node-init"}); err != nil || mark != want {
		t.Errorf("marker %v, %v; want %v", mark, err, want)
	}
	if err := k.live(); err != nil {
		t.Error(err)
	}
	k.signals <- syscall.SIGHUP
	k.until("hangup passed on", func() bool { return k.said("fake: hangup") })
	k.signals <- syscall.SIGTERM
	k.ended(0)
	k.needSaid("`cockroach init` ended with code 1, trying again: ERROR: node not ready", "the cluster is initialised", "this node is in cluster "+fakeClusterID, "drained and stopped within")
	environ, _ := os.ReadFile(filepath.Join(k.sandbox, "fake.environ"))
	if lines := strings.Split(string(environ), "\n"); len(lines) != 2 || !slices.Contains(lines, "COCKROACH_CHANNEL=mesosphere-dcos") {
		t.Errorf("the database's environment is %q", lines)
	}
}

func TestRestartNeverInitialises(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6"})
	k.env["CRDB_INIT"] = "true"
	if err := writeIdentity(k.volume, identity{"cockroachdb", fakeClusterID, "V1", "cockroachdb-0-node-init"}); err != nil {
		t.Fatal(err)
	}
	k.start()
	k.until("waiting", k.phase(Waiting))
	// The fake has no cluster: an init would make one at once and the node ready. Give it the time of several polls.
	deadline := time.Now().Add(700 * time.Millisecond)
	k.until("time to be wrong", func() bool { return k.said("initialising a new one") || time.Now().After(deadline) })
	if k.said("initialising a new one") {
		t.Error("a store with a marker was initialised")
	}
	k.signals <- syscall.SIGTERM
	k.ended(0)
}

func TestWaitingNodeIsAliveAndNotReady(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6"})
	if err := k.live(); err != nil {
		t.Errorf("before the start: %v", err)
	}
	if err := k.ready(); err == nil {
		t.Error("ready before the start")
	}
	k.start()
	k.until("waiting", k.phase(Waiting))
	if err := k.live(); err != nil {
		t.Error(err)
	}
	if err := k.ready(); err == nil || !strings.Contains(err.Error(), "503 (node is waiting for cluster initialization)") {
		t.Errorf("ready says %v", err)
	}
}

func TestStartingNodeIsAlive(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6", SilentHTTP: true})
	k.start()
	k.until("starting", k.phase(Starting))
	if err := k.live(); err != nil {
		t.Error(err)
	}
	if k.ready() == nil {
		t.Error("ready without HTTP")
	}
}

func TestServingNodeThatNoLongerAnswersIsNotAlive(t *testing.T) {
	dir := t.TempDir()
	if err := WriteState(dir, State{Phase: Serving, HTTP: "127.0.0.1:" + freePort(t)}); err != nil {
		t.Fatal(err)
	}
	if _, err := Live(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "no more") {
		t.Errorf("live says %v", err)
	}
}

// peerServer answers as a node's HTTP port does.
func peerServer(t *testing.T, answer func(w http.ResponseWriter, path string)) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r.URL.Path) }))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func member(t *testing.T, id string) string {
	return peerServer(t, func(w http.ResponseWriter, path string) { fmt.Fprintf(w, `{"clusterId": %q}`, id) })
}

func waiting(t *testing.T) string {
	return peerServer(t, func(w http.ResponseWriter, path string) { w.WriteHeader(404) })
}

func TestPeerInAClusterPreventsInit(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6"})
	k.env["CRDB_INIT"] = "true"
	k.env["CRDB_JOIN_HTTP"] = strings.Join([]string{waiting(t), "127.0.0.1:" + freePort(t), member(t, fakeClusterID)}, ",")
	k.start()
	k.until("decided", func() bool { return k.said("joins it and does not initialise a second one") })
	if k.said("initialising a new one") {
		t.Error("initialised beside an existing cluster")
	}
	if err := os.WriteFile(filepath.Join(k.volume, "FAKE_CLUSTER"), []byte(fakeClusterID), 0o644); err != nil {
		t.Fatal(err) // the node joins
	}
	k.until("ready", func() bool { return k.ready() == nil })
}

func TestPeersWithoutAClusterDoNotPreventInit(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6"})
	k.env["CRDB_INIT"] = "true"
	k.env["CRDB_JOIN_HTTP"] = strings.Join([]string{waiting(t), "127.0.0.1:" + freePort(t), "no-such-host.invalid:80"}, ",")
	k.start()
	k.until("ready", func() bool { return k.ready() == nil })
	k.until("initialised", func() bool { return k.said("the cluster is initialised") })
}

const otherID = "99999999-2222-4333-8444-555555555555"

func TestWrongClusterIsStopped(t *testing.T) {
	for name, prepare := range map[string]func(k *task){
		"known id":        func(k *task) { k.env["CRDB_CLUSTER_ID"] = otherID },
		"a peer's id":     func(k *task) { k.env["CRDB_JOIN_HTTP"] = member(k.t, otherID) },
		"scheduler's 409": func(k *task) { k.scheduler.status = 409 },
	} {
		t.Run(name, func(t *testing.T) {
			k := newTask(t, fakeConfig{Version: "v24.1.6", Joins: fakeClusterID})
			prepare(k)
			k.start()
			k.ended(tasks.ExitIdentity)
			k.needSaid(otherID, fakeClusterID, "ERROR", "drained and stopped")
			if mark, _ := readIdentity(k.volume); name != "scheduler's 409" && mark != (identity{}) {
				t.Errorf("a wrong cluster was written to the volume: %v", mark)
			}
		})
	}
}

func TestForeignPeerIsOnlyAWarningForAKnownMember(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6", Joins: fakeClusterID})
	k.env["CRDB_CLUSTER_ID"] = fakeClusterID
	k.env["CRDB_JOIN_HTTP"] = member(t, otherID)
	if err := writeIdentity(k.volume, identity{"cockroachdb", fakeClusterID, "V1", "cockroachdb-1-node-join"}); err != nil {
		t.Fatal(err)
	}
	k.start()
	k.until("reported", func() bool { return len(k.scheduler.seen()) > 0 })
	k.needSaid("WARNING: of the join list")
}

func TestEmptyNodeIsNotStartedTowardsAForeignCluster(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6"})
	k.env["CRDB_CLUSTER_ID"] = fakeClusterID
	k.env["CRDB_JOIN_HTTP"] = member(t, otherID)
	k.start()
	k.ended(tasks.ExitIdentity)
	if k.said("running cockroach") {
		t.Error("the database was started")
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(k *task)
		code    int
		says    string
	}{
		"bad environment":   {func(k *task) { k.env["CRDB_PG_PORT"] = "x" }, tasks.ExitEnvironment, "CRDB_PG_PORT"},
		"no volume":         {func(k *task) { k.link("nowhere") }, tasks.ExitVolume, "volume/sandbox_path"},
		"other service":     {func(k *task) { _ = writeIdentity(k.volume, identity{Service: "other", ClusterID: otherID}) }, tasks.ExitIdentity, `"other"`},
		"copied volume":     {func(k *task) { _ = writeIdentity(k.volume, identity{"cockroachdb", otherID, "V0", "x"}) }, tasks.ExitIdentity, "copy of volume V0"},
		"no archive":        {func(k *task) { k.env["CRDB_ARCHIVE"] = "missing.tgz" }, tasks.ExitArchive, "not in the sandbox"},
		"wrong sum":         {func(k *task) { k.env["CRDB_SHA256"] = strings.Repeat("ab", 32) }, tasks.ExitArchive, "Nothing of it was run"},
		"other version":     {func(k *task) { k.configure(fakeConfig{Version: "v20.1.5"}) }, tasks.ExitVersion, "is v20.1.5, and this task is to run v24.1.6"},
		"disk full":         {func(k *task) { k.configure(fakeConfig{Version: "v24.1.6", ExitAtOnce: 10}) }, 10, "disk of its store is full"},
		"refused by itself": {func(k *task) { k.configure(fakeConfig{Version: "v24.1.6", ExitAtOnce: 7}) }, 7, "fatal error"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTask(t, fakeConfig{Version: "v24.1.6"})
			c.prepare(k)
			k.start()
			k.ended(c.code)
			k.needSaid(c.says)
		})
	}
}

func TestDrainThatDoesNotEndIsStoppedWithinTheGrace(t *testing.T) {
	for _, c := range []struct {
		config fakeConfig
		code   int
	}{
		{fakeConfig{Version: "v20.1.17", SecondTermKills: true, Drain: time.Hour}, 143},
		{fakeConfig{Version: "v20.1.17", Drain: time.Hour}, 137},
		{fakeConfig{Version: "v24.1.6", Drain: time.Hour}, 137},
	} {
		t.Run(fmt.Sprint(c.config.Version, c.code), func(t *testing.T) {
			t.Parallel()
			k := newTask(t, c.config)
			k.env["CRDB_KILL_GRACE"] = "10"
			k.start()
			k.until("waiting", k.phase(Waiting))
			began := time.Now()
			k.signals <- syscall.SIGTERM
			k.until("stopping", k.phase(Stopping))
			if err := k.live(); err != nil {
				t.Errorf("while draining: %v", err)
			}
			k.ended(c.code)
			if took := time.Since(began); took >= 10*time.Second {
				t.Errorf("took %s of a grace of 10 s", took)
			}
			k.needSaid("the drain did not end", "stopped hard, its drain had not ended")
		})
	}
}

func TestSignalWhileWaitingForTheName(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6"})
	k.env["CRDB_WAIT_DNS"] = "true"
	k.env["CRDB_ADVERTISE"] = "no-such-host.invalid:26257"
	k.start()
	k.until("preparing", k.phase(Preparing))
	k.signals <- syscall.SIGTERM
	k.ended(143)
}

func TestSecondStartDoesNotUnpackAgain(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6", ExitAtOnce: 1})
	k.start()
	k.ended(1)
	k.start()
	k.ended(1)
	if n := strings.Count(k.out.String(), "unpacked db.bin in"); n != 1 {
		t.Errorf("unpacked %d times", n)
	}
	k.needSaid("is unpacked already")
}

// program runs the helper as a process of its own, to be killed.
func (k *task) program() *exec.Cmd {
	k.t.Helper()
	self, _ := os.Executable()
	program := filepath.Join(k.sandbox, "cockroachdb-node")
	if err := os.Symlink(self, program); err != nil {
		k.t.Fatal(err)
	}
	helper := exec.Command(program)
	helper.Dir, helper.Env, helper.Stdout, helper.Stderr = k.sandbox, k.environ(), k.out, k.out
	helper.WaitDelay = time.Second // a database that lives on keeps the pipes
	k.t.Cleanup(func() {
		if state, err := ReadState(k.sandbox); err == nil && state.PID != 0 {
			_ = syscall.Kill(-state.PID, syscall.SIGKILL)
		}
	})
	if err := helper.Start(); err != nil {
		k.t.Fatal(err)
	}
	return helper
}

func TestDatabaseDiesWithTheHelper(t *testing.T) {
	k := newTask(t, fakeConfig{Version: "v24.1.6"})
	helper := k.program()
	k.until("waiting", k.phase(Waiting))
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = helper.Wait()
	address := "127.0.0.1:" + k.env["CRDB_HTTP_PORT"]
	k.until("the database is gone", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
}
