package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

const (
	certificateBlock = "CERTIFICATE"
	requestBlock     = "CERTIFICATE REQUEST"
	// oldRequestBlock is what some tools of before RFC 7468 write.
	oldRequestBlock = "NEW CERTIFICATE REQUEST"

	// maxPEM bounds a text in PEM in bytes, maxBlocks the certificates in one.
	maxPEM    = 64 << 10
	maxBlocks = 16

	// Sizes of RSA keys in bits: below, they can be broken; above, a handshake takes for ever.
	leastRSA = 2048
	mostRSA  = 8192
)

func certificatePEM(certificate *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: certificate.Raw}))
}

func keyPEM(key crypto.Signer) (wire.Secret, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("encode a key: %w", err)
	}
	return wire.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// blocks takes a text in PEM apart. Text between blocks is left out, as OpenSSL does; what looks like a block and is none is a problem.
func blocks(text string) (list []*pem.Block, problem string) {
	if len(text) > maxPEM {
		return nil, fmt.Sprintf("is larger than %d bytes", maxPEM)
	}
	rest := []byte(text)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if list = append(list, block); len(list) > maxBlocks {
			return nil, fmt.Sprintf("holds more than %d blocks of PEM", maxBlocks)
		}
	}
	if strings.Count(text, "-----BEGIN ") != len(list) {
		return nil, "holds a block of PEM that is damaged"
	}
	return list, ""
}

// readCertificates reads at least one certificate, and nothing but certificates. The problem is what is wrong, in words that
// follow the name of the setting, and shows nothing of the text.
func readCertificates(text string) (list []*x509.Certificate, problem string) {
	found, problem := blocks(text)
	if problem != "" {
		return nil, problem
	}
	for i, block := range found {
		if block.Type != certificateBlock {
			return nil, fmt.Sprintf("holds %s where a certificate has to be", article(block.Type))
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Sprintf("holds a certificate that cannot be read (number %d: %v)", i+1, err)
		}
		list = append(list, certificate)
	}
	if len(list) == 0 {
		return nil, "holds no certificate in PEM"
	}
	return list, ""
}

// article names a kind of block in words; kinds of others may be anything, so they are not repeated.
func article(kind string) string {
	switch {
	case strings.Contains(kind, "PRIVATE KEY"):
		return "a private key"
	case strings.Contains(kind, "REQUEST"):
		return "a signing request"
	}
	return "something else"
}

// readKey reads one private key that the database's releases can use too: RSA or ECDSA, in PKCS #1, SEC 1 or PKCS #8, not encrypted.
func readKey(text string) (key crypto.Signer, problem string) {
	found, problem := blocks(text)
	if problem != "" {
		return nil, problem
	}
	var keys []*pem.Block
	for _, block := range found {
		// OpenSSL writes these before keys of elliptic curves.
		if block.Type != "EC PARAMETERS" {
			keys = append(keys, block)
		}
	}
	if len(keys) != 1 {
		return nil, "does not hold one private key in PEM"
	}
	block := keys[0]
	if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
		return nil, "holds a key that is encrypted"
	}
	var parsed any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		parsed, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		return nil, "does not hold one private key in PEM"
	}
	signing, ok := parsed.(crypto.Signer)
	if err != nil || !ok {
		return nil, "holds a private key that cannot be read" // the library's words are about what is in the key
	}
	if weak := weakness(signing.Public()); weak != "" {
		return nil, weak
	}
	return signing, ""
}

// weakness says why a key is not used, empty for one that is.
func weakness(key crypto.PublicKey) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits < leastRSA || bits > mostRSA {
			return fmt.Sprintf("has an RSA key of %d bits, and %d to %d are taken", bits, leastRSA, mostRSA)
		}
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() {
			return "has a key of another curve than P-256 and P-384"
		}
	default:
		return "has a key that is neither ECDSA nor RSA, which older releases of the database cannot read"
	}
	return ""
}
