package job

import (
	"bytes"
	"context"
	"encoding/json"
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
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

const (
	testToken  = "one-time-token-of-the-test"
	testReport = "token-of-the-reports-of-the-test"
	testSecret = "wJalrXUt+nFEMI/K7MDENGexampleKEY"
	testAccess = "AKIAEXAMPLE0000000"
	// testCluster is the id of the database's cluster.
	testCluster = "845c6f31-0282-4a37-80f1-cb53a186a213"
)

// fakeScheduler gives the job out and takes its reports.
type fakeScheduler struct {
	t   *testing.T
	url string

	mu       sync.Mutex
	job      tasks.Job
	collects int
	// leftovers are the folders of earlier backups that did not succeed.
	leftovers []string
	// certify answers a signing request, where there is one.
	certify  func(request string) (certificate, ca string)
	progress []tasks.JobProgress
	end      *tasks.JobEnd
	// answer may take a request in the scheduler's place.
	answer func(w http.ResponseWriter, path string) bool
}

func newFakeScheduler(t *testing.T, job tasks.Job) *fakeScheduler {
	s := &fakeScheduler{t: t, job: job, certify: func(request string) (string, string) {
		if request != "" {
			t.Error("a signing request came")
		}
		return "", ""
	}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *fakeScheduler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		TaskID, Token string
		Request       string
		Progress      *tasks.JobProgress
		End           *tasks.JobEnd
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.Method != http.MethodPost || body.TaskID != "task-1" ||
		body.Token != map[bool]string{true: testToken, false: testReport}[strings.HasSuffix(r.URL.Path, "/collect")] {
		s.t.Errorf("a request that the scheduler does not know: %s %s (%v)", r.Method, r.URL.Path, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	what := strings.TrimPrefix(r.URL.Path, "/v1/jobs/"+s.job.ID+"/")
	if s.answer != nil && s.answer(w, what) {
		return
	}
	switch what {
	case "collect":
		s.collects++
		certificate, ca := s.certify(body.Request)
		_ = json.NewEncoder(w).Encode(map[string]any{"job": s.job, "certificate": certificate, "ca": ca, "reportToken": testReport, "leftovers": s.leftovers,
			"keys": map[string]string{"accessKeyId": testAccess, "secretAccessKey": testSecret, "sessionToken": ""}})
	case "report":
		if body.Progress != nil {
			s.progress = append(s.progress, *body.Progress)
		}
		if body.End != nil {
			s.end = body.End
		}
	default:
		s.t.Errorf("no such path: %s", r.URL.Path)
	}
}

func (s *fakeScheduler) set(answer func(w http.ResponseWriter, path string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *fakeScheduler) ended() *tasks.JobEnd {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.end
}

// lockedBuffer is the task's stdout.
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

// bench is a sandbox with a job in it, a scheduler, a store and a database.
type bench struct {
	t         *testing.T
	dir       string
	db        fakeDB
	store     *folderStore
	scheduler *fakeScheduler
	params    tasks.JobParams
	kind      tasks.JobKind
	by        string
	env       map[string]string
	signals   chan os.Signal
	out       *lockedBuffer
	pace      pace
	memory    certs.Memory
}

const shopDump = `CREATE TABLE orders (
	id INT8 NOT NULL,
	note STRING NULL
);

CREATE TABLE empty (
	id INT8 NOT NULL
);

CREATE SEQUENCE seq MINVALUE 1;

INSERT INTO orders (id, note) VALUES
	(1, 'a'),
	(2, e'b;\nc');

INSERT INTO orders (id, note) VALUES
	(3, NULL);

SELECT setval('seq', 5, false);
`

// patience bounds what is waited for, on a machine that does a lot besides.
const patience = 60 * time.Second

func newBench(t *testing.T, kind tasks.JobKind) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), store: newFolderStore(t), kind: kind, by: "operator", signals: make(chan os.Signal, 4), out: &lockedBuffer{},
		params: tasks.JobParams{Database: "shop", Bucket: "backups", Dir: "cockroach-backups", BackupDir: "20261122T140501Z", Region: "us-west-1", Compress: "gzip"}}
	b.db = fakeDB{Version: "v20.1.5", User: "root", Now: "2026-11-22 14:05:01.5+00:00", Dump: shopDump, Native: "succeeded", Cluster: testCluster, Settings: map[string]string{}, Databases: map[string][]fakeTable{
		"shop": {{Name: "orders", Kind: "BASE TABLE", Rows: 3}, {Name: "empty", Kind: "BASE TABLE"}, {Name: "seq", Kind: "SEQUENCE"}},
	}}
	b.db.Objects = b.store.objects
	b.memory = certs.Memory{Path: t.TempDir(), Check: func(string) error { return nil }}
	b.pace = pace{report: 5 * time.Millisecond, first: time.Millisecond, longest: 4 * time.Millisecond, collect: patience,
		end: 4 * time.Millisecond, connect: patience, answer: patience, poll: 5 * time.Millisecond, cleanup: patience}
	if err := os.Symlink(fakeProgram, filepath.Join(b.dir, "db.bin")); err != nil {
		t.Fatal(err)
	}
	b.env = map[string]string{
		"PATH": os.Getenv("PATH"), "AWS_SECRET_ACCESS_KEY": "of-the-agent", "CRDB_JOB": "job-1", "CRDB_JOB_TOKEN": testToken, "CRDB_TASK_ID": "task-1",
		"CRDB_SERVICE": "crdb", "CRDB_ARCHIVE": "db.bin", "CRDB_JOIN": "127.0.0.1:26257", "CRDB_KILL_GRACE": "120",
	}
	return b
}

// run does the job and returns how it told that it ended.
func (b *bench) run() tasks.JobEnd {
	b.t.Helper()
	end, code := b.runCode()
	if end == nil {
		b.t.Fatalf("exit code %d and no end was told:\n%s", code, b.out)
	}
	if want := exitCode(end.State); code != want {
		b.t.Errorf("exit code %d after %q", code, end.State)
	}
	return *end
}

func (b *bench) runCode() (*tasks.JobEnd, int) {
	b.t.Helper()
	if b.scheduler == nil {
		b.scheduler = newFakeScheduler(b.t, tasks.Job{})
	}
	b.scheduler.mu.Lock()
	b.scheduler.job, b.scheduler.end = tasks.Job{ID: "job-1", Kind: b.kind, By: b.by, Params: b.params}, nil
	b.scheduler.mu.Unlock()
	writeFake(filepath.Join(b.dir, "fake.json"), b.db)
	b.env["CRDB_SCHEDULER"], b.env["CRDB_VERSION"] = b.scheduler.url, b.db.Version
	var environ []string
	for name, value := range b.env {
		environ = append(environ, name+"="+value)
	}
	var opened s3.Keys
	job := Job{Dir: b.dir, Environ: environ, Stdout: b.out, Signals: b.signals, Tool: "test", Memory: b.memory, pace: b.pace,
		OpenStore: func(_ tasks.JobParams, keys s3.Keys) (Store, error) { opened = keys; return b.store, nil }}
	code := job.Run(context.Background())
	db, err := readFake(filepath.Join(b.dir, "fake.json"))
	if err != nil {
		b.t.Fatal(err)
	}
	b.db = db
	if end := b.scheduler.ended(); end != nil && (opened != s3.Keys{}) && opened.SecretAccessKey != testSecret {
		b.t.Errorf("the store was opened with other keys")
	}
	b.noSecrets()
	return b.scheduler.ended(), code
}

// noSecrets looks for key material wherever a job leaves something.
func (b *bench) noSecrets() {
	b.t.Helper()
	told, _ := json.Marshal(b.scheduler.ended())
	places := map[string]string{"stdout": b.out.String(), "the end": string(told), "the client's environment": strings.Join(b.db.Environ, "\n"),
		"the client's arguments": strings.Join(b.db.Args, "\n")}
	for _, key := range b.store.keys() {
		places[key] = readAll(filepath.Join(b.store.objects, key))
	}
	for where, text := range places {
		for _, secret := range []string{testSecret, testToken, testAccess, "of-the-agent", "wJalrXUt%2B"} {
			if strings.Contains(text, secret) {
				b.t.Errorf("%s has %q in it:\n%s", where, secret, text)
			}
		}
	}
}

func (b *bench) failed(end tasks.JobEnd, texts ...string) {
	b.t.Helper()
	if end.State != tasks.JobFailed || end.Remedy == "" {
		b.t.Fatalf("it ended as %+v, and was to fail with a remedy:\n%s", end, b.out)
	}
	b.says(end.Problem+". "+end.Remedy, texts...)
}

func (b *bench) succeeded(end tasks.JobEnd) *tasks.JobResult {
	b.t.Helper()
	if end.State != tasks.JobSucceeded || end.Result == nil {
		b.t.Fatalf("it ended as %+v:\n%s", end, b.out)
	}
	return end.Result
}

func (b *bench) says(text string, parts ...string) {
	b.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			b.t.Errorf("nothing says %q: %s", part, text)
		}
	}
}

func (b *bench) objects(want ...string) {
	b.t.Helper()
	got := strings.Join(b.store.keys(), " ")
	if expected := strings.Join(want, " "); got != expected {
		b.t.Errorf("the bucket has %q, want %q", got, expected)
	}
	if left := b.store.uploading(); len(left) > 0 {
		b.t.Errorf("unfinished uploads are left: %v", left)
	}
}

// stopWhen sends a signal when the journal says a text.
func (b *bench) stopWhen(text string, signal syscall.Signal) {
	b.whenSaid(text, func() { b.signals <- signal })
}

// whenSaid does something when the journal says a text.
func (b *bench) whenSaid(text string, do func()) {
	go func() {
		for b.t.Context().Err() == nil {
			if strings.Contains(b.out.String(), text) {
				do()
				return
			}
			time.Sleep(2 * time.Millisecond)
		}
	}()
}
