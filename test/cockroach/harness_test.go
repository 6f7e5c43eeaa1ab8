package cockroach_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/archive"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// recorded is the version that the transcripts are of.
const recorded = "v20.1.5"

// liveness is the silence after which the tests' nodes are not available.
const liveness = 2 * time.Second

// count is the time between two counts of the ranges for the metrics.
const count = 200 * time.Millisecond

// patience is how long a test waits for what has to come.
const patience = 60 * time.Second

var binaries struct {
	dir  string
	once map[string]*sync.Once
	mu   sync.Mutex
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "stand-in-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaries.dir, binaries.once = dir, map[string]*sync.Once{}
	// The tests wait for processes more than they compute.
	flag.Parse()
	flag.Set("test.parallel", "6")
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// binary gives the stand-in of a version, built once per run.
func binary(t *testing.T, tag string) string {
	t.Helper()
	path := filepath.Join(binaries.dir, "cockroach-"+tag)
	binaries.mu.Lock()
	once := binaries.once[tag]
	if once == nil {
		once = &sync.Once{}
		binaries.once[tag] = once
	}
	binaries.mu.Unlock()
	once.Do(func() {
		if err := archive.Build(context.Background(), version.MustParse(tag), path); err != nil {
			t.Error(err)
		}
	})
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the stand-in %s was not built", tag)
	}
	return path
}

// result is what a command left. A command that was still running when its time
// was over has hung set.
type result struct {
	out, err string
	code     int
	hung     bool
}

// command runs the stand-in to its end.
func command(t *testing.T, tag string, args ...string) result {
	return feed(t, tag, patience, "", args...)
}

// during runs the stand-in for a while only; it is for what is to hang.
func during(t *testing.T, tag string, limit time.Duration, args ...string) result {
	return feed(t, tag, limit, "", args...)
}

func feed(t *testing.T, tag string, limit time.Duration, stdin string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t, tag), args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	cmd.Env = cleanEnv()
	err := cmd.Run()
	var ee *exec.ExitError
	if err != nil && !errors.As(err, &ee) {
		t.Fatalf("cockroach %v: %v", args, err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode(), errors.Is(ctx.Err(), context.DeadlineExceeded)}
}

func cleanEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir()}
}

// given are the ports that freeAddr gave out in this run.
var given struct {
	mu    sync.Mutex
	ports map[int]bool
}

// freeAddr gives an address that nothing listens on, and each port once. The
// ports are below those that the system gives to outgoing connections, so that
// none of these takes one before its node is started.
func freeAddr(t *testing.T, host string) string {
	t.Helper()
	given.mu.Lock()
	defer given.mu.Unlock()
	if given.ports == nil {
		given.ports = map[int]bool{}
	}
	for range 1000 {
		port := 12000 + rand.IntN(20000)
		addr := net.JoinHostPort(host, strconv.Itoa(port))
		l, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		l.Close()
		if given.ports[port] {
			continue
		}
		given.ports[port] = true
		return addr
	}
	t.Fatal("no free port")
	return ""
}

// node is a node of a test; its process may stop and start again.
type node struct {
	t              *testing.T
	tag            string
	dir, data      string
	rpc, http      string
	join           []string
	env            []string
	extra          []string
	old            []string // addresses in the spelling of 2.0
	certs          string   // folder of certificates; empty: --insecure
	cmd            *exec.Cmd
	done           chan struct{}
	outFile, errFi string
	starts         int
}

// nodes makes n nodes with one join list, on 127.0.0.1, .2, .3 …; none is started.
func nodes(t *testing.T, tag string, n int) []*node {
	t.Helper()
	var all []*node
	var join []string
	for i := range n {
		host := fmt.Sprintf("127.0.0.%d", i+1)
		dir := t.TempDir()
		x := &node{t: t, tag: tag, dir: dir, data: filepath.Join(dir, "data"), rpc: freeAddr(t, host), http: freeAddr(t, host)}
		x.env = []string{"STANDIN_DRAIN=50ms", "STANDIN_LIVENESS=" + liveness.String(), "STANDIN_COUNT=" + count.String()}
		all = append(all, x)
		join = append(join, x.rpc)
	}
	for _, x := range all {
		x.join = join
	}
	return all
}

// args is the node's command line.
func (n *node) args() []string {
	if n.old != nil {
		return append([]string{"start", n.mode(), "--store=path=" + n.data, "--join=" + strings.Join(n.join, ",")}, n.old...)
	}
	a := []string{"start", n.mode(), "--store=path=" + n.data, "--listen-addr=" + n.rpc, "--http-addr=" + n.http, "--join=" + strings.Join(n.join, ",")}
	return append(a, n.extra...)
}

// mode is how the node and its clients connect.
func (n *node) mode() string {
	if n.certs == "" {
		return "--insecure"
	}
	return "--certs-dir=" + n.certs
}

// spellOld has a node of 2.0 use that version's flags.
func (n *node) spellOld() {
	if n.tag == "v2.0.7" {
		host, port, _ := net.SplitHostPort(n.rpc)
		_, web, _ := net.SplitHostPort(n.http)
		n.old = []string{"--host=" + host, "--port=" + port, "--http-port=" + web, "--http-host=" + host}
	}
}

// where is what a client command is told of the node.
func (n *node) where() []string {
	if n.old != nil {
		return append([]string{n.mode()}, n.old[:2]...)
	}
	return []string{n.mode(), "--host=" + n.rpc}
}

