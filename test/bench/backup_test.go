package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sdk "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/archive"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// The dump is as slow as the link to the store: streaming can at best be twice as fast as one after the other.
const (
	linkRate   = 24_000_000
	backupRows = 720_000 // some 200 MB of dump
)

// backups measures the helper's job as a real process beside the older way: dump to a file, then copy that to the same server; and
// back: copy to a file, then load it. Both on the same data, one after the other, without compression.
func backups(t *testing.T, programs string) []figure {
	b := newBackupBench(t, programs)
	older := b.olderBackup(t)
	ours, helper := b.job(t, tasks.JobBackup, "")
	size := b.size(t)
	olderBack := b.olderRestore(t)
	oursBack, restorer := b.job(t, tasks.JobRestore, "copy")
	rate := func(took time.Duration) float64 { return size / 1e6 / took.Seconds() }
	return []figure{
		{name: fmt.Sprintf("backup, %.0f MB, streamed", size/1e6), value: rate(ours), limit: 20, unit: "MB/s", atLeast: true},
		{name: "backup the older way, dump to a file and copy it", value: rate(older), limit: 0, unit: "MB/s", atLeast: true},
		{name: "backup, times as fast as the older way", value: older.Seconds() / ours.Seconds(), limit: 1.8, unit: "times", atLeast: true, exact: true},
		{name: "backup, peak memory of the helper", value: helper.memory, limit: 128, unit: "MB", exact: true},
		{name: "backup, bytes on local disk beside the programs", value: float64(helper.local), limit: 0, unit: "bytes", exact: true},
		{name: "restore, streamed, checked before and counted afterwards", value: rate(oursBack), limit: 1, unit: "MB/s", atLeast: true},
		{name: "restore the older way, copy to a file and load it", value: rate(olderBack), limit: 0, unit: "MB/s", atLeast: true},
		{name: "restore, peak memory of the helper", value: restorer.memory, limit: 128, unit: "MB", exact: true},
		{name: "restore, bytes on local disk beside the programs", value: float64(restorer.local), limit: 0, unit: "bytes", exact: true},
	}
}

type backupBench struct {
	client, packed, helper, address string
	store                           *s3.Server
	bucket                          string
}

func newBackupBench(t *testing.T, programs string) *backupBench {
	v := version.MustParse("v20.1.5")
	dir := t.TempDir()
	packed, err := archive.Make(t.Context(), v, dir)
	if err != nil {
		t.Fatal(err)
	}
	store := s3.Start(t, s3.Options{Proxy: true})
	b := &backupBench{client: filepath.Join(dir, "cockroach"), packed: packed, helper: filepath.Join(programs, "cockroachdb-node"),
		store: store, bucket: store.Bucket(), address: freeAddress(t)}
	tool(t, "tar", "-xzf", packed, "-C", dir, "--strip-components=1")
	start(t, nil, "", b.client, "start-single-node", "--insecure", "--store=path="+filepath.Join(dir, "data"), "--listen-addr="+b.address,
		"--http-addr="+freeAddress(t))
	for end := time.Now().Add(patience); b.sql("SELECT 1", "") != nil; {
		if time.Now().After(end) {
			t.Fatal("the database does not answer")
		}
	}
	for _, statement := range []string{"CREATE DATABASE bank", "CREATE DATABASE older", "CREATE TABLE bank.accounts (id INT PRIMARY KEY, k INT, s STRING, pad STRING)",
		fmt.Sprintf("INSERT INTO bank.accounts SELECT i, i*7919, md5(i::STRING), repeat('x', 220) FROM generate_series(1, %d) AS g(i)", backupRows)} {
		if err := b.sql(statement, ""); err != nil {
			t.Fatal(err)
		}
	}
	store.Proxy.Rate(linkRate)
	return b
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (b *backupBench) sql(statement, database string) error {
	return b.run(exec.Command(b.client, "sql", "--insecure", "--host="+b.address, "--database="+database, "-e", statement))
}

func (b *backupBench) run(cmd *exec.Cmd) error {
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.Env = []string{"HOME=" + os.TempDir(), fmt.Sprintf("STANDIN_DUMP_RATE=%d", linkRate)}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd.Args, err, said.String())
	}
	return nil
}

