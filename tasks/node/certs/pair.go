package certs

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
)

// pair is a certificate with its key.
type pair struct {
	// certificate is PEM, the leaf first.
	certificate string
	chain       []*x509.Certificate
	signer      crypto.Signer
}

func (p *pair) leaf() *x509.Certificate { return p.chain[0] }

// newPair reads a certificate and holds it against its key and whom it is to be for. Given is a key that came along, in
// place of the one that was made here; empty: none did.
func newPair(certificate, given string, own *Key, user string) (*pair, error) {
	if certificate == "" {
		return nil, errors.New("it is missing")
	}
	chain, err := Certificates(certificate)
	if err != nil {
		return nil, err
	}
	p := &pair{certificate, chain, own.signer}
	if given != "" {
		if p.signer, err = privateKey(given); err != nil {
			return nil, err
		}
	}
	public, ok := p.signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(p.leaf().PublicKey) {
		return nil, errors.New("key and certificate do not belong together")
	}
	if !isFor(p.leaf(), user) {
		return nil, fmt.Errorf("it is for %q, and not for the user %s", shorten(p.leaf().Subject.CommonName), user)
	}
	return p, nil
}
