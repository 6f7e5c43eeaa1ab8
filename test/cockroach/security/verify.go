package security

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"
)

// verify checks a chain for a usage, without its names.
func verify(chain []*x509.Certificate, roots *x509.CertPool, usage x509.ExtKeyUsage) error {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: time.Now(), KeyUsages: []x509.ExtKeyUsage{usage},
	})
	return err
}

// worded puts an error in the words of the Go that the version was built with.
func (r Rules) worded(err error) error {
	if err == nil || r.Version.Before(23, 2, 0) {
		return err
	}
	return &tls.CertificateVerificationError{Err: err}
}

// hostError says that a certificate is not good for a host. Up to 20.2 the common
// name counted when there are no other names at all.
func (r Rules) hostError(c *x509.Certificate, host string) error {
	bare := len(c.DNSNames) == 0 && len(c.IPAddresses) == 0 && len(c.URIs) == 0 && len(c.EmailAddresses) == 0
	if cn := c.Subject.CommonName; r.Version.Before(21, 1, 0) && bare && net.ParseIP(host) == nil {
		if matches(cn, host) {
			return nil
		}
		return fmt.Errorf("x509: certificate is valid for %s, not %s", cn, host)
	}
	return r.worded(c.VerifyHostname(host))
}

// matches compares a name of a certificate, maybe with a star for its first label.
func matches(pattern, host string) bool {
	pattern, host = strings.ToLower(pattern), strings.ToLower(strings.TrimSuffix(host, "."))
	if _, rest, ok := strings.Cut(host, "."); ok && strings.HasPrefix(pattern, "*.") {
		return pattern[2:] == rest
	}
	return pattern == host
}

// Serves says why a peer of the same folder would not take the node's certificate
// at a host, nil when it would.
func (s *Set) Serves(host string) error {
	if err := s.hostError(s.node.Certs[0], host); err != nil {
		return err
	}
	return s.worded(verify(s.node.Certs, pool(s.ca), x509.ExtKeyUsageServerAuth))
}

// Names describes the names of the node's certificate, or of the HTTP port's, as the log does.
func (s *Set) Names(web bool) string {
	c := s.node.Certs[0]
	if web && s.ui != nil {
		c = s.ui.Certs[0]
	}
	var ips []string
	for _, ip := range c.IPAddresses {
		ips = append(ips, ip.String())
	}
	return fmt.Sprintf("IP=%s; DNS=%s; CN=%s", strings.Join(ips, ","), strings.Join(c.DNSNames, ","), c.Subject.CommonName)
}

// Named says whether the node's certificate has the name of a host.
func (s *Set) Named(host string) bool { return s.hostError(s.node.Certs[0], host) == nil }
