package certs

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

const (
	// ordinaryWork is the logarithm of scrypt's N: 32 MB and about a tenth of a second. The passphrase is a secret of a store for
	// secrets, not one that a person remembers.
	ordinaryWork = 15
	// mostWork is what is opened at most: somebody may have sealed it anew with age's own tool, whose factor is 18.
	mostWork = 20
	// maxSealed bounds a sealed key in bytes; one of ours takes some 600.
	maxSealed = 64 << 10
)

// workFactor is ordinaryWork outside of tests.
var workFactor = ordinaryWork

// errPassphrase says that a sealed key is not opened by a passphrase.
var errPassphrase = errors.New("the passphrase does not open the key")

// seal encrypts a key: PKCS #8 in PEM, in an armored age file.
func seal(key crypto.Signer, passphrase wire.Secret) (string, error) {
	clear, err := keyPEM(key)
	if err != nil {
		return "", err
	}
	recipient, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		return "", fmt.Errorf("seal the authority's key: %w", err)
	}
	recipient.SetWorkFactor(workFactor)
	var sealed bytes.Buffer
	armored := armor.NewWriter(&sealed)
	writer, err := age.Encrypt(armored, recipient)
	if err != nil {
		return "", fmt.Errorf("seal the authority's key: %w", err)
	}
	_, err = io.WriteString(writer, string(clear))
	if err := errors.Join(err, writer.Close(), armored.Close()); err != nil {
		return "", fmt.Errorf("seal the authority's key: %w", err)
	}
	return sealed.String(), nil
}

// unseal opens a key. Errors: errPassphrase, or what is wrong with the file; none shows the passphrase or the key.
func unseal(sealed string, passphrase wire.Secret) (crypto.Signer, error) {
	if len(sealed) > maxSealed {
		return nil, fmt.Errorf("open the authority's key: it is larger than %d bytes", maxSealed)
	}
	identity, err := age.NewScryptIdentity(string(passphrase))
	if err != nil {
		return nil, errPassphrase // an empty one
	}
	identity.SetMaxWorkFactor(mostWork)
	reader, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), identity)
	if err != nil {
		var none *age.NoIdentityMatchError
		if errors.As(err, &none) {
			return nil, errPassphrase
		}
		return nil, fmt.Errorf("open the authority's key: %w", err)
	}
	clear, err := io.ReadAll(io.LimitReader(reader, maxSealed))
	if err != nil {
		return nil, fmt.Errorf("open the authority's key: %w", err)
	}
	key, problem := readKey(string(clear))
	if problem != "" {
		return nil, errors.New("open the authority's key: what is sealed " + problem)
	}
	return key, nil
}

// open makes a signer of a stored authority.
func open(pemText, sealed string, passphrase wire.Secret) (*signer, error) {
	chain, problem := readCertificates(pemText)
	if problem != "" {
		return nil, errors.New("read the stored authority: it " + problem)
	}
	key, err := unseal(sealed, passphrase)
	if err != nil {
		return nil, err
	}
	if !belongs(key, chain[0]) {
		return nil, errors.New("read the stored authority: the sealed key belongs to another certificate")
	}
	return &signer{id: ID(chain[0]), chain: chain, key: key}, nil
}

// belongs says that a key is that of a certificate.
func belongs(key crypto.Signer, certificate *x509.Certificate) bool {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(certificate.PublicKey)
}
