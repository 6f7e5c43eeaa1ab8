package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// newTransport takes proxies from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as the
// standard transport does, and certificates as the target says.
func newTransport(t cluster.TLS) (*http.Transport, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if t == (cluster.TLS{}) {
		return transport, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.Insecure}
	if t.CAFile != "" {
		roots, err := readRoots(t)
		if err != nil {
			return nil, err
		}
		config.RootCAs = roots
	}
	transport.TLSClientConfig = config
	return transport, nil
}

func readRoots(t cluster.TLS) (*x509.CertPool, error) {
	path := t.CAFile
	remedy := "Name a PEM file with the cluster's CA: dcos config set core.ssl_verify <file>."
	if t.Direct {
		remedy = "Name a PEM file with the scheduler's CA: --api-ca-file <file>, or " + cluster.DirectCA + "."
	}
	fault := func(message string) error {
		return &cluster.Fault{Field: "certificate file", Value: path, Message: message, Remedy: remedy}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fault("cannot be read: " + errors.Unwrap(err).Error())
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fault("holds no certificate in PEM form")
	}
	return roots, nil
}

// RedirectError is a redirect that is not followed, because the request, the
// token with it, would go elsewhere.
type RedirectError struct {
	To string // without a password
}

// Error names the place that the answer points to.
func (e *RedirectError) Error() string { return "the answer is a redirect to " + e.To }

// sameHost follows redirects of questions within the host that the user named.
// A command is never repeated elsewhere: a 301 would turn it into a question.
func sameHost(next *http.Request, via []*http.Request) error {
	first := via[0]
	same := next.URL.Hostname() == first.URL.Hostname()
	weaker := first.URL.Scheme == "https" && next.URL.Scheme != "https"
	if !same || weaker || first.Method != http.MethodGet {
		return &RedirectError{To: next.URL.Redacted()}
	}
	if len(via) >= 5 {
		return fmt.Errorf("more than %d redirects, the last one to %s", len(via), next.URL.Redacted())
	}
	return nil
}