// start starts the process. Each start writes to files of its own.
func (n *node) start() *node {
	n.t.Helper()
	return n.startWith(n.args()...)
}

func (n *node) startWith(args ...string) *node {
	n.t.Helper()
	n.starts++
	n.outFile, n.errFi = filepath.Join(n.dir, fmt.Sprint("out", n.starts)), filepath.Join(n.dir, fmt.Sprint("err", n.starts))
	out, err := os.Create(n.outFile)
	if err != nil {
		n.t.Fatal(err)
	}
	defer out.Close()
	errs, err := os.Create(n.errFi)
	if err != nil {
		n.t.Fatal(err)
	}
	defer errs.Close()
	n.cmd = exec.Command(binary(n.t, n.tag), args...)
	n.cmd.Stdout, n.cmd.Stderr, n.cmd.Env = out, errs, append(cleanEnv(), n.env...)
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	cmd, done := n.cmd, make(chan struct{})
	n.done = done
	go func() {
		cmd.Wait()
		close(done)
	}()
	n.t.Cleanup(func() {
		cmd.Process.Kill()
		<-done
	})
	return n
}

func (n *node) signal(sig os.Signal) { n.cmd.Process.Signal(sig) }

// exit waits for the process and gives the code as a shell shows it.
func (n *node) exit() int {
	n.t.Helper()
	select {
	case <-n.done:
	case <-time.After(patience):
		n.t.Fatalf("%s did not stop; standard output:\n%s", n.rpc, n.out())
	}
	ws := n.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return ws.ExitStatus()
}

// runsFor says whether the process is still there after d.
func (n *node) runsFor(d time.Duration) bool {
	select {
	case <-n.done:
		return false
	case <-time.After(d):
		return true
	}
}

func (n *node) out() string { b, _ := os.ReadFile(n.outFile); return string(b) }
func (n *node) log() string {
	b, _ := os.ReadFile(filepath.Join(n.data, "logs", "cockroach.log"))
	return string(b)
}
func (n *node) stderr() string { b, _ := os.ReadFile(n.errFi); return string(b) }

// get asks the HTTP port. Code 0 means no answer within limit.
func (n *node) get(path string, limit ...time.Duration) (int, string) {
	n.t.Helper()
	d := 5 * time.Second
	if len(limit) > 0 {
		d = limit[0]
	}
	scheme := "http://"
	if n.certs != "" {
		scheme = "https://"
	}
	c := http.Client{Timeout: d, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	r, err := c.Get(scheme + n.http + path)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, err.Error()
	}
	return r.StatusCode, string(b)
}

// until polls for what has to come.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	end := time.Now().Add(patience)
	for {
		began := time.Now()
		if ok() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
		// Some look by starting programs: whoever waits leaves four fifths of the time to what is waited for.
		time.Sleep(min(max(10*time.Millisecond, 4*time.Since(began)), time.Second))
	}
}

func (n *node) healthy() *node {
	n.t.Helper()
	until(n.t, n.http+"/health answers", func() bool { c, _ := n.get("/health"); return c == 200 })
	return n
}

func (n *node) ready() *node {
	n.t.Helper()
	until(n.t, n.http+" is ready\n"+n.stderr(), func() bool { c, _ := n.get("/health?ready=1"); return c == 200 })
	return n
}

// cockroach runs a client command against the node.
func (n *node) cockroach(args ...string) result {
	n.t.Helper()
	return command(n.t, n.tag, append(args, n.where()...)...)
}

// hangs says whether a client command is still running after a while.
func (n *node) hangs(args ...string) bool {
	n.t.Helper()
	return during(n.t, n.tag, 700*time.Millisecond, append(args, n.where()...)...).hung
}

// sql runs statements that have to succeed, and gives standard output.
func (n *node) sql(statements ...string) string {
	n.t.Helper()
	args := []string{"sql", "--format=csv"}
	for _, s := range statements {
		args = append(args, "-e", s)
	}
	r := n.cockroach(args...)
	if r.code != 0 {
		n.t.Fatalf("%v at %s: exit %d\n%s", statements, n.rpc, r.code, r.err)
	}
	return r.out
}

// cluster starts n nodes and initialises them at the first one.
func cluster(t *testing.T, tag string, n int) []*node {
	t.Helper()
	return initialised(t, nodes(t, tag, n))
}

// initialised starts nodes and initialises them at the first one.
func initialised(t *testing.T, all []*node) []*node {
	t.Helper()
	for _, x := range all {
		x.start()
	}
	all[0].healthy()
	if r := all[0].cockroach("init"); r.code != 0 || r.out != "Cluster successfully initialized\n" {
		t.Fatalf("init: %+v", r)
	}
	for _, x := range all {
		x.ready()
	}
	return all
}

// replicated waits until all nodes hold data: from then on one may go.
func replicated(t *testing.T, all []*node, holders int) {
	t.Helper()
	until(t, "data is on all nodes", func() bool {
		return strings.Count(all[0].cockroach("node", "status", "--decommission", "--format=csv").out, ",32,") == holders
	})
}

func (n *node) id() string {
	for _, l := range strings.Split(n.out(), "\n") {
		if v, ok := strings.CutPrefix(l, "nodeID:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func (n *node) clusterID() string {
	_, body := n.get("/_admin/v1/cluster")
	_, rest, _ := strings.Cut(body, `"clusterId": "`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}
