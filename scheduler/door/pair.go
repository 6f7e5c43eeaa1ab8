package door

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Settings that faults name.
const (
	CertSetting  = "API_TLS_CERT"
	KeySetting   = "API_TLS_KEY"
	CASetting    = "API_TLS_CA"
	TokenSetting = "API_TOKEN"
)

// Pair reads a certificate with what it needs to be traced to an authority, and its key. All faults are joined, each is a
// tasks.Fault without a value. It does not ask for how long it is good: see Good.
func Pair(certificate, key []byte) (tls.Certificate, error) {
	_, errCert := Certificates(CertSetting, certificate)
	if err := errors.Join(errCert, checkKey(key)); err != nil {
		return tls.Certificate{}, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	switch {
	case err == nil:
		return pair, nil
	case strings.Contains(err.Error(), "does not match"):
		return tls.Certificate{}, tasks.Fault{Field: KeySetting, Message: "is not the key of the certificate in " + CertSetting,
			Remedy: "give the two files that were made together; the server's own certificate comes first, those of authorities behind it"}
	}
	return tls.Certificate{}, tasks.Fault{Field: KeySetting, Message: "is no key that can be read", Remedy: keyRemedy}
}

// Certificates reads certificates in PEM, one at least. The error is a tasks.Fault of that setting.
func Certificates(setting string, text []byte) ([]*x509.Certificate, error) {
	var list []*x509.Certificate
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, tasks.Fault{Field: setting, Message: fmt.Sprintf("holds a certificate that cannot be read: %v", err),
				Remedy: "give certificates in PEM, as they were issued"}
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, tasks.Fault{Field: setting, Message: "holds no certificate in PEM",
			Remedy: "give certificates in PEM (-----BEGIN CERTIFICATE-----), or the path of a file that holds them"}
	}
	return list, nil
}

const keyRemedy = "give the certificate's private key in PEM, without a password"

func checkKey(text []byte) error {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return tasks.Fault{Field: KeySetting, Message: "holds no private key in PEM", Remedy: keyRemedy}
		}
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return tasks.Fault{Field: KeySetting, Message: "holds a key that is locked with a password", Remedy: keyRemedy}
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return nil
		}
	}
}

// Good says whether a certificate is good at a time: in its time, for a name or address, and, where CA are given, certified by one of
// them. An empty name asks for none. The error is a tasks.Fault without a value.
func Good(pair tls.Certificate, ca []*x509.Certificate, name string, at time.Time) error {
	leaf := pair.Leaf
	switch {
	case at.After(leaf.NotAfter):
		return tasks.Fault{Field: CertSetting, Message: "has expired on " + leaf.NotAfter.UTC().Format(time.RFC3339), Remedy: "give a new one"}
	case at.Before(leaf.NotBefore):
		return tasks.Fault{Field: CertSetting, Message: "is not valid before " + leaf.NotBefore.UTC().Format(time.RFC3339),
			Remedy: "wait until then, or set this machine's clock"}
	}
	if name != "" && leaf.VerifyHostname(name) != nil {
		return tasks.Fault{Field: CertSetting, Message: "is not for " + name + ", where tasks reach the API",
			Remedy: "give a certificate with that name or address among its subject alternative names, or set API_ADVERTISE to a name that it has"}
	}
	if len(ca) == 0 {
		return nil
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, one := range ca {
		roots.AddCert(one)
	}
	for _, der := range pair.Certificate[1:] {
		if one, err := x509.ParseCertificate(der); err == nil {
			between.AddCert(one)
		}
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at}); err != nil {
		return tasks.Fault{Field: CASetting, Message: fmt.Sprintf("does not certify %s: %v", CertSetting, err),
			Remedy: "give the authority that issued the certificate; authorities between the two belong behind the certificate in " + CertSetting}
	}
	return nil
}

// ServerTLS is the configuration of the API's listener: TLS 1.2 at least, HTTP/2 too, and the certificate of now for each connection.
func ServerTLS(pair func() tls.Certificate) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			now := pair()
			return &now, nil
		}}
}
