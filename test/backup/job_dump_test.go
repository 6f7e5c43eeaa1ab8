package backup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// helper builds cockroachdb-node once.
func helper(t *testing.T) string {
	t.Helper()
	programs.Lock()
	defer programs.Unlock()
	path := filepath.Join(programs.dir, "cockroachdb-node")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if out, err := exec.Command("go", "build", "-o", path, "../../cmd/cockroachdb-node").CombinedOutput(); err != nil {
		t.Fatalf("build the helper: %v\n%s", err, out)
	}
	return path
}

// desk plays the scheduler's side of a job.
type desk struct {
	mu   sync.Mutex
	job  tasks.Job
	keys map[string]string
	end  *tasks.JobEnd
	saw  []tasks.JobProgress
	// leftovers are the folders of earlier backups that did not succeed.
	leftovers []string
	url       string
	// pid is the helper's, memory its peak in KB: its own (proc(5), VmHWM), because what a parent is told of a child's peak
	// begins with the parent's own size.
	pid    int
	memory int64
}

func newDesk(t *testing.T) *desk {
	d := &desk{}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Progress *tasks.JobProgress
		End      *tasks.JobEnd
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	d.mu.Lock()
	defer d.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/collect") {
		_ = json.NewEncoder(w).Encode(map[string]any{"job": d.job, "keys": d.keys, "leftovers": d.leftovers})
		return
	}
	if body.Progress != nil {
		d.saw = append(d.saw, *body.Progress)
	}
	if body.End != nil {
		d.end = body.End
		d.memory = peak(d.pid)
	}
}

// service is a database, a store, and the sandbox of a job between them.
type service struct {
	t      *testing.T
	db     *node
	store  *s3.Server
	bucket string
	dir    string
	out    bytes.Buffer
	cmd    *exec.Cmd
	desk   *desk
}

func newService(t *testing.T, tag string, o s3.Options) *service {
	t.Helper()
	s := &service{t: t, db: start(t, tag), store: s3.Start(t, o), dir: t.TempDir(), desk: newDesk(t)}
	s.bucket = s.store.Bucket()
	if err := os.Symlink(program(t, tag), filepath.Join(s.dir, "db.bin")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *service) params() tasks.JobParams {
	return tasks.JobParams{Database: "shop", Bucket: s.bucket, Dir: "cockroach-backups", BackupDir: "one", Region: s.store.Region,
		Endpoint: s.store.Endpoint, CA: string(s.store.CA), PathStyle: true, Compress: "zstd"}
}

func (s *service) start(kind tasks.JobKind, params tasks.JobParams) {
	s.t.Helper()
	s.desk.mu.Lock()
	s.desk.job = tasks.Job{ID: "job-1", Kind: kind, By: "operator", Params: params}
	s.desk.keys = map[string]string{"accessKeyId": s.store.AccessKey, "secretAccessKey": s.store.SecretKey}
	s.desk.end, s.desk.saw = nil, nil
	s.desk.mu.Unlock()
	s.out.Reset()
	s.cmd = exec.Command(helper(s.t), "job", "--sandbox", s.dir)
	s.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "CRDB_JOB=job-1", "CRDB_JOB_TOKEN=the-token-of-the-job", "CRDB_TASK_ID=task-1",
		"CRDB_SERVICE=crdb", "CRDB_VERSION=" + s.db.tag, "CRDB_ARCHIVE=db.bin", "CRDB_JOIN=127.0.0.1:1," + s.db.addr, "CRDB_SCHEDULER=" + s.desk.url, "CRDB_KILL_GRACE=60"}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.desk.mu.Lock()
	s.desk.pid, s.desk.memory = s.cmd.Process.Pid, 0
	s.desk.mu.Unlock()
	s.t.Cleanup(func() { _ = s.cmd.Process.Kill() })
}

// peak is the most memory that a running process has had, in KB; 0 when it is gone.
func peak(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	_, _ = fmt.Sscan(line, &kilobytes)
	return kilobytes
}

// run does a job and gives how it ended. Keys and tokens are nowhere.
func (s *service) run(kind tasks.JobKind, params tasks.JobParams) tasks.JobEnd {
	s.t.Helper()
	s.start(kind, params)
	_ = s.cmd.Wait()
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if s.desk.end == nil {
		s.t.Fatalf("no end was told:\n%s", s.out.String())
	}
	told, _ := json.Marshal(s.desk.end)
	for _, secret := range []string{s.store.SecretKey, s.store.AccessKey, "the-token-of-the-job"} {
		if strings.Contains(s.out.String()+string(told), secret) {
			s.t.Errorf("a secret was told:\n%s\n%s", s.out.String(), told)
		}
	}
	if s.desk.memory > 128<<10 {
		s.t.Errorf("the helper took %d KB of memory", s.desk.memory)
	}
	return *s.desk.end
}

