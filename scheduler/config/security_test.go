package config

import (
	"encoding/pem"
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/auth/authtest"
)

// account is a service account of all tests.
var account = authtest.New("crdb-account", time.Hour)

// certificate is one in PEM.
func certificate() string {
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// folder is a file system of a few files.
type folder map[string]string

func (f folder) read(path string) ([]byte, error) {
	text, ok := f[path]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: os.ErrNotExist}
	}
	if text == "locked" {
		return nil, errors.New("permission denied")
	}
	return []byte(text), nil
}

func TestFilesThatSettingsName(t *testing.T) {
	disk := folder{"secrets/sa.json": account.Credential("https://m"), "ca.crt": certificate(), "empty": "", "text": "hush", "half.json": `{"uid": "x"`,
		"locked": "locked"}
	for name, tt := range map[string]struct {
		environ []string
		// fields and messages of the faults, in their order.
		faults []string
		uid    string
	}{
		"a credential in a file":   {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=secrets/sa.json", "DCOS_CA_FILE=ca.crt"}, nil, "crdb-account"},
		"a credential as it is":    {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=" + account.Credential("")}, nil, "crdb-account"},
		"none":                     {nil, nil, ""},
		"none, and a CA":           {[]string{"DCOS_CA_FILE=ca.crt"}, nil, ""},
		"no such files":            {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=hush", "DCOS_CA_FILE=gone"}, []string{"names no file that can be read: file does not exist", "cannot be read: file does not exist"}, ""},
		"a locked file":            {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=locked"}, []string{"permission denied"}, ""},
		"an empty file":            {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=empty"}, []string{"holds no credential"}, ""},
		"a file of something else": {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=text", "DCOS_CA_FILE=text"}, []string{"holds no credential", "holds no certificate in PEM"}, ""},
		"half a credential":        {[]string{"DCOS_SERVICE_ACCOUNT_CREDENTIAL=half.json"}, []string{"not JSON"}, ""},
		"with other faults": {[]string{"NODE_COUNT=0", "DCOS_SERVICE_ACCOUNT_CREDENTIAL=hush", "LOG_LEVEL=loud"},
			[]string{"out of bounds", "names no file", "not one of the choices"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			parsed := ParseFiles(append([]string{"PORT_API=8090"}, tt.environ...), today, disk.read)
			if len(parsed.Faults) != len(tt.faults) {
				t.Fatalf("got %v, want %q", parsed.Faults, tt.faults)
			}
			for i, fault := range parsed.Faults {
				if !strings.Contains(fault.Message, tt.faults[i]) || fault.Remedy == "" {
					t.Errorf("got %v, want %q in it", fault, tt.faults[i])
				}
				if strings.Contains(fault.Error(), "hush") {
					t.Errorf("%v shows what may be a secret", fault)
				}
			}
			if len(tt.faults) > 0 {
				return
			}
			got, given := parsed.Settings.Account()
			if got.UID != tt.uid || given != (tt.uid != "") {
				t.Errorf("account %q, %v, want %q", got.UID, given, tt.uid)
			}
		})
	}
}

// The endpoint of a credential that names none follows the way to the masters.
func TestWhereTheLoginGoes(t *testing.T) {
	for _, tt := range []struct{ environ, want string }{
		{"MESOS_TLS=no", "http://master.mesos/acs/api/v1/auth/login"},
		{"MESOS_TLS=yes", "https://master.mesos/acs/api/v1/auth/login"},
		{"MESOS_MASTER=http://m:5050", "http://master.mesos/acs/api/v1/auth/login"},
		{"MESOS_MASTER=https://m:5050", "https://master.mesos/acs/api/v1/auth/login"},
	} {
		got, _ := settingsOf(t, tt.environ, "DCOS_SERVICE_ACCOUNT_CREDENTIAL="+account.Credential("")).Account()
		if got.Endpoint != tt.want {
			t.Errorf("%s: %s, want %s", tt.environ, got.Endpoint, tt.want)
		}
	}
}

// Without files a path is no fault, and says nothing about the principal.
func TestAPathWhoseFileIsNotLookedAt(t *testing.T) {
	settings := settingsOf(t, "DCOS_SERVICE_ACCOUNT_CREDENTIAL=secrets/sa.json")
	if got := settings.Target().Service.Principal; got != "cockroachdb-principal" {
		t.Errorf("principal %q", got)
	}
	if _, given := settings.Account(); given {
		t.Error("there is an account")
	}
}

func TestThePrincipalIsTheAccount(t *testing.T) {
	credential := "DCOS_SERVICE_ACCOUNT_CREDENTIAL=" + account.Credential("")
	for want, environ := range map[string][]string{
		"crdb-account": {credential}, "given": {credential, "FRAMEWORK_PRINCIPAL=given"}, "cockroachdb-principal": nil,
	} {
		if got := settingsOf(t, environ...).Target().Service.Principal; got != want {
			t.Errorf("principal %q, want %q", got, want)
		}
	}
}
