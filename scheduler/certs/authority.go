package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// backDated is how long before it is made a certificate is valid, for clocks that are behind; the database's own tool has it so.
const backDated = 24 * time.Hour

// signer is an authority with its key.
type signer struct {
	id string
	// chain begins with the authority itself; those that it is traced to may follow.
	chain []*x509.Certificate
	key   crypto.Signer
}

// Make makes an authority for a service, with its key sealed under the passphrase. Two of one service have different subjects, so that
// whoever is shown the list of those that a server trusts can tell them apart.
func Make(service string, lifetime time.Duration, passphrase wire.Secret, now time.Time) (tasks.Authority, error) {
	made, _, err := makeAuthority(service, lifetime, passphrase, now)
	return made, err
}

func makeAuthority(service string, lifetime time.Duration, passphrase wire.Secret, now time.Time) (tasks.Authority, *signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tasks.Authority{}, nil, fmt.Errorf("make the key of an authority: %w", err)
	}
	serial := newSerial()
	now = now.UTC().Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: commonName(service), SerialNumber: serial.Text(16)},
		NotBefore:    now.Add(-backDated), NotAfter: now.Add(lifetime),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tasks.Authority{}, nil, fmt.Errorf("make an authority: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return tasks.Authority{}, nil, fmt.Errorf("read the authority that was made: %w", err)
	}
	sealed, err := seal(key, passphrase)
	if err != nil {
		return tasks.Authority{}, nil, err
	}
	made := described(certificate)
	made.Sealed = sealed
	return made, &signer{id: made.ID, chain: []*x509.Certificate{certificate}, key: key}, nil
}

// commonName is "<service> CA" without the slashes of a path, within the 64 characters of X.520.
func commonName(service string) string {
	const most = 64 - len(" CA")
	name := strings.Trim(service, "/")
	return name[:min(len(name), most)] + " CA"
}

// described is what is stored of an authority; others are those that it is handed out with.
func described(certificate *x509.Certificate, others ...*x509.Certificate) tasks.Authority {
	text := certificatePEM(certificate)
	for _, other := range others {
		text += certificatePEM(other)
	}
	return tasks.Authority{ID: ID(certificate), PEM: text, NotBefore: certificate.NotBefore.UTC(), NotAfter: certificate.NotAfter.UTC()}
}

// ID is how an authority is called: the first 16 hex digits of the SHA-256 of its certificate.
func ID(certificate *x509.Certificate) string {
	sum := sha256.Sum256(certificate.Raw)
	return hex.EncodeToString(sum[:8])
}

// keyHash is the SHA-256 of a public key (SubjectPublicKeyInfo) in hex.
func keyHash(subjectPublicKeyInfo []byte) string {
	sum := sha256.Sum256(subjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

// serialText is a serial number as it is stored and shown: lower-case hex without leading zeros.
func serialText(certificate *x509.Certificate) string { return certificate.SerialNumber.Text(16) }

// newSerial is a random positive number of 128 bits (RFC 5280 wants at most 20 octets).
func newSerial() *big.Int {
	random := make([]byte, 16)
	for {
		// rand.Read never fails (Go 1.24 and later).
		_, _ = rand.Read(random)
		if serial := new(big.Int).SetBytes(random); serial.Sign() > 0 {
			return serial
		}
	}
}
