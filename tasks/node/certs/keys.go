package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// Key is a private key that was made here and its signing request. It never prints.
type Key struct {
	signer crypto.Signer
	// request is PKCS #10 in PEM. It names nothing: the scheduler knows what to put in.
	request string
}

// NewKey makes a key on the curve P-256, which every supported release and its clients read.
func NewKey() (*Key, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		return nil, fmt.Errorf("make a signing request: %w", err)
	}
	return &Key{key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))}, nil
}

// Request is the signing request in PEM.
func (k *Key) Request() string { return k.request }

// Format hides the key from every verb of package fmt.
func (*Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[redacted]")) }

// Keys are those of one node: its own, and that of the user root for the helper's commands.
type Keys struct{ Node, Client *Key }

// NewKeys makes both.
func NewKeys() (Keys, error) {
	node, err := NewKey()
	if err != nil {
		return Keys{}, err
	}
	client, err := NewKey()
	return Keys{node, client}, err
}

// encodeKey is a key as PKCS #8 in PEM.
func encodeKey(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode a key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
