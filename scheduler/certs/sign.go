package certs

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/http"
	"time"
)

// signed is a certificate with what it needs to be traced to an authority that clients trust.
type signed struct {
	leaf *x509.Certificate
	text string
}

// signNode signs the certificate of a node: it is server and client to other nodes and to itself.
func (s *signer) signNode(key crypto.PublicKey, names []string, lifetime time.Duration, now time.Time) (signed, error) {
	template := &x509.Certificate{Subject: pkix.Name{CommonName: nodeUser},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return s.sign(template, key, lifetime, now)
}

// signClient signs the certificate of a SQL user.
func (s *signer) signClient(key crypto.PublicKey, user string, lifetime time.Duration, now time.Time) (signed, error) {
	return s.sign(&x509.Certificate{Subject: pkix.Name{CommonName: user},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, key, lifetime, now)
}

// sign fills in serial and validity, which ends with the authority's at the latest. The error is a *Refusal when the authority
// cannot sign any more.
func (s *signer) sign(template *x509.Certificate, key crypto.PublicKey, lifetime time.Duration, now time.Time) (signed, error) {
	authority := s.chain[0]
	now = now.UTC().Truncate(time.Second)
	end := authority.NotAfter
	for _, above := range s.chain[1:] {
		end = earlier(end, above.NotAfter)
	}
	if !end.After(now) {
		return signed{}, &Refusal{http.StatusServiceUnavailable, fmt.Sprintf("the authority %s expired at %s: change it (certs rotate --authority, or TLS_CA_CERT)", s.id, end.UTC().Format(time.RFC3339))}
	}
	template.SerialNumber = newSerial()
	template.NotBefore, template.NotAfter = later(now.Add(-backDated), authority.NotBefore), earlier(now.Add(lifetime), end)
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageDigitalSignature
	if _, ok := key.(*rsa.PublicKey); ok {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment
	}
	der, err := x509.CreateCertificate(rand.Reader, template, authority, key, s.key)
	if err != nil {
		return signed{}, fmt.Errorf("sign a certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return signed{}, fmt.Errorf("read the certificate that was signed: %w", err)
	}
	return signed{leaf, withChain(leaf, s.chain)}, nil
}

// withChain is a leaf and those between it and one that signed itself.
func withChain(leaf *x509.Certificate, chain []*x509.Certificate) string {
	text := certificatePEM(leaf)
	for _, above := range chain {
		if !selfSigned(above) {
			text += certificatePEM(above)
		}
	}
	return text
}

func selfSigned(certificate *x509.Certificate) bool {
	return string(certificate.RawSubject) == string(certificate.RawIssuer) && certificate.CheckSignatureFrom(certificate) == nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
