package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// vault is a service with a database of some size, and an object store for its backups.
type vault struct {
	*service
	m      *mesos
	store  *s3.Server
	bucket string
}

// older deploys the stand-in of a release that is backed up by dumps; newer ones are backed up by themselves.
func older(t *testing.T, settings ...string) []string {
	t.Helper()
	return []string{pack(t, "v20.1.5", settings...), "COCKROACH_VERSION=v20.1.5"}
}

// packed are the releases of the stand-in that were built, by version; only who holds the lock builds.
var packed = struct {
	sync.Mutex
	folders map[string]string
}{folders: map[string]string{}}

// unpacked is the folder of a release of the stand-in, built once.
func unpacked(t *testing.T, version string) string {
	t.Helper()
	packed.Lock()
	defer packed.Unlock()
	if dir, there := packed.folders[version]; there {
		return dir
	}
	dir := filepath.Join(programs, version)
	for _, command := range [][]string{
		{"go", "run", "-buildvcs=false", "./test/cockroach/pack", "-version", version, "-o", dir},
		{"tar", "-xzf", filepath.Join(dir, "cockroach-"+version+".linux-amd64.tgz"), "-C", dir, "--strip-components=1"},
	} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir, cmd.Env = filepath.Join("..", ".."), append(os.Environ(), "CGO_ENABLED=0")
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, output)
		}
	}
	packed.folders[version] = dir
	return dir
}

// pack makes the archive of a release of the stand-in, with settings of its own (STANDIN_…=…).
func pack(t *testing.T, version string, settings ...string) string {
	t.Helper()
	return archive(t, "cockroach", "#!/bin/sh\nexec env "+strings.Join(settings, " ")+" "+filepath.Join(unpacked(t, version), "cockroach")+" \"$@\"\n")
}

// keep deploys a service of one node, with rows in the table bank.accounts.
func keep(t *testing.T, rows int, settings ...string) *vault {
	t.Helper()
	store := s3.Start(t, s3.Options{Proxy: true})
	m := machines(t, 2)
	v := &vault{service: install(t, m, append([]string{oneNode, helperFromFile(), "DATABASE_PROBES=off", "BACKUP_CPUS=0.1"}, settings...)...),
		m: m, store: store, bucket: store.Bucket()}
	deployed(t, m, v.service)
	v.run(t, fmt.Sprintf("CREATE DATABASE bank; CREATE TABLE bank.accounts (id INT PRIMARY KEY, owner STRING, pad STRING); "+
		"INSERT INTO bank.accounts SELECT i, md5(i::STRING), repeat('x', 200) FROM generate_series(1, %d) AS g(i)", rows))
	return v
}

func (v *vault) node(t *testing.T) string {
	t.Helper()
	for ip := range v.m.databases() {
		return ip
	}
	t.Fatal("no database runs")
	return ""
}

// run runs statements, which have to succeed, and gives what they print.
func (v *vault) run(t *testing.T, statements string) string {
	t.Helper()
	got := sql(t, v.node(t), statements)
	if got.code != 0 {
		t.Fatalf("%s: exit code %d\n%s", statements, got.code, got.stderr)
	}
	return got.stdout
}

// job runs the plug-in with the keys to the store in its environment, as a user does.
func (v *vault) job(t *testing.T, args ...string) answer {
	t.Helper()
	args = append([]string{"--url", fmt.Sprintf("http://127.0.0.1:%d", v.port)}, args...)
	cmd := exec.CommandContext(t.Context(), filepath.Join(programs, "dcos-cockroachdb"), append(args, "--s3-endpoint", v.store.Endpoint)...)
	cmd.Env = []string{"HOME=" + filepath.Dir(v.state), "AWS_ACCESS_KEY_ID=" + v.store.AccessKey, "AWS_SECRET_ACCESS_KEY=" + v.store.SecretKey,
		"AWS_DEFAULT_REGION=" + v.store.Region}
	return output(t, cmd)
}

// begins asks for a job without waiting for it, and gives its id.
func (v *vault) begins(t *testing.T, args ...string) string {
	t.Helper()
	got := v.job(t, append(args, "--no-wait", "--json")...)
	var job wire.Job
	if err := json.Unmarshal([]byte(got.stdout), &job); err != nil || got.code != 0 {
		t.Fatalf("%v: exit code %d, %v\n%s%s", args, got.code, err, got.stdout, got.stderr)
	}
	return job.ID
}

// look asks for a job as it is now.
func (v *vault) look(t *testing.T, id string) (wire.Job, error) {
	t.Helper()
	var job wire.Job
	got := v.cli(t, "backup", "status", id, "--json")
	if got.code != 0 {
		return job, fmt.Errorf("backup status: %s", got.stderr)
	}
	return job, json.Unmarshal([]byte(got.stdout), &job)
}

// ends waits until a job has ended.
func (v *vault) ends(t *testing.T, id, state string) wire.Job {
	t.Helper()
	var job wire.Job
	eventually(t, v.process, "the job is "+state, func() (err error) {
		if job, err = v.look(t, id); err == nil && job.State != state {
			err = fmt.Errorf("it is %+v", job)
		}
		return err
	})
	return job
}

// works waits until a job has read so many rows.
func (v *vault) works(t *testing.T, id string, rows int64) {
	t.Helper()
	eventually(t, v.process, "the job works", func() error {
		job, err := v.look(t, id)
		if err == nil && (job.Progress == nil || job.Progress.Rows < rows) {
			err = fmt.Errorf("it is %+v", job)
		}
		return err
	})
}

// worker is the process of a job.
func (v *vault) worker(t *testing.T) int {
	t.Helper()
	for _, pid := range everyProcess() {
		if words := strings.Fields(commandLine(pid)); len(words) == 2 && words[0] == "./cockroachdb-node" && words[1] == "job" &&
			slices.Contains(environment(pid), fmt.Sprintf("CRDB_SCHEDULER=http://127.0.0.1:%d", v.port)) {
			return pid
		}
	}
	t.Fatal("no job runs")
	return 0
}

// environment is a process' own.
func environment(pid int) []string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid)) // gone is as good as empty
	return strings.Split(string(text), "\x00")
}

// objects are the keys in the bucket.
func (v *vault) objects(t *testing.T) []string {
	t.Helper()
	return v.store.Objects(v.bucket)
}
