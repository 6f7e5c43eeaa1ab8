package cli_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// build makes the plug-in as it is shipped.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dcos-cockroachdb")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	c := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -X main.version=7.8.9", "-o", path, "../cmd/dcos-cockroachdb")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// execute runs the built plug-in with nothing in its environment but env.
func execute(t *testing.T, env []string, path string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.Command(path, args...)
	c.Stdout, c.Stderr = &stdout, &stderr
	c.Env = append([]string{"HOME=" + t.TempDir()}, env...)
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatalf("run: %v (%v)", err, exit)
	}
	return outcome{stdout.String(), stderr.String(), c.ProcessState.ExitCode()}
}

func TestTheBuiltPlugin(t *testing.T) {
	binary := build(t)
	f := newFixture(t).scheduler(t, "").scheduler(t, "/service/cockroachdb")
	direct := []string{"COCKROACHDB_SCHEDULER_URL=" + f.URL}
	attached := []string{"DCOS_URL=" + f.URL, "DCOS_ACS_TOKEN=" + secret}

	tests := []struct {
		name   string
		env    []string
		args   []string
		exit   int
		stdout string // a part of it; "" for nothing at all
		stderr string
	}{
		{"info needs no cluster", nil, []string{"cockroachdb", "--info"}, 0, "CockroachDB DC/OS CLI Module\n", ""},
		{"the schema needs no cluster", nil, []string{"cockroachdb", "--config-schema"}, 0, `"service_name"`, ""},
		{"the version is the build's", nil, []string{"--version"}, 0, "7.8.9", ""},
		{"endpoints through the cluster", attached, []string{"cockroachdb", "endpoints", "pg"}, 0, `"vip": "pg.cockroachdb.l4lb.thisdcos.directory:26257"`, ""},
		{"endpoints from the scheduler", direct, []string{"endpoints", "pg"}, 0, `"vip"`, ""},
		{"a plan that is not complete", direct, []string{"plan", "status", "deploy"}, 0, "(IN_PROGRESS)", ""},
		{"help", nil, []string{"cockroachdb", "pod", "--help"}, 0, "Usage:", ""},
		{"help for a command", nil, []string{"help", "pod", "status"}, 0, "Usage:", ""},
		{"no command", nil, []string{"cockroachdb"}, 1, "", "try --help"},
		{"unknown command", nil, []string{"cockroachdb", "nosuch"}, 1, "", "try --help"},
		{"unknown sub-command", nil, []string{"plan", "nosuch"}, 1, "", "try --help"},
		{"help for nothing known", nil, []string{"help", "nosuch"}, 1, "", "try --help"},
		{"unknown flag", nil, []string{"plan", "list", "--nosuch"}, 1, "", "try --help"},
		{"missing argument", nil, []string{"pod", "info"}, 1, "", "try --help"},
		{"no cluster", nil, []string{"plan", "list"}, 1, "", "dcos cluster setup"},
		{"unknown plan", direct, []string{"plan", "status", "nosuch"}, 1, "", "there is no plan"},
		{"unknown service", attached, []string{"plan", "list", "--name=other"}, 1, "", "there is no service"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := execute(t, tt.env, binary, tt.args...)
			if o.exit != tt.exit {
				t.Errorf("exit status %d, want %d", o.exit, tt.exit)
			}
			if !strings.Contains(o.stdout, tt.stdout) || (tt.stdout == "" && o.stdout != "") {
				t.Errorf("stdout %q, want %q", o.stdout, tt.stdout)
			}
			if !strings.Contains(o.stderr, tt.stderr) || (tt.stderr == "" && o.stderr != "") {
				t.Errorf("stderr %q, want %q", o.stderr, tt.stderr)
			}
		})
	}

	t.Run("proxies of the environment are used", func(t *testing.T) {
		var wanted []string
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			wanted = append(wanted, r.URL.String())
			w.Write([]byte("[]"))
		}))
		defer proxy.Close()
		o := execute(t, []string{"HTTP_PROXY=" + proxy.URL}, binary, "plan", "list", "--url", "http://scheduler.test:8080")
		proxy.Close()
		if o.exit != 0 || !slices.Equal(wanted, []string{"http://scheduler.test:8080/v1/plans"}) {
			t.Errorf("exit %d (%s), the proxy was asked for %q", o.exit, o.stderr, wanted)
		}
	})
	t.Run("it is small", func(t *testing.T) {
		info, err := os.Stat(binary)
		if err != nil {
			t.Fatal(err)
		}
		if limit := int64(15 << 20); info.Size() > limit {
			t.Errorf("%d bytes, more than %d", info.Size(), limit)
		}
	})
	t.Run("bash completion within dcos", func(t *testing.T) { completeInBash(t, binary, f.URL) })
}