func (s *service) good(end tasks.JobEnd) *tasks.JobResult {
	s.t.Helper()
	if end.State != tasks.JobSucceeded {
		s.t.Fatalf("it ended as %+v:\n%s", end, s.out.String())
	}
	return end.Result
}

// rows fills a database that the dump of the stand-in writes without loss.
func (n *node) rows(count string) {
	n.t.Helper()
	n.sql("CREATE DATABASE shop", "CREATE TABLE shop.t (id INT PRIMARY KEY, s STRING)", "CREATE TABLE shop.empty (id INT PRIMARY KEY)",
		"INSERT INTO shop.t SELECT i, repeat(md5(i::STRING), 10) FROM generate_series(1, "+count+") AS g(i)")
}

func (n *node) all() string {
	return n.sql("SELECT * FROM shop.t ORDER BY id", "SELECT * FROM shop.empty")
}

func TestJobsBackUpVerifyAndRestore(t *testing.T) {
	for tag, method := range map[string]string{"v20.1.5": "dump", "v22.1.0": "native"} {
		t.Run(tag, func(t *testing.T) {
			s := newService(t, tag, s3.Options{})
			s.db.rows("3000")
			before := s.db.all()
			r := s.good(s.run(tasks.JobBackup, s.params()))
			if r.Method != method || r.Rows != 3000 || r.Tables != 2 || len(s.store.Uploads(s.bucket)) > 0 ||
				!slices.Contains(s.store.Objects(s.bucket), "cockroach-backups/one/shop.manifest.json") {
				t.Fatalf("result %+v, objects %v", r, s.store.Objects(s.bucket))
			}
			if v := s.good(s.run(tasks.JobVerify, s.params())); v.Rows != 3000 {
				t.Errorf("verification %+v", v)
			}
			s.db.sql("DROP DATABASE shop CASCADE")
			s.good(s.run(tasks.JobRestore, s.params()))
			if after := s.db.all(); after != before {
				t.Errorf("what was restored is not what was there: %d bytes before, %d after", len(before), len(after))
			}
			if end := s.run(tasks.JobRestore, s.params()); end.State != tasks.JobFailed || !strings.Contains(end.Problem, "already") {
				t.Errorf("a second restore ended as %+v", end)
			}
		})
	}
}

// TestADumpGetsThroughABadNetwork: the store asks to slow down, and connections are cut, and the backup is whole nevertheless.
func TestADumpGetsThroughABadNetwork(t *testing.T) {
	s := newService(t, "v20.1.5", s3.Options{Proxy: true})
	s.db.rows("60000")
	before := s.db.all()
	s.store.Proxy.SlowDown(0.3)
	params := s.params()
	params.Compress = "none"
	s.good(s.run(tasks.JobBackup, params))
	s.db.sql("DROP DATABASE shop CASCADE")
	s.good(s.run(tasks.JobRestore, params))
	if s.db.all() != before {
		t.Error("what was restored is not what was there")
	}
}

// TestAKilledBackupLeavesNoObject kills the helper while parts are on their way: nothing is visible, and the next job on the
// same folder removes what is left of the upload.
func TestAKilledBackupLeavesNoObject(t *testing.T) {
	s := newService(t, "v20.1.5", s3.Options{Proxy: true})
	s.db.rows("60000")
	params := s.params()
	params.Compress = "none"
	s.store.Proxy.Rate(8 << 20)
	s.start(tasks.JobBackup, params)
	s.db.until("a multipart upload is under way", func() bool { return len(s.store.Uploads(s.bucket)) > 0 })
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	if objects := s.store.Objects(s.bucket); len(objects) > 0 {
		t.Errorf("a killed job left %v", objects)
	}
	s.store.Proxy.Rate(0)
	s.good(s.run(tasks.JobBackup, params))
	if left := s.store.Uploads(s.bucket); len(left) > 0 {
		t.Errorf("uploads are left: %v", left)
	}
}

func TestAStoppedBackupAbortsItsUpload(t *testing.T) {
	s := newService(t, "v20.1.5", s3.Options{Proxy: true})
	s.db.rows("60000")
	params := s.params()
	params.Compress = "none"
	s.store.Proxy.Rate(4 << 20)
	s.start(tasks.JobBackup, params)
	s.db.until("a multipart upload is under way", func() bool { return len(s.store.Uploads(s.bucket)) > 0 })
	began := time.Now()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != tasks.ExitJobCancelled || time.Since(began) > 60*time.Second {
		t.Errorf("exit code %d after %s:\n%s", code, time.Since(began), s.out.String())
	}
	if objects, uploads := s.store.Objects(s.bucket), s.store.Uploads(s.bucket); len(objects)+len(uploads) > 0 {
		t.Errorf("a stopped job left %v and %v", objects, uploads)
	}
}
