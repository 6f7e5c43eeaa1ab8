package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// The keys of the tests; they are searched for in all that is printed.
const (
	accessKey    = "AKIATESTTESTTESTTEST"
	secretKey    = "wJalr/XUtnFEMI+K7MDENG<bPxRfiCY>"
	sessionToken = "FwoGZXIvYXdzEJr//////////wEaDH=="
)

const jobID = "5f2a9c1e-3b4d-4c6f-8a91-0d2e4f6a8b10"

// scene is a scheduler with answers in a row, and a person before it. Time is virtual, and so is the network.
type scene struct {
	env      map[string]string
	args     string
	answers  map[string][]canned // "GET /v1/jobs"; the last one of a row is given again and again; status 0 cuts the connection
	terminal int                 // columns; 0 for no terminal
	stdin    string
	// ctrlC is the number of the query during which the person presses it; 0 for never.
	ctrlC int
}

// played is what a scene left behind.
type played struct {
	outcome
	asked  []string
	bodies []string
	took   time.Duration
}

// withKeys is the environment of a person who has keys.
func withKeys(more ...string) map[string]string {
	env := map[string]string{"AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey, "AWS_SESSION_TOKEN": sessionToken}
	for i := 0; i < len(more); i += 2 {
		env[more[i]] = more[i+1]
	}
	return env
}

// play runs a scene. It fails when a key was printed.
func play(t *testing.T, sc scene) (p played) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var mu sync.Mutex
		given := map[string]int{}
		answered := 0
		handler := func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			mu.Lock()
			defer mu.Unlock()
			query := r.Method + " " + r.URL.RequestURI()
			p.asked, p.bodies = append(p.asked, query), append(p.bodies, string(body))
			row := sc.answers[query]
			if len(row) == 0 {
				http.Error(w, "404 page not found", http.StatusNotFound)
				return
			}
			a := row[min(given[query], len(row)-1)]
			given[query]++
			if answered++; answered == sc.ctrlC {
				cancel()
				<-r.Context().Done()
				return
			}
			if a.status == 0 {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Content-Type", a.kind)
			w.WriteHeader(a.status)
			io.WriteString(w, a.body)
		}
		stop := serve(t, http.HandlerFunc(handler))
		defer stop()
		env := map[string]string{"COCKROACHDB_SCHEDULER_URL": "http://scheduler.test"}
		for name, value := range sc.env {
			env[name] = value
		}
		var stdout, stderr bytes.Buffer
		start := time.Now()
		p.exit = cli.Run(ctx, cli.Process{
			Args: append([]string{"dcos-cockroachdb", "cockroachdb"}, strings.Fields(sc.args)...), Version: "0.9.0",
			Stdin: strings.NewReader(sc.stdin), Stdout: &stdout, Stderr: &stderr,
			Env:      func(name string) (string, bool) { value, set := env[name]; return value, set },
			Terminal: func(any) (int, bool) { return sc.terminal, sc.terminal > 0 },
		})
		p.took, p.stdout, p.stderr = time.Since(start), stdout.String(), stderr.String()
	})
	noKeys(t, p.stdout+p.stderr)
	return p
}

func noKeys(t *testing.T, printed string) {
	t.Helper()
	for _, key := range []string{accessKey, secretKey, sessionToken, "wJalr", "FwoGZ"} {
		if strings.Contains(printed, key) {
			t.Errorf("the key %s is printed:\n%s", key, printed)
		}
	}
}

// serve answers all connections of the default transport, which the plug-in's is a copy of, without a network.
func serve(t *testing.T, handler http.Handler) (stop func()) {
	listener := &pipes{made: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	standard := http.DefaultTransport
	http.DefaultTransport = &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			mine, theirs := net.Pipe()
			select {
			case listener.made <- theirs:
				return mine, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
	}
	return func() {
		http.DefaultTransport = standard
		server.Close()
	}
}

// pipes is a listener whose connections are made in memory.
type pipes struct {
	made   chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.made:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// answer is a 200 with JSON.
func answer(body any) canned {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return canned{200, "application/json", string(text)}
}

// at is a moment of the tests, some seconds after the virtual clock's beginning.
func at(seconds float64) *time.Time {
	moment := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(seconds * float64(time.Second)))
	return &moment
}

// aJob is a backup in a state; change may alter it.
func aJob(state string, change ...func(*wire.Job)) wire.Job {
	job := wire.Job{
		ID: jobID, Kind: "backup", Database: "bank", State: state, Bucket: "my-bucket", Dir: "cockroach-backups", BackupDir: "20000101T000000Z",
		Location: "s3://my-bucket/cockroach-backups/20000101T000000Z", By: "operator", Asked: *at(0),
	}
	if state != "queued" {
		job.Launched = at(2)
	}
	if state == "succeeded" || state == "failed" || state == "cancelled" {
		job.Ended = at(122.4)
	}
	for _, alter := range change {
		alter(&job)
	}
	return job
}

func progress(seconds float64, p wire.JobProgress) func(*wire.Job) {
	return func(job *wire.Job) {
		p.At = *at(seconds)
		job.Progress = &p
	}
}

func done(job *wire.Job) {
	job.Result = &wire.JobResult{
		Method: "dump", Location: job.Location + "/bank.sql.zst", Manifest: "cockroach-backups/20000101T000000Z/bank.manifest.json", Tables: 12,
		Rows: 1234567, Bytes: 2_100_000_000, Stored: 410_000_000, SHA256: strings.Repeat("ab12", 16), Snapshot: at(3), Version: "v20.1.5",
		Seconds: 80.4, BytesPerSecond: 26_100_000,
	}
}

// checkScene compares what a scene of jobs left behind with its golden file.
func checkScene(t *testing.T, name string, sc scene, p played) {
	t.Helper()
	checkPlayed(t, "job_"+name, sc, p)
}

// checkPlayed compares what a scene left behind with a golden file.
func checkPlayed(t *testing.T, name string, sc scene, p played) {
	t.Helper()
	visible := strings.NewReplacer("\r", "\n\\r", "\x1b", "\\e").Replace(p.stderr)
	var bodies strings.Builder
	for i, body := range p.bodies {
		if body != "" {
			fmt.Fprintf(&bodies, "%s %s\n", p.asked[i], body)
		}
	}
	got := fmt.Sprintf("$ dcos cockroachdb %s\n--- stdout\n%s--- stderr\n%s--- sent\n%s--- exit %d after %s\n", sc.args, p.stdout, visible, bodies.String(), p.exit, p.took)
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
