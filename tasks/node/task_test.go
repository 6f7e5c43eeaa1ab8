package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// patience bounds what is waited for, on a machine that does a lot besides.
const patience = 60 * time.Second

// task is one task's sandbox on a pretended agent, laid out as Mesos does with the isolator filesystem/posix.
type task struct {
	t               *testing.T
	sandbox, volume string
	memory          certs.Memory
	env             map[string]string
	signals         chan os.Signal
	out             *lockedBuffer
	exit            chan int
	scheduler       *fakeScheduler
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// fakeScheduler records reports and answers with a settable status.
type fakeScheduler struct {
	mu      sync.Mutex
	status  int
	reports []ClusterReport
	url     string
	mux     *http.ServeMux
}

func newFakeScheduler(t *testing.T) *fakeScheduler {
	s := &fakeScheduler{status: 200, mux: http.NewServeMux()}
	server := httptest.NewServer(s.mux)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		var report ClusterReport
		if r.Method != http.MethodPost || r.URL.Path != "/v1/cluster" || json.NewDecoder(r.Body).Decode(&report) != nil {
			w.WriteHeader(400)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.reports = append(s.reports, report)
		w.WriteHeader(s.status)
		if s.status == 409 {
			fmt.Fprint(w, "cluster 99999999-2222-4333-8444-555555555555 is stored")
		}
	})
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *fakeScheduler) seen() []ClusterReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]ClusterReport(nil), s.reports...)
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func newTask(t *testing.T, config fakeConfig) *task {
	t.Helper()
	root := t.TempDir()
	k := &task{t: t, out: &lockedBuffer{}, signals: make(chan os.Signal, 8), exit: make(chan int, 1), scheduler: newFakeScheduler(t)}
	k.sandbox = filepath.Join(root, "slaves/S/frameworks/F/executors/E/runs/R/containers/C")
	k.volume = filepath.Join(root, "volumes/roles/r/V1")
	shm := filepath.Join(root, "shm")
	k.memory = certs.Memory{Path: shm, Check: func(string) error { return nil }}
	for _, dir := range []string{k.sandbox, k.volume, shm} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	k.link(k.volume)
	if err := os.Symlink(fakeProgram, filepath.Join(k.sandbox, "db.bin")); err != nil {
		t.Fatal(err)
	}
	pg, web := freePort(t), freePort(t)
	k.env = map[string]string{
		"PATH": os.Getenv("PATH"), "COCKROACH_HOST": "elsewhere",
		"CRDB_VERSION": config.Version, "CRDB_ARCHIVE": "db.bin", "CRDB_VOLUME_ID": "V1", "CRDB_LISTEN": "agent", "CRDB_AGENT_IP": "127.0.0.1",
		"CRDB_PG_PORT": pg, "CRDB_HTTP_PORT": web, "CRDB_ADVERTISE": "127.0.0.1:" + pg, "CRDB_JOIN": "127.0.0.1:" + pg, "CRDB_MEM_MB": "1000",
		"CRDB_SERVICE": "cockroachdb", "CRDB_SCHEDULER": k.scheduler.url, "CRDB_TASK_ID": "cockroachdb__cockroachdb-0-node-init__1",
		"CRDB_TASK_NAME": "cockroachdb-0-node-init", "CRDB_KILL_GRACE": "60",
	}
	k.configure(config)
	return k
}

func (k *task) configure(config fakeConfig) {
	body, _ := json.Marshal(config)
	if err := os.WriteFile(filepath.Join(k.sandbox, "fake.json"), body, 0o644); err != nil {
		k.t.Fatal(err)
	}
}

// link puts the volume into the sandbox.
func (k *task) link(to string) {
	at := filepath.Join(k.sandbox, "cockroach-data")
	_ = os.Remove(at)
	if err := os.Symlink(to, at); err != nil {
		k.t.Fatal(err)
	}
}

func (k *task) environ() []string {
	var out []string
	for name, value := range k.env {
		out = append(out, name+"="+value)
	}
	return out
}

// start runs `start` in the background; the test ends with the database stopped.
func (k *task) start() {
	st := Start{Dir: k.sandbox, Environ: k.environ(), Stdout: k.out, Stderr: k.out, Signals: k.signals, MountInfo: "/proc/self/mountinfo", Memory: k.memory}
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.exit <- st.Run(context.Background())
	}()
	k.t.Cleanup(func() {
		if state, err := ReadState(k.sandbox); err == nil && state.PID != 0 {
			_ = syscall.Kill(-state.PID, syscall.SIGKILL)
		}
		<-done
	})
}

func (k *task) ended(want int) {
	k.t.Helper()
	select {
	case code := <-k.exit:
		if code != want {
			k.t.Fatalf("exit code %d, want %d:\n%s", code, want, k.out)
		}
	case <-time.After(patience):
		k.t.Fatalf("still running:\n%s", k.out)
	}
}

// until polls until the condition holds.
func (k *task) until(what string, condition func() bool) {
	k.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		began := time.Now()
		if condition() {
			return
		}
		if time.Now().After(deadline) {
			k.t.Fatalf("never: %s\n%s", what, k.out)
		}
		// Some look by starting programs: whoever waits leaves four fifths of the time to what is waited for.
		time.Sleep(min(max(5*time.Millisecond, 4*time.Since(began)), time.Second))
	}
}

func (k *task) said(text string) bool { return strings.Contains(k.out.String(), text) }

func (k *task) needSaid(texts ...string) {
	k.t.Helper()
	for _, text := range texts {
		if !k.said(text) {
			k.t.Errorf("nothing says %q:\n%s", text, k.out)
		}
	}
}

func (k *task) phase(want Phase) func() bool {
	return func() bool {
		state, err := ReadState(k.sandbox)
		return err == nil && state.Phase == want
	}
}

func (k *task) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return Ready(ctx, k.sandbox)
}

func (k *task) live() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := Live(ctx, k.sandbox)
	return err
}
