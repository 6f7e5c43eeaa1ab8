package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// standIn is the archive that the tests deploy unless they say otherwise.
const standIn = "cockroach-v24.1.6.linux-amd64.tgz"

// service is one installation: a state that outlives schedulers, and the scheduler that was started last.
type service struct {
	// life is the test with whose end the last scheduler ends; a part of that test may have started it.
	life  *testing.T
	env   map[string]string
	state string
	port  int
	*process
}

// install prepares a service on these machines. Nothing runs before start. Settings are NAME=value.
func install(t *testing.T, m *mesos, settings ...string) *service {
	t.Helper()
	s := describe(t, "", settings...)
	if m != nil && s.env["MESOS_MASTER"] == "" {
		s.env["MESOS_MASTER"] = m.URL()
	}
	t.Cleanup(func() {
		if t.Failed() && m != nil {
			for _, file := range m.files(t, taskOutput) {
				t.Logf("%s\n%s", strings.TrimPrefix(file, m.WorkDir), helperLines(file))
			}
		}
	})
	return s
}

// describe is the environment of a service without machines.
func describe(t *testing.T, master string, settings ...string) *service {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s := &service{life: t, state: filepath.Join(t.TempDir(), "state"), port: freePort(t)}
	s.env = map[string]string{
		"PATH": os.Getenv("PATH"), "MESOS_MASTER": master, "STATE_STORE": "file://" + s.state,
		"PORT_API": fmt.Sprint(s.port), "API_ADVERTISE": fmt.Sprintf("127.0.0.1:%d", s.port),
		"DISCOVERY": "address", "COCKROACH_LISTEN": "agent", "FRAMEWORK_USER": me.Username,
		"COCKROACH_URI":            "file://" + filepath.Join(programs, standIn),
		"READINESS_CHECK_INTERVAL": "1s", "FRAMEWORK_INITIAL_BACKOFF": "1s",
	}
	s.set(settings...)
	return s
}

// helperFromFile lets agents fetch the helper without the scheduler. It is for tests that count launches while they kill
// schedulers: an agent that is just fetching from one that dies reports a failed task, which is rightly launched again.
func helperFromFile() string {
	return "COCKROACHDB_NODE_URI=file://" + filepath.Join(programs, "cockroachdb-scheduler")
}

// set changes the environment of the next start.
func (s *service) set(settings ...string) {
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		s.env[name] = value
	}
}

// beside is a second scheduler of the same installation, with an API of its own.
func (s *service) beside(t *testing.T) *service {
	t.Helper()
	other := &service{life: t, env: maps.Clone(s.env), state: s.state, port: freePort(t)}
	other.set(fmt.Sprintf("PORT_API=%d", other.port), fmt.Sprintf("API_ADVERTISE=127.0.0.1:%d", other.port))
	return other
}

// start starts a scheduler. One that still runs at the end of the service's life is killed.
func (s *service) start(t *testing.T) {
	t.Helper()
	var environ []string
	for _, name := range slices.Sorted(maps.Keys(s.env)) {
		environ = append(environ, name+"="+s.env[name])
	}
	s.process = launch(t, s.life, environ)
}

// answer is what the plug-in printed, and the code it ended with.
type answer struct {
	stdout, stderr string
	code           int
}

// cli runs the plug-in.
func (s *service) cli(t *testing.T, args ...string) answer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(programs, "dcos-cockroachdb"),
		append([]string{"--url", fmt.Sprintf("http://127.0.0.1:%d", s.port)}, args...)...)
	cmd.Env = []string{"HOME=" + filepath.Dir(s.state)}
	return output(t, cmd)
}

// ask runs the plug-in, which has to succeed, and returns what it printed.
func (s *service) ask(t *testing.T, args ...string) string {
	t.Helper()
	got := s.cli(t, args...)
	if got.code != 0 {
		t.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), got.code, got.stderr)
	}
	return got.stdout
}

// plan is a plan as the plug-in shows it.
func (s *service) plan(t *testing.T, name string) (wire.Plan, error) {
	t.Helper()
	var plan wire.Plan
	got := s.cli(t, "plan", "status", name, "--json")
	if got.code != 0 {
		return plan, fmt.Errorf("plan status %s: exit code %d: %s", name, got.code, got.stderr)
	}
	return plan, json.Unmarshal([]byte(got.stdout), &plan)
}

// reaches waits until a plan has a status.
func (s *service) reaches(t *testing.T, name string, status wire.Status) {
	t.Helper()
	eventually(t, s.process, "plan "+name+" "+string(status), func() error {
		plan, err := s.plan(t, name)
		if err == nil && plan.Status != status {
			err = fmt.Errorf("the plan is %s:\n%s", plan.Status, s.ask(t, "plan", "status", name))
		}
		return err
	})
}

// shows waits until a step of the deploy plan has a status with a reason that matches, as the plug-in's tree shows both.
func (s *service) shows(t *testing.T, step string, status wire.Status, reason string) {
	t.Helper()
	wanted := regexp.MustCompile(regexp.QuoteMeta(step) + ` \(` + string(status) + `\)\n[│ ]*` + reason)
	eventually(t, s.process, step+" "+string(status), func() error {
		got := s.cli(t, "plan", "status", "deploy")
		if !wanted.MatchString(got.stdout) {
			return fmt.Errorf("want %s\ngot\n%s%s", wanted, got.stdout, got.stderr)
		}
		return nil
	})
}

// only is the one id that a verb prints: the SDK's API gives a list of one.
func (s *service) only(t *testing.T, args ...string) string {
	t.Helper()
	var ids []string
	if err := json.Unmarshal([]byte(s.ask(t, args...)), &ids); err != nil || len(ids) != 1 {
		t.Fatalf("%s: %d ids (%v), want one", strings.Join(args, " "), len(ids), err)
	}
	return ids[0]
}

// frameworkID is what the plug-in says it is.
func (s *service) frameworkID(t *testing.T) string {
	t.Helper()
	return s.only(t, "debug", "state", "framework_id")
}

// stop asks the scheduler to end, and returns its exit code.
func (s *service) stop(t *testing.T) int {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	return s.code(t)
}
