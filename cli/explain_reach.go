package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/client"
)

// adviseReach words a question that got no whole answer.
func (s *session) adviseReach(e *client.ReachError) advice {
	a := advice{asked: e.Query}
	a.text, a.try = s.reachAdvice(e.Err)
	if slow(e.Err) {
		a.try = append(s.doubt(e.Query), a.try...)
	}
	return a
}

func (s *session) reachAdvice(err error) (string, []string) {
	if text, try := s.trustAdvice(err); text != "" {
		return text, try
	}
	if redirect, ok := errors.AsType[*client.RedirectError](err); ok {
		return redirect.Error() + ", which is not followed", []string{"If that is the right place, make it the address: " + s.addressSetting() + "."}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "proxyconnect" {
		return fmt.Sprintf("the proxy cannot be reached: %v", op.Err),
			[]string{"Check HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY."}
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Sprintf("the host %q cannot be found", name.Name), s.addressAdvice()
	}
	switch {
	case strings.Contains(err.Error(), http.StatusText(http.StatusProxyAuthRequired)): // net/http gives no type for it
		return "the proxy asks for a login", []string{proxyLogin}
	case slow(err):
		return fmt.Sprintf("no answer within %s", s.target.Timeout), append([]string{
			"Try again, or allow more time: dcos config set core.timeout <seconds> (without DC/OS: DCOS_TIMEOUT=<seconds>).",
		}, s.addressAdvice()...)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens at this address (connection refused)", s.addressAdvice()
	}
	return fmt.Sprintf("the query did not get through: %v", err), s.addressAdvice()
}

// proxyLogin is the remedy for a proxy that lets nobody through unknown.
const proxyLogin = "Give the login in HTTP_PROXY and HTTPS_PROXY (http://user:password@proxy:port), or name the host in NO_PROXY."

// slow says that the answer did not come in time.
func slow(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// trustAdvice words errors of TLS; "" for all others.
func (s *session) trustAdvice(err error) (string, []string) {
	if tlsErr, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		err = tlsErr.Err
	}
	if host, ok := errors.AsType[x509.HostnameError](err); ok {
		return fmt.Sprintf("the certificate of the server is not for %q", host.Host), s.trustRemedies()
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate of the server is signed by an authority that is not trusted here", s.trustRemedies()
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return fmt.Sprintf("the certificate of the server is not valid: %v", invalid), s.trustRemedies()
	}
	if errors.Is(err, http.ErrSchemeMismatch) {
		return "the server speaks HTTP, not HTTPS", []string{"Write the address with http:// : " + s.addressSetting() + "."}
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return fmt.Sprintf("no agreement on encryption with the server: %v", err), s.trustRemedies()
	}
	return "", nil
}

func (s *session) trustRemedies() []string {
	if s.target.Direct {
		return []string{"Name a file with the CA that certifies the scheduler: --api-ca-file <file>, or COCKROACHDB_API_CA_FILE. SSL_CERT_FILE counts too."}
	}
	return []string{
		"Trust the cluster's CA: dcos config set core.ssl_verify <CA file>",
		"Or set the cluster up again, which fetches the CA: dcos cluster setup <url>",
		"Without any check, for tests alone: dcos config set core.ssl_verify false",
	}
}

func (s *session) addressSetting() string {
	if s.target.Direct {
		return "--url or COCKROACHDB_SCHEDULER_URL"
	}
	return "dcos config set core.dcos_url <url>"
}

func (s *session) addressAdvice() []string {
	if s.target.Direct {
		return []string{
			"Is the scheduler running, and is this the address of its API? " + s.addressSetting() + " sets it.",
		}
	}
	return []string{
		"Is this the address of the cluster? dcos config show core.dcos_url",
		"Does the way there need a VPN or a proxy? HTTP_PROXY and HTTPS_PROXY are used when set.",
	}
}

// adviseFormat words an answer that is no answer of a scheduler.
func (s *session) adviseFormat(e *client.FormatError) advice {
	a := advice{
		text:  fmt.Sprintf("the answer is not what a scheduler sends (%s; its type is %q)", e.What, e.Kind),
		asked: e.Query,
		try:   s.addressAdvice(),
	}
	if !s.target.Direct {
		a.try = append(a.try, s.nameAdvice()...)
	}
	return a
}
