package main

import (
	"bytes"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth/authtest"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
)

// strict is a server over TLS that takes logins, and answers others only when they bring a token of them.
func strict(t *testing.T) (*authtest.Manager, *httptest.Server) {
	t.Helper()
	manager := authtest.New("crdb", time.Hour)
	server := httptest.NewTLSServer(manager.Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "in") })))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(server.Close)
	return manager, server
}

// laid writes a file below a folder.
func laid(t *testing.T, folder, path, text string) string {
	t.Helper()
	path = filepath.Join(folder, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFromTheEnvironmentToTheMaster: credential and CA of the sandbox, or named, end up in the requests to the master.
func TestFromTheEnvironmentToTheMaster(t *testing.T) {
	manager, server := strict(t)
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	sandbox := t.TempDir()
	laid(t, sandbox, "secrets/account.json", manager.Credential(server.URL))
	laid(t, sandbox, ".ssl/ca-bundle.crt", authority)
	named := laid(t, t.TempDir(), "ca.crt", authority)
	for name, tt := range map[string]struct {
		environ []string
		// status is the answer's; fault is what is wrong instead of an answer.
		status int
		fault  string
	}{
		"all from the sandbox": {[]string{"MESOS_SANDBOX=" + sandbox, "DCOS_SERVICE_ACCOUNT_CREDENTIAL=secrets/account.json"}, 200, ""},
		"all named":            {[]string{"DCOS_CA_FILE=" + named, "DCOS_SERVICE_ACCOUNT_CREDENTIAL=" + manager.Credential(server.URL)}, 200, ""},
		"no account":           {[]string{"DCOS_CA_FILE=" + named}, 401, ""},
		"no CA":                {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=" + filepath.Join(sandbox, "secrets/account.json")}, 0, "unknown authority"},
	} {
		t.Run(name, func(t *testing.T) {
			environ := append([]string{"PORT_API=8090", "MESOS_MASTER=" + server.URL}, tt.environ...)
			files := filesOf(environ)
			parsed := config.ParseFiles(environ, time.Now(), files.read)
			if len(parsed.Faults) > 0 {
				t.Fatal(parsed.Faults)
			}
			var log bytes.Buffer
			carrier, err := transport(parsed.Settings, files, slog.New(slog.NewTextHandler(&log, nil)))
			if err != nil {
				t.Fatal(err)
			}
			response, err := (&http.Client{Transport: carrier}).Get(server.URL)
			switch {
			case tt.fault != "":
				if err == nil || !strings.Contains(err.Error(), tt.fault) {
					t.Errorf("got %v, want %q in it", err, tt.fault)
				}
			case err != nil:
				t.Fatal(err)
			case response.StatusCode != tt.status:
				t.Errorf("status %d, want %d: %q", response.StatusCode, tt.status, manager.Refusals())
			}
			for _, line := range manager.KeyLines() {
				if strings.Contains(log.String(), line) {
					t.Error("the private key is in the log")
				}
			}
		})
	}
}

// TestWhoeverAsksOpensNoFile: the API compares with files that were read at the start, and with no other.
func TestWhoeverAsksOpensNoFile(t *testing.T) {
	folder := t.TempDir()
	mine, others := laid(t, folder, "mine", "a"), laid(t, folder, "others", "b")
	files := filesOf(nil)
	if _, err := files.read(mine); err != nil {
		t.Fatal(err)
	}
	if text, err := files.again(mine); err != nil || string(text) != "a" {
		t.Errorf("%q, %v", text, err)
	}
	if text, err := files.again(others); err == nil {
		t.Errorf("%q was read", text)
	}
}
