package cli_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCertificates runs against a server with a certificate of the test's own
// authority, made out to 127.0.0.1 and not to localhost.
func TestCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`["deploy"]`)) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of refused handshakes
	server.StartTLS()
	defer server.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.crt")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	junk := filepath.Join(dir, "junk.crt")
	if err := os.WriteFile(junk, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	tests := []struct {
		name string
		env  map[string]string
		want []string // on stderr; none means success
	}{
		{"unknown authority", map[string]string{"DCOS_URL": server.URL},
			[]string{"signed by an authority that is not trusted", "dcos config set core.ssl_verify <CA file>"}},
		{"checks switched off", map[string]string{"DCOS_URL": server.URL, "DCOS_TLS_INSECURE": "1"}, nil},
		{"checks switched off, as the SDK says it", map[string]string{"DCOS_URL": server.URL, "DCOS_SSL_VERIFY": "False"}, nil},
		{"its authority is given", map[string]string{"DCOS_URL": server.URL, "DCOS_TLS_CA_PATH": ca}, nil},
		{"its authority is given, as the SDK says it", map[string]string{"DCOS_URL": server.URL, "DCOS_SSL_VERIFY": ca}, nil},
		{"another host's certificate", map[string]string{"DCOS_URL": byName, "DCOS_TLS_CA_PATH": ca},
			[]string{`the certificate of the server is not for "localhost"`, "dcos cluster setup"}},
		{"a file without a certificate", map[string]string{"DCOS_URL": server.URL, "DCOS_TLS_CA_PATH": junk},
			[]string{junk, "holds no certificate in PEM form"}},
		{"no HTTPS there", map[string]string{"DCOS_URL": strings.Replace(plain.URL, "http:", "https:", 1)},
			[]string{"the server speaks HTTP, not HTTPS", "Write the address with http://"}},
		{"the cluster's leave to skip checks is not for other addresses",
			map[string]string{"COCKROACHDB_SCHEDULER_URL": server.URL, "DCOS_TLS_INSECURE": "1"},
			[]string{"not trusted here", "SSL_CERT_FILE"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := run(t, tt.env, "plan", "list")
			if (o.exit == 0) != (tt.want == nil) {
				t.Errorf("exit %d, stderr:\n%s", o.exit, o.stderr)
			}
			for _, want := range tt.want {
				if !strings.Contains(o.stderr, want) {
					t.Errorf("stderr lacks %q:\n%s", want, o.stderr)
				}
			}
		})
	}
}