// olderBackup dumps to a file and copies that.
func (b *backupBench) olderBackup(t *testing.T) time.Duration {
	began := time.Now()
	path := filepath.Join(t.TempDir(), "bank.sql")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cmd := exec.Command(b.client, "dump", "bank", "--insecure", "--host="+b.address)
	cmd.Stdout = file
	if err := b.run(cmd); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	upload, err := b.copier(t).Upload(t.Context(), b.bucket, "older/bank.sql", nil, nil)
	if err == nil {
		_, err = io.Copy(upload, file)
	}
	if err == nil {
		_, err = upload.Complete(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

// olderRestore copies to a file and loads that.
func (b *backupBench) olderRestore(t *testing.T) time.Duration {
	began := time.Now()
	path := filepath.Join(t.TempDir(), "bank.sql")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	body, _, err := b.copier(t).Get(t.Context(), b.bucket, "older/bank.sql")
	if err == nil {
		_, err = io.Copy(file, body)
		_ = body.Close()
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(b.client, "sql", "--insecure", "--host="+b.address, "--database=older")
	cmd.Stdin = file
	if err := b.run(cmd); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

func (b *backupBench) copier(t *testing.T) *sdk.Client {
	t.Helper()
	client, err := sdk.New(sdk.Options{Region: b.store.Region, Endpoint: b.store.Endpoint, Keys: sdk.Keys{AccessKeyID: b.store.AccessKey, SecretAccessKey: b.store.SecretKey}})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (b *backupBench) size(t *testing.T) float64 {
	t.Helper()
	object, err := b.copier(t).Head(t.Context(), b.bucket, "d/one/bank.sql")
	if err != nil {
		t.Fatal(err)
	}
	return float64(object.Size)
}

// used is what a job took of its machine: peak memory in MB, and the most bytes in its sandbox beside what was fetched and unpacked.
type used struct {
	memory float64
	local  int64
}

// job runs the helper as the agent does, with a scheduler that gives it one job.
func (b *backupBench) job(t *testing.T, kind tasks.JobKind, into string) (time.Duration, used) {
	sandbox := t.TempDir()
	for from, to := range map[string]string{b.packed: filepath.Base(b.packed), b.helper: "cockroachdb-node"} {
		if err := os.Link(from, filepath.Join(sandbox, to)); err != nil {
			tool(t, "cp", from, filepath.Join(sandbox, to))
		}
	}
	cmd := exec.Command("./cockroachdb-node", "job")
	var took used
	end := make(chan tasks.JobEnd, 1)
	desk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			End *tasks.JobEnd `json:"end"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		took.local = max(took.local, beside(t, sandbox))
		if strings.HasSuffix(r.URL.Path, "/collect") {
			_ = json.NewEncoder(w).Encode(map[string]any{
				"job": tasks.Job{ID: "j1", Kind: kind, State: tasks.JobRunning, Params: tasks.JobParams{Database: "bank", Bucket: b.bucket, Dir: "d", BackupDir: "one",
					Region: b.store.Region, Endpoint: b.store.Endpoint, Compress: "none", Method: "dump", Into: into, Existing: tasks.ExistingRefuse}},
				"keys": map[string]string{"accessKeyId": b.store.AccessKey, "secretAccessKey": b.store.SecretKey}})
			return
		}
		if body.End != nil {
			took.memory = megabytes(t, cmd.Process.Pid, "VmHWM")
			end <- *body.End
		}
		_, _ = io.WriteString(w, `{"message": "noted"}`)
	}))
	defer desk.Close()
	var said bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = sandbox, &said, &said
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "CRDB_JOB=j1", "CRDB_JOB_TOKEN=t", "CRDB_SCHEDULER=" + desk.URL, "CRDB_TASK_ID=task", "CRDB_TASK_NAME=" + kind.Task(),
		"CRDB_SERVICE=bench", "CRDB_VERSION=v20.1.5", "CRDB_ARCHIVE=" + filepath.Base(b.packed), "CRDB_JOIN=" + b.address, "CRDB_KILL_GRACE=60",
		fmt.Sprintf("STANDIN_DUMP_RATE=%d", linkRate)}
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", kind, err, said.String())
	}
	if ended := <-end; ended.State != tasks.JobSucceeded {
		t.Fatalf("got %+v", ended)
	}
	return time.Since(began), took
}

// beside counts the bytes of a sandbox that are neither fetched, nor unpacked of that, nor the note that unpacking is done.
func beside(t *testing.T, sandbox string) (bytes int64) {
	err := filepath.WalkDir(sandbox, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), "cockroach") || entry.Name() == ".complete.json" {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return bytes
}
