package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// TestReachAdvice is for failures that need a network beyond this machine.
func TestReachAdvice(t *testing.T) {
	tests := []struct {
		name   string
		direct bool
		err    error
		text   string
		try    string
	}{
		{"unknown host", false, &net.OpError{Op: "dial", Err: &net.DNSError{Name: "cluster.test", Err: "no such host"}},
			`the host "cluster.test" cannot be found`, "dcos config show core.dcos_url"},
		{"unknown host, direct", true, &net.DNSError{Name: "cluster.test"}, `the host "cluster.test" cannot be found`, "--url"},
		{"a proxy that is down", false, &net.OpError{Op: "proxyconnect", Err: errors.New("connection refused")},
			"the proxy cannot be reached: connection refused", "NO_PROXY"},
		{"expired", false, &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}},
			"the certificate of the server is not valid: x509: certificate has expired", "core.ssl_verify"},
		{"no common TLS version", false, &net.OpError{Op: "remote error", Err: tls.AlertError(70)},
			"no agreement on encryption with the server", "core.ssl_verify"},
		{"too slow", false, context.DeadlineExceeded, "no answer within 30s", "core.timeout"},
		{"to another host", true, &client.RedirectError{To: "http://other.test"}, "a redirect to http://other.test, which is not followed", "--url"},
		{"anything else", false, errors.New("connection reset by peer"), "did not get through: connection reset by peer", "proxy"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &session{program: "dcos cockroachdb", target: cluster.Target{Direct: tt.direct, Timeout: 30 * time.Second}}
			a := s.advise(fmt.Errorf("ask: %w", &client.ReachError{Query: "GET http://cluster.test/v1/plans", Err: tt.err}))
			if !strings.Contains(a.text, tt.text) || a.asked == "" {
				t.Errorf("text %q (asked %q), want %q", a.text, a.asked, tt.text)
			}
			if try := strings.Join(a.try, "\n"); !strings.Contains(try, tt.try) {
				t.Errorf("try %q, want %q", try, tt.try)
			}
		})
	}
}
