package e2e

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
)

// archive packs one file as the vendor packs its releases, and returns the setting that deploys it.
func archive(t *testing.T, name, content string) string {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	pack := tar.NewWriter(zip)
	err := pack.WriteHeader(&tar.Header{Name: "cockroach-v24.1.6.linux-amd64/" + name, Mode: 0o755, Size: int64(len(content))})
	if err == nil {
		_, err = pack.Write([]byte(content))
	}
	for _, err := range []error{err, pack.Close(), zip.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), standIn)
	if err := os.WriteFile(path, packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return "COCKROACH_URI=file://" + path
}

// script is a database that knows its version, and does this when it is started.
func script(start string) string {
	return "#!/bin/sh\ncase $1 in\nversion) echo 'Build Tag: v24.1.6' ;;\nstart) " + start + " ;;\n*) exit 1 ;;\nesac\n"
}

// TestATaskThatCannotRun: the step is DELAYED and not tried in a hurry, and the task's own output says what is wrong and
// what to do.
func TestATaskThatCannotRun(t *testing.T) {
	t.Parallel()
	wrongSum := "COCKROACH_SHA256=" + strings.Repeat("0", 64)
	for _, test := range []struct {
		name    string
		setting string
		agent   func(*httpshell.Cluster)
		// code is the exit code of the helper, why what the plan says of it; said is what the task says.
		code, why string
		said      []string
	}{
		{"no database in the archive", archive(t, "README", "nothing here"), nil, "65", "holds no cockroach binary",
			[]string{`there is no program "cockroach" in ` + standIn, "it holds cockroach-v24.1.6.linux-amd64/README", "Check COCKROACH_URI"}},
		{"another archive than asked for", wrongSum, nil, "65", "COCKROACH_SHA256",
			[]string{"has the SHA-256 sum ", "Nothing of it was run. Check COCKROACH_URI and COCKROACH_SHA256"}},
		{"another version than asked for", "COCKROACH_VERSION=v23.2.1", nil, "66", "another version",
			[]string{"the fetched database is v24.1.6, and this task is to run v23.2.1", "Make COCKROACH_URI and COCKROACH_VERSION name the same release"}},
		{"no volume in the sandbox", oneNode, func(c *httpshell.Cluster) { c.Agents[0].NoSandboxPath = true }, "64", "volume/sandbox_path",
			[]string{"no persistent volume at cockroach-data", "Start the Mesos agent with the isolators volume/sandbox_path"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			change := test.agent
			if change == nil {
				change = func(*httpshell.Cluster) {}
			}
			m := machines(t, 1, change)
			// The delay is long enough to look at what is shown meanwhile.
			s := install(t, m, oneNode, test.setting, "FRAMEWORK_INITIAL_BACKOFF=10s")
			s.start(t)
			s.shows(t, first, wire.StatusDelayed, `failed (once|\d times), next try at \d\d:\d\d:\d\d UTC: .*status `+test.code+` \(.*`+test.why)
			pod := s.ask(t, "pod", "status", "cockroachdb-0")
			if !strings.Contains(pod, "cockroachdb-0-node-init (FAILED)") || !strings.Contains(pod, "status "+test.code) {
				t.Errorf("pod status does not show the failure:\n%s", pod)
			}
			said := ""
			for _, file := range m.files(t, taskOutput) {
				said += helperLines(file)
			}
			for _, want := range test.said {
				if !strings.Contains(said, want) {
					t.Errorf("the task does not say %q:\n%s", want, said)
				}
			}
			if databases := m.databases(); len(databases) != 0 {
				t.Errorf("a database runs: %v", databases)
			}
		})
	}
}

// TestACrashLoop: each failure makes the next wait longer, up to a limit, and the plan says which failure it was.
func TestACrashLoop(t *testing.T) {
	t.Parallel()
	m := machines(t, 1)
	s := install(t, m, oneNode, archive(t, "cockroach", script("sleep 0.2; echo 'no more memory' >&2; exit 7")), "FRAMEWORK_MAX_LAUNCH_DELAY=3s")
	s.start(t)
	s.shows(t, first, wire.StatusDelayed, `failed once, next try at \d\d:\d\d:\d\d UTC: .*status 7`)
	s.shows(t, first, wire.StatusDelayed, `failed 3 times, next try at \d\d:\d\d:\d\d UTC: .*status 7`)
	for _, line := range []string{"failures=1 delay=1s", "failures=2 delay=2s", "failures=3 delay=3s"} {
		if err := s.said.lacks(line); err != nil {
			t.Error(err)
		}
	}
	plan := s.ask(t, "plan", "status", "deploy")
	if !strings.Contains(plan, "deploy (serial strategy) (DELAYED)") {
		t.Errorf("the plan is not DELAYED:\n%s", plan)
	}
	if found := m.files(t, volumes); len(found) != 1 {
		t.Errorf("the tries left %d volumes, want the one that they share: %v", len(found), found)
	}
}

// TestANodeThatNeverGetsReady: its step stays STARTED and says since when, and the next one is not begun.
func TestANodeThatNeverGetsReady(t *testing.T) {
	t.Parallel()
	m := machines(t, 2)
	s := install(t, m, "NODE_COUNT=2", archive(t, "cockroach", script("exec sleep 600")))
	s.start(t)
	const unready = `runs on 127\.\d+\.\d+\.\d+, its readiness check says no \(exit code 1\) since `
	s.shows(t, first, wire.StatusStarted, unready)
	before := m.alive(t)
	// Some more checks change nothing.
	always(t, 3*time.Second, "STARTED", func() error {
		plan, err := s.plan(t, "deploy")
		if err == nil && plan.Phases[0].Steps[0].Status != wire.StatusStarted {
			err = fmt.Errorf("the step is %s", plan.Phases[0].Steps[0].Status)
		}
		return err
	})
	s.shows(t, second, wire.StatusPending, `waits for cockroachdb-0:\[node-init\]`)
	if now := m.alive(t); !same(now, before) || len(now) != 1 {
		t.Errorf("tasks %v, want the one from before, %v", now, before)
	}
}
