package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// mostCertificates bounds what one text may hold; a bundle of authorities in the middle of a change has a handful.
const mostCertificates = 100

// Certificates reads PEM with at least one certificate and nothing else but text between them.
func Certificates(text string) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("a block of type %q stands where certificates are expected", shorten(block.Type))
		}
		if len(out) == mostCertificates {
			return nil, fmt.Errorf("there are more than %d certificates", mostCertificates)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d cannot be read: %w", len(out)+1, err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("there is no certificate in it")
	}
	return out, nil
}

// privateKey reads one key in PEM, in any of the forms that are about. The error never shows any of it.
func privateKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("there is no key in PEM in it")
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		switch k := key.(type) {
		case *ecdsa.PrivateKey:
			return k, nil
		case *rsa.PrivateKey:
			return k, nil
		}
		return nil, errors.New("the key is neither RSA nor ECDSA")
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	return nil, errors.New("the key cannot be read: it has to be RSA or ECDSA, without a passphrase")
}

// Serial is a certificate's serial number in lower-case hex.
func Serial(c *x509.Certificate) string { return c.SerialNumber.Text(16) }

// sameSerial compares two texts of serial numbers; leading zeros do not count.
func sameSerial(a, b string) bool {
	return strings.TrimLeft(strings.ToLower(a), "0") == strings.TrimLeft(strings.ToLower(b), "0")
}

func pool(certificates []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}

func shorten(text string) string { return text[:min(len(text), 40)] }
