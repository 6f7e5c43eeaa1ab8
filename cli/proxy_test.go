package cli_test

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// proxy is an HTTP proxy whose only way leads to one server, whatever host is asked for.
type proxy struct {
	*httptest.Server
	to    string // host:port
	login bool   // nobody is let through

	mu    sync.Mutex
	asked []string // "GET http://cluster.test/…", "CONNECT example.com:443"
}

func newProxy(t *testing.T, to string, login bool) *proxy {
	p := &proxy{to: to, login: login}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.RequestURI)
	p.mu.Unlock()
	switch {
	case p.login:
		w.WriteHeader(http.StatusProxyAuthRequired)
	case r.Method == http.MethodConnect:
		p.tunnel(w)
	default:
		r.URL.Host, r.RequestURI = p.to, ""
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}
}

func (p *proxy) tunnel(w http.ResponseWriter) {
	far, err := net.Dial("tcp", p.to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = near.Write([]byte("HTTP/1.1 200 OK\r\n\r\n"))
	go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
	go func() { _, _ = io.Copy(near, far); _ = near.Close() }()
}

// TestProxies runs the built plug-in, because a process reads the variables of proxies once. The certificate of the secure
// server is for example.com, and no name of this test is ever looked up.
func TestProxies(t *testing.T) {
	binary := build(t)
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`["deploy"]`)) })
	plain, secure := httptest.NewServer(answer), httptest.NewUnstartedServer(answer)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer plain.Close()
	defer secure.Close()
	ca := filepath.Join(t.TempDir(), "ca.crt")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	address := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	const path = "/service/cockroachdb/v1/plans"
	tests := []struct {
		name   string
		secure bool
		login  bool
		env    []string // PROXY stands for the proxy's address
		asked  string   // of the proxy, "" for nothing
		stderr string   // "" for success
	}{
		{"http", false, false, []string{"HTTP_PROXY=http://PROXY", "DCOS_URL=http://cluster.invalid"}, "GET http://cluster.invalid" + path, ""},
		{"http, in small letters", false, false, []string{"http_proxy=PROXY", "DCOS_URL=http://cluster.invalid"}, "GET http://cluster.invalid" + path, ""},
		{"https", true, false, []string{"HTTPS_PROXY=http://PROXY", "DCOS_URL=https://example.com", "DCOS_TLS_CA_PATH=" + ca}, "CONNECT example.com:443", ""},
		{"https without the CA", true, false, []string{"HTTPS_PROXY=http://PROXY", "DCOS_URL=https://example.com"}, "CONNECT example.com:443", "not trusted here"},
		{"an exception", false, false, []string{"HTTP_PROXY=http://PROXY", "NO_PROXY=.invalid", "DCOS_URL=http://cluster.invalid"}, "", `the host "cluster.invalid" cannot be found`},
		{"a login is asked for", false, true, []string{"HTTP_PROXY=http://PROXY", "DCOS_URL=http://cluster.invalid"}, "GET http://cluster.invalid" + path, "the proxy asks for a login"},
		{"a login is asked for, https", true, true, []string{"HTTPS_PROXY=http://PROXY", "DCOS_URL=https://example.com"}, "CONNECT example.com:443", "the proxy asks for a login"},
		{"a proxy that is down", false, false, []string{"HTTP_PROXY=http://u:hunter2@127.0.0.1:1", "DCOS_URL=http://cluster.invalid"}, "", "the proxy cannot be reached"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to := plain
			if tt.secure {
				to = secure
			}
			p := newProxy(t, address(to), tt.login)
			o := execute(t, proxied(tt.env, address(p.Server)), binary, "cockroachdb", "plan", "list")
			if (o.exit == 0) != (tt.stderr == "") || !strings.Contains(o.stderr, tt.stderr) || strings.Contains(o.stderr, "hunter2") {
				t.Errorf("exit %d, stderr %q, want %q", o.exit, o.stderr, tt.stderr)
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			if got := strings.Join(p.asked, ", "); got != tt.asked {
				t.Errorf("the proxy was asked %q, want %q", got, tt.asked)
			}
		})
	}
}

// proxied puts the proxy's address in place of PROXY in the values.
func proxied(env []string, address string) []string {
	var filled []string
	for _, one := range env {
		name, value, _ := strings.Cut(one, "=")
		filled = append(filled, name+"="+strings.ReplaceAll(value, "PROXY", address))
	}
	return filled
}
