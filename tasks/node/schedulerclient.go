package node

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// SchedulerAccess is where the scheduler's API is, for every sub-command.
type SchedulerAccess struct {
	// URL is http:// or https://host:port, without a trailing slash.
	URL string
	// CA are authorities in PEM that an https API is verified with, beside the system's; empty: the system's alone. ParseSettings
	// has checked it.
	CA string
}

// Client is the HTTP client for the scheduler's API: never through a proxy, since the API is within the cluster, and no redirects,
// since tokens go with requests. The limit holds for one request.
func (a SchedulerAccess) Client(limit time.Duration) *http.Client {
	transport := &http.Transport{
		Proxy: nil, DisableKeepAlives: true, DialContext: (&net.Dialer{Timeout: limit}).DialContext, TLSHandshakeTimeout: limit,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if a.CA != "" {
		roots, err := x509.SystemCertPool()
		if err != nil { // there is none on this machine
			roots = x509.NewCertPool()
		}
		roots.AppendCertsFromPEM([]byte(a.CA))
		transport.TLSClientConfig.RootCAs = roots
	}
	return &http.Client{
		Timeout: limit, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// CheckAuthorities says what is wrong with a PEM text of CRDB_SCHEDULER_CA; an empty one is fine.
func CheckAuthorities(text string) (mistake *Mistake) {
	if text == "" {
		return nil
	}
	if _, err := certs.Certificates(text); err != nil {
		head, _, _ := strings.Cut(text, "\n") // what follows may be a key
		return &Mistake{Variable: cockroach.EnvSchedulerCA, Value: head[:min(len(head), 40)], Problem: err.Error(), Remedy: "Give the API's authorities in PEM, or leave it out"}
	}
	return nil
}
