package main

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
)

const examples = "../../docs/examples/"

// environmentFile reads a file as systemd does: name and value in a line, # before remarks.
func environmentFile(t *testing.T) []string {
	t.Helper()
	file, err := os.Open(examples + "cockroachdb-scheduler.env")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var environ []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !strings.Contains(line, "=") || strings.ContainsAny(line, "\"'\\ ") {
			t.Fatalf("systemd reads %q in another way than a shell", line)
		}
		environ = append(environ, line)
	}
	return environ
}

// TestTheUnit is read by systemd itself where that is installed; the program and the user it names are not there in a test.
func TestTheUnit(t *testing.T) {
	text, err := os.ReadFile(examples + "cockroachdb-scheduler.service")
	if err != nil {
		t.Fatal(err)
	}
	const program = "ExecStart=/usr/local/bin/cockroachdb-scheduler\n"
	for _, line := range []string{program, "EnvironmentFile=/etc/cockroachdb-scheduler.env\n", "Restart=always\n", "StartLimitIntervalSec=0\n"} {
		if !strings.Contains(string(text), line) {
			t.Errorf("the unit lacks %s", line)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("systemd is not installed: CI skips nothing")
		}
		t.Skip("no systemd here to read it")
	}
	path := filepath.Join(t.TempDir(), "cockroachdb-scheduler.service")
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), program, "ExecStart=/bin/sh\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(analyze, "verify", path).CombinedOutput(); err != nil || strings.Contains(string(out), path) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// TestTheEnvironmentFileStartsTheScheduler with nothing changed but the addresses of machines that are not there.
func TestTheEnvironmentFileStartsTheScheduler(t *testing.T) {
	written := environmentFile(t)
	if parsed := config.Parse(written, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)); len(parsed.Faults) > 0 {
		t.Fatalf("faults: %v", parsed.Faults)
	}
	subscribed := make(chan struct{}, 100)
	master := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			subscribed <- struct{}{}
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	defer master.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	environ := replaced(t, written, "MESOS_MASTER="+master.URL, "PORT_API="+port,
		"STATE_STORE=file://"+filepath.Join(t.TempDir(), "state"))
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- start(ctx, environ) }()
	select {
	case <-subscribed:
	case err := <-ended:
		t.Fatalf("it ended: %v", err)
	}
	response, err := http.Get("http://127.0.0.1:" + port + "/v1/plans/deploy")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusAccepted && response.StatusCode != http.StatusOK {
		t.Errorf("the plan: %s", response.Status)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// replaced sets variables that are there already.
func replaced(t *testing.T, environ []string, values ...string) []string {
	t.Helper()
	out := slices.Clone(environ)
	for _, value := range values {
		name, _, _ := strings.Cut(value, "=")
		at := slices.IndexFunc(out, func(one string) bool { return strings.HasPrefix(one, name+"=") })
		if at < 0 {
			t.Fatalf("the file does not set %s", name)
		}
		out[at] = value
	}
	return out
}
