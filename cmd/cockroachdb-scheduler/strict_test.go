package main

import (
	"context"
	"encoding/pem"
	"io/fs"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth/authtest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/httpshell"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// free is a port that nobody has now.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// TestTheSchedulerInStrictMode: the whole scheduler registers over TLS with its account, as the account, and writes the
// secret nowhere.
func TestTheSchedulerInStrictMode(t *testing.T) {
	manager := authtest.New("crdb-account", time.Hour)
	subscribed := make(chan string, 10)
	master := httpshell.New(httpshell.Options{Model: model.Options{MasterID: "master", Seed: 1}, Observe: func(call *scheduler.Call, status int) {
		if call.Type == scheduler.Call_SUBSCRIBE && status == 200 {
			subscribed <- call.GetSubscribe().GetFrameworkInfo().GetPrincipal()
		}
	}})
	defer master.Close()
	server := httptest.NewTLSServer(manager.Guard(master))
	defer server.Close()
	defer server.CloseClientConnections()

	folder := t.TempDir()
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	laid(t, folder, "sandbox/.ssl/ca-bundle.crt", authority)
	laid(t, folder, "sandbox/secrets/account.json", manager.Credential(server.URL))
	written, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	// The scheduler logs to the standard error of its process.
	standard := os.Stderr
	os.Stderr = written
	defer func() { os.Stderr = standard }()

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- start(ctx, []string{"PORT_API=" + free(t), "MESOS_MASTER=" + server.URL, "STATE_STORE=file://" + filepath.Join(folder, "state"),
			"MESOS_SANDBOX=" + filepath.Join(folder, "sandbox"), "DCOS_SERVICE_ACCOUNT_CREDENTIAL=secrets/account.json", "LOG_LEVEL=debug"})
	}()
	select {
	case principal := <-subscribed:
		if principal != "crdb-account" {
			t.Errorf("registered as %q", principal)
		}
	case err := <-ended:
		t.Errorf("it ended: %v", err)
	case <-time.After(time.Minute):
		t.Errorf("it did not register; refused logins %q", manager.Refusals())
	}
	cancel()
	server.CloseClientConnections()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	os.Stderr = standard

	var all strings.Builder
	for _, part := range []string{"log", "state"} {
		err := filepath.WalkDir(filepath.Join(folder, part), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			all.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(all.String(), "logged in to DC/OS") || !strings.Contains(all.String(), "crdb-account") {
		t.Errorf("log and state lack the login:\n%s", &all)
	}
	for _, secret := range append(manager.KeyLines(), "token=", "eyJ") {
		if strings.Contains(all.String(), secret) {
			t.Errorf("log or state show a secret (%.8s…):\n%s", secret, &all)
		}
	}
}

// TestABrokenCredentialStopsTheStart with all its faults, and writes nothing.
func TestABrokenCredentialStopsTheStart(t *testing.T) {
	folder := t.TempDir()
	written, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	standard := os.Stderr
	os.Stderr = written
	defer func() { os.Stderr = standard }()
	err = start(t.Context(), []string{"PORT_API=8090", "STATE_STORE=file://" + filepath.Join(folder, "state"),
		`DCOS_SERVICE_ACCOUNT_CREDENTIAL={"private_key": "hush", "scheme": "none"}`, "DCOS_CA_FILE=" + folder})
	if code := exitCode(err); code != exitConfig {
		t.Errorf("exit code %d: %v", code, err)
	}
	said, err := os.ReadFile(written.Name())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"RS256", `no "uid"`, "not PEM", "DCOS_CA_FILE", "is a directory"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	if strings.Contains(string(said), "hush") || strings.Count(string(said), "remedy: ") != 4 {
		t.Errorf("a secret, or not four remedies:\n%s", said)
	}
	if _, err := os.Stat(filepath.Join(folder, "state")); err == nil {
		t.Error("it wrote a state")
	}
}
