package security

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
)

// base has what both ends need. Up to 20.2 a failed check of the client's certificate
// showed in the handshake (11b), as it does with TLS 1.2.
func (r Rules) base() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.Version.Before(21, 1, 0) {
		c.MaxVersion = tls.VersionTLS12
	}
	return c
}

func (s *Set) server(c *File) (*tls.Config, error) {
	pair, err := tls.X509KeyPair(c.pem, c.key)
	if err != nil {
		return nil, err
	}
	out := s.base()
	out.Certificates = []tls.Certificate{pair}
	// Tickets of its own: a session from before a reload would be resumed with the old certificate.
	var tickets [32]byte
	rand.Read(tickets[:])
	out.SetSessionTicketKeys([][32]byte{tickets})
	return out, nil
}

// admit asks clients for a certificate, and verifies those that have one. Builds
// of Go up to 1.19 had one alert for all that is wrong with it.
func (s *Set) admit(c *tls.Config, roots *x509.CertPool) {
	c.ClientCAs, c.ClientAuth = roots, tls.VerifyClientCertIfGiven
	if s.Version.AtLeast(23, 2, 0) {
		return
	}
	c.ClientAuth = tls.RequestClientCert
	c.VerifyConnection = func(cs tls.ConnectionState) error {
		if len(cs.PeerCertificates) == 0 {
			return nil
		}
		return verify(cs.PeerCertificates, roots, x509.ExtKeyUsageClientAuth)
	}
}

// Mode is an sslmode of PostgreSQL's.
type Mode string

// The modes that use TLS.
const (
	Require    Mode = "require" // any certificate
	VerifyCA   Mode = "verify-ca"
	VerifyFull Mode = "verify-full"
)

// client makes the configuration for a server at host, with a certificate or without.
func (r Rules) client(host string, mode Mode, roots *x509.CertPool, pair *tls.Certificate) *tls.Config {
	c := r.base()
	c.ServerName = host
	// The version's own rules are in VerifyConnection.
	c.InsecureSkipVerify = true
	if mode != Require || roots != nil {
		c.VerifyConnection = func(cs tls.ConnectionState) error {
			if mode == VerifyFull {
				if err := r.hostError(cs.PeerCertificates[0], host); err != nil {
					return err
				}
			}
			return r.worded(verify(cs.PeerCertificates, roots, x509.ExtKeyUsageServerAuth))
		}
	}
	if pair != nil {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return pair, nil }
	}
	return c
}

// NodeClient is for a peer at host: the node's certificate is the client's too,
// unless there is one of its own.
func (s *Set) NodeClient(host string) (*tls.Config, error) {
	c := s.node
	if s.nodeClient != nil {
		c = s.nodeClient
	}
	pair, err := tls.X509KeyPair(c.pem, c.key)
	if err != nil {
		return nil, err
	}
	out := s.client(host, VerifyFull, pool(s.ca), &pair)
	out.ClientSessionCache = s.sessions
	return out, nil
}
