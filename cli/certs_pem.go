package cli

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// rsaBits is the size that the database's own tool makes.
const rsaBits = 2048

// clientKey is a private key that was made here, which leaves this machine in no form.
type clientKey struct {
	signer crypto.Signer
	// der is PKCS #8, which every driver reads in PEM, and those of Java as it is.
	der []byte
}

// makeKey makes a P-256 key, or an RSA one for drivers that know no other.
func makeKey(useRSA bool) (clientKey, error) {
	var k clientKey
	var err error
	if useRSA {
		k.signer, err = rsa.GenerateKey(rand.Reader, rsaBits)
	} else {
		k.signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err == nil {
		k.der, err = x509.MarshalPKCS8PrivateKey(k.signer)
	}
	if err != nil {
		return clientKey{}, fmt.Errorf("make a key: %w", err)
	}
	return k, nil
}

func (k clientKey) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: k.der})
}

// request is the signing request in PEM.
func (k clientKey) request(user string) (string, error) {
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: user}}, k.signer)
	if err != nil {
		return "", fmt.Errorf("make a signing request: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})), nil
}

// checkIssued holds what the scheduler sent against what was asked for, and gives the two files in plain PEM. The database, and not
// this machine's clock, says whether a certificate is in force, so it is checked at its own beginning.
func checkIssued(issued wire.ClientIssued, user string, k clientKey) (certificate, ca string, err error) {
	chain, err := parseCertificates([]byte(issued.Certificate))
	if err != nil {
		return "", "", fmt.Errorf("the certificate: %w", err)
	}
	authorities, err := parseCertificates([]byte(issued.CA))
	if err != nil {
		return "", "", fmt.Errorf("the authorities: %w", err)
	}
	leaf := chain[0]
	if mine, ok := k.signer.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !mine.Equal(leaf.PublicKey) {
		return "", "", errors.New("the certificate is for another key")
	}
	if leaf.Subject.CommonName != user {
		return "", "", fmt.Errorf("the certificate is for %q", leaf.Subject.CommonName)
	}
	options := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		CurrentTime: begin(leaf, authorities)}
	for _, one := range authorities {
		options.Roots.AddCert(one)
	}
	for _, one := range chain[1:] {
		options.Intermediates.AddCert(one)
	}
	if _, err := leaf.Verify(options); err != nil {
		return "", "", fmt.Errorf("the certificate does not fit the authorities: %w", err)
	}
	return encodeCertificates(chain), encodeCertificates(authorities), nil
}

// begin is a moment in which all of them are in force, if there is one.
func begin(leaf *x509.Certificate, others []*x509.Certificate) time.Time {
	at := leaf.NotBefore
	for _, one := range others {
		if one.NotBefore.After(at) && one.NotBefore.Before(leaf.NotAfter) {
			at = one.NotBefore
		}
	}
	return at
}

// parseCertificates reads all certificates of a text in PEM: one at least, and nothing but certificates.
func parseCertificates(text []byte) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("there is a %s where only certificates are expected", strings.ToLower(block.Type))
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	if len(found) == 0 {
		return nil, errors.New("there is no certificate in PEM form")
	}
	return found, nil
}

// encodeCertificates writes them without anything around them.
func encodeCertificates(list []*x509.Certificate) string {
	var out strings.Builder
	for _, one := range list {
		_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: one.Raw})
	}
	return out.String()
}
