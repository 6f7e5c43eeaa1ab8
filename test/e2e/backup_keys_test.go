package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/s3"
)

// TestNoKeyIsLeftAnywhere: while a job runs and afterwards, no file, no message to Mesos, no log, no argument list and no
// environment holds a key; nor after the older style of asking. TestTheNativeMethod and
// TestScheduledBackups search too.
func TestNoKeyIsLeftAnywhere(t *testing.T) {
	t.Parallel()
	v := keep(t, 40000, append(older(t, slow), "LOG_LEVEL=debug")...)
	id := v.begins(t, "backup", "bank", v.bucket)
	v.works(t, id, 1000)
	v.search(t, "while it works", v.store)
	v.ends(t, id, "succeeded")
	v.search(t, "after a backup", v.store)
	got := v.cli(t, "plan", "start", "backup", "-p", "DATABASE_NAME=bank", "-p", "S3_BUCKET_NAME="+v.bucket, "-p", "S3_ENDPOINT="+v.store.Endpoint,
		"-p", "REGION="+v.store.Region, "-p", "AWS_ACCESS_KEY_ID="+v.store.AccessKey, "-p", "AWS_SECRET_ACCESS_KEY="+v.store.SecretKey)
	if got.code != 0 || strings.Contains(got.stdout+got.stderr, v.store.SecretKey) {
		t.Errorf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	v.reaches(t, "backup", wire.StatusComplete)
	v.search(t, "after the older style", v.store)
	if got := v.job(t, "backup", "bank", v.bucket, "-vv"); got.code != 0 || strings.Contains(got.stdout+got.stderr, v.store.SecretKey) {
		t.Errorf("with -vv: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
}

// search looks for the keys to an object store wherever somebody may read.
func (v *vault) search(t *testing.T, when string, store *s3.Server) {
	t.Helper()
	for _, place := range v.places(t) {
		for _, key := range []string{store.AccessKey, store.SecretKey} {
			if strings.Contains(place.text, key) {
				t.Errorf("%s: %s holds a key", when, place.name)
			}
		}
	}
}

// place is a text that others may read.
type place struct{ name, text string }

// places are the scheduler's state and log, everything that the agents keep, what the master and the API tell, and what the kernel
// tells of processes.
func (v *vault) places(t *testing.T) []place {
	t.Helper()
	list := []place{{"the scheduler's log", v.said.String()}}
	for _, root := range []string{v.state, v.m.WorkDir} {
		err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
			if err != nil || !info.Mode().IsRegular() || info.Size() > 4<<20 {
				return nil // a file may go while we look; programs and data are large
			}
			text, _ := os.ReadFile(path)
			list = append(list, place{path, string(text)})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	state, err := json.Marshal(v.m.Server().State())
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, place{"the master's state", string(state)})
	for _, page := range []string{"/state", "/frameworks", "/slaves"} {
		list = append(list, place{"the master's " + page, fetch(t, v.m.URL()+page)})
	}
	for _, path := range []string{"/v1/jobs", "/v1/plans/backup", "/v1/events", "/v1/pod/status", "/v1/configurations/target", "/v1/metrics", "/v1/debug/why"} {
		list = append(list, place{path, fetch(t, fmt.Sprintf("http://127.0.0.1:%d%s", v.port, path))})
	}
	for _, pid := range everyProcess() {
		if pid == os.Getpid() || v.store != nil && pid == v.store.Pid() {
			continue // the store has its own key, and the test looks for it
		}
		list = append(list, place{fmt.Sprintf("the arguments of %s", commandLine(pid)), commandLine(pid)},
			place{"the environment of " + commandLine(pid), strings.Join(environment(pid), "\n")})
	}
	return list
}

// fetch gives what an address answers.
func fetch(t *testing.T, address string) string {
	t.Helper()
	client := http.Client{Timeout: patience / 2}
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
