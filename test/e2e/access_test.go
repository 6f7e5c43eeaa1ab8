package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certify writes a certificate for 127.0.0.1 that is its own authority, with its key.
func certify(t *testing.T, cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	lay(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	lay(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})))
}

func lay(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAccessToTheAPI: the built scheduler and the built plug-in, with TLS and a token, without a master.
func TestAccessToTheAPI(t *testing.T) {
	t.Parallel()
	const first, second = "the-first-token-of-this-test", "the-second-token-of-this-test"
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	certify(t, at("api.crt"), at("api.key"))
	lay(t, at("tokens"), first+"\n")
	lay(t, at("wrong"), "a-token-that-nobody-knows\n")
	master := hangUp(t)
	s := describe(t, "http://"+master.Addr().String(), "API_TLS_CERT="+at("api.crt"), "API_TLS_KEY="+at("api.key"), "API_TLS_CA="+at("api.crt"), "API_TOKEN="+at("tokens"))
	s.start(t)
	s.hears(t, "API open", "https://127.0.0.1")
	address := fmt.Sprintf("127.0.0.1:%d", s.port)
	asks := func(scheme, ca, tokens string, args ...string) answer {
		cmd := exec.CommandContext(t.Context(), filepath.Join(programs, "dcos-cockroachdb"),
			append([]string{"--url", scheme + "://" + address, "--api-token-file", tokens, "--api-ca-file", ca}, args...)...)
		cmd.Env = []string{"HOME=" + folder}
		return output(t, cmd)
	}
	if got := asks("https", at("api.crt"), at("tokens"), "plan", "status", "deploy"); got.code != 0 || !strings.Contains(got.stdout, "deploy (serial strategy)") {
		t.Errorf("%+v", got)
	}
	for name, tt := range map[string]struct{ scheme, tokens, want string }{
		"a wrong token": {"https", at("wrong"), "the scheduler does not take this token (401"},
		"plain HTTP":    {"http", at("tokens"), "the scheduler wants to be asked by https (403"},
	} {
		if got := asks(tt.scheme, at("api.crt"), tt.tokens, "plan", "status", "deploy"); got.code != 1 || !strings.Contains(got.stderr, tt.want) || strings.Contains(got.stderr, first) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	// What Mesos' fetcher and Marathon's check ask for, and what Prometheus does with the file of its token.
	if status, body := ask(t, http.DefaultClient, "http://"+address+"/v1/artifacts/cockroachdb-node", ""); status != 200 || !strings.HasPrefix(body, "\x7fELF") {
		t.Errorf("the helper: %d %.20q", status, body)
	}
	if status, _ := ask(t, http.DefaultClient, "http://"+address+"/v1/health", ""); status/100 == 4 {
		t.Errorf("health: %d", status)
	}
	client := trusting(t, at("api.crt"))
	if status, body := ask(t, client, "https://"+address+"/v1/metrics/prometheus", first); status != 200 || !strings.Contains(body, "cockroachdb_scheduler_api_refused_total 1\n") ||
		!strings.Contains(body, "cockroachdb_scheduler_api_certificate_left_seconds 8") {
		t.Errorf("metrics: %d %s", status, body)
	}

	// A token is changed without a gap, and a certificate, without a restart.
	lay(t, at("tokens"), first+"\n"+second+"\n")
	eventually(t, s.process, "both tokens", func() error { return is(ask(t, client, "https://"+address+"/v1/plans", second))(200) })
	if status, _ := ask(t, client, "https://"+address+"/v1/plans", first); status != 200 {
		t.Errorf("the first token: %d", status)
	}
	lay(t, at("tokens"), second+"\n")
	eventually(t, s.process, "the second token alone", func() error { return is(ask(t, client, "https://"+address+"/v1/plans", first))(401) })
	lay(t, at("tokens"), "weak\n")
	certify(t, at("api.crt"), at("api.key"))
	eventually(t, s.process, "the new certificate", func() error {
		return is(ask(t, trusting(t, at("api.crt")), "https://"+address+"/v1/plans", second))(200)
	})
	s.hears(t, "the certificate of the API changed, the new one is in force", "the token of the API changed and cannot be used; the former stays in force",
		"requests to the API without a good token were refused")
	if said := s.said.String(); strings.Contains(said, first) || strings.Contains(said, second) || strings.Contains(said, "PRIVATE KEY") {
		t.Errorf("the log shows a secret:\n%s", said)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// is compares a status.
func is(status int, body string) func(want int) error {
	return func(want int) error {
		if status != want {
			return fmt.Errorf("status %d, want %d: %s", status, want, body)
		}
		return nil
	}
}

func trusting(t *testing.T, path string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}
	return &http.Client{Transport: transport, Timeout: patience}
}

// ask gives status and body, or 0 and the error.
func ask(t *testing.T, client *http.Client, url, token string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(body)
}
