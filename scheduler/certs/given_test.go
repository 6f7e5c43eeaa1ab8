package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// issue signs a template with a key, by another certificate or by itself.
func issue(t *testing.T, template *x509.Certificate, key crypto.Signer, by *x509.Certificate, signing crypto.Signer) *x509.Certificate {
	t.Helper()
	template.SerialNumber = newSerial()
	if template.NotAfter.IsZero() {
		template.NotAfter = noon.Add(100 * time.Hour)
	}
	if template.NotBefore.IsZero() {
		template.NotBefore = noon.Add(-time.Hour)
	}
	template.BasicConstraintsValid = true
	if by == nil {
		by, signing = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by, key.Public(), signing)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func secret(t *testing.T, key crypto.Signer) wire.Secret {
	t.Helper()
	text, err := keyPEM(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFaultsOfWhatWasGiven(t *testing.T) {
	ca := func(change func(*x509.Certificate)) *x509.Certificate {
		template := &x509.Certificate{Subject: pkix.Name{CommonName: "Root"}, IsCA: true, KeyUsage: x509.KeyUsageCertSign}
		if change != nil {
			change(template)
		}
		return template
	}
	rootKey, middleKey, weak := newKey(t), newKey(t), rsaKey(t, 1024)
	root := issue(t, ca(nil), rootKey, nil, nil)
	middle := issue(t, ca(func(c *x509.Certificate) { c.Subject.CommonName = "Middle" }), middleKey, root, rootKey)
	sha1 := issue(t, ca(func(c *x509.Certificate) { c.Subject.CommonName, c.SignatureAlgorithm = "SHA1", x509.ECDSAWithSHA1 }), middleKey, root, rootKey)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leafKey := newKey(t)
	both := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	leaf := func(name string, usages []x509.ExtKeyUsage, names ...string) string {
		return certificatePEM(issue(t, &x509.Certificate{Subject: pkix.Name{CommonName: name}, ExtKeyUsage: usages, DNSNames: names}, leafKey, middle, middleKey)) + certificatePEM(middle)
	}
	text, key, leafSecret := certificatePEM, secret(t, rootKey), secret(t, leafKey)
	encrypted := wire.Secret("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n")
	older := wire.Secret("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAA==\n-----END RSA PRIVATE KEY-----\n")
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	finished := func(node, client string) Given {
		return Given{Cert: text(root), NodeCert: node, NodeKey: leafSecret, ClientCert: client, ClientKey: leafSecret, Names: []string{"n1", "n2"}}
	}
	for _, tt := range []struct {
		name   string
		given  Given
		faults []string // "field: part of the message", in their order
	}{
		{"an authority that signed itself", Given{Cert: text(root), Key: key}, nil},
		{"one between", Given{Cert: text(middle) + text(root), Key: secret(t, middleKey)}, nil},
		{"one between alone", Given{Cert: text(middle), Key: secret(t, middleKey)}, nil},
		{"in another order", Given{Cert: text(root) + text(middle), Key: key}, []string{"TLS_CA_CERT: another order"}},
		{"an encrypted key", Given{Cert: text(root), Key: encrypted}, []string{"TLS_CA_KEY: encrypted"}},
		{"an encrypted key of old", Given{Cert: text(root), Key: older}, []string{"TLS_CA_KEY: encrypted"}},
		{"another's key", Given{Cert: text(root), Key: secret(t, middleKey)}, []string{"TLS_CA_KEY: does not belong"}},
		{"two keys", Given{Cert: text(root), Key: key + key}, []string{"TLS_CA_KEY: one private key"}},
		{"certificate and key mixed up", Given{Cert: string(key), Key: wire.Secret(text(root))}, []string{"TLS_CA_CERT: a private key where", "TLS_CA_KEY: one private key"}},
		{"Ed25519", Given{Cert: text(issue(t, ca(nil), ed, nil, nil)), Key: secret(t, ed)}, []string{"TLS_CA_CERT: neither ECDSA nor RSA", "TLS_CA_KEY: neither ECDSA nor RSA"}},
		{"a short RSA key", Given{Cert: text(issue(t, ca(nil), weak, nil, nil)), Key: secret(t, weak)}, []string{"TLS_CA_CERT: 1024 bits", "TLS_CA_KEY: 1024 bits"}},
		{"P-521", Given{Cert: text(issue(t, ca(nil), p521, nil, nil)), Key: secret(t, p521)}, []string{"TLS_CA_CERT: another curve", "TLS_CA_KEY: another curve"}},
		{"not an authority", Given{Cert: leaf("x", both), Key: leafSecret}, []string{"TLS_CA_CERT: not of an authority"}},
		{"may not sign", Given{Cert: text(issue(t, ca(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign }), rootKey, nil, nil)), Key: key}, []string{"TLS_CA_CERT: not of an authority"}},
		{"expired", Given{Cert: text(issue(t, ca(func(c *x509.Certificate) { c.NotAfter = noon }), rootKey, nil, nil)), Key: key}, []string{"TLS_CA_CERT: expired at 2026-11-22T12:00:00Z"}},
		{"not yet valid", Given{Cert: text(issue(t, ca(func(c *x509.Certificate) { c.NotBefore = noon.Add(time.Hour) }), rootKey, nil, nil)), Key: key}, []string{"TLS_CA_CERT: not valid before"}},
		{"SHA-1", Given{Cert: text(sha1) + text(root), Key: secret(t, middleKey)}, []string{"TLS_CA_CERT: SHA-1"}},
		{"others that are trusted", Given{Cert: text(root), Key: key, Extra: text(middle) + leaf("x", both)}, []string{"TLS_CA_EXTRA: not of an authority"}},
		{"everything at once", Given{Cert: "-----BEGIN x", Key: encrypted, Extra: "x"}, []string{"TLS_CA_CERT: damaged", "TLS_CA_EXTRA: no certificate", "TLS_CA_KEY: encrypted"}},
		{"finished", finished(leaf("node", both, "n1", "n2"), leaf("root", both[1:])), nil},
		{"finished without those between", finished(strings.SplitAfter(leaf("node", both, "n1", "n2"), "END CERTIFICATE-----\n")[0], leaf("root", both[1:])), []string{"TLS_NODE_CERT: another authority"}},
		{"finished for others", finished(leaf("n1", both[:1], "n1"), leaf("admin", both[1:])),
			[]string{"TLS_NODE_CERT: principal node", "TLS_NODE_CERT: server and client", "TLS_NODE_CERT: 1 of 2 names", "TLS_CLIENT_CERT: user root"}},
	} {
		outside, faults := ReadOutside(tt.given, noon)
		good := len(faults) == len(tt.faults)
		for i := range min(len(faults), len(tt.faults)) {
			field, part, _ := strings.Cut(tt.faults[i], ": ")
			good = good && faults[i].Field == field && strings.Contains(faults[i].Message, part) && faults[i].Remedy != "" && faults[i].Value == ""
		}
		if !good || (outside == nil) != (len(tt.faults) > 0) {
			t.Errorf("%s: %v, want %q", tt.name, faults, tt.faults)
		}
	}
	over := issue(t, ca(func(c *x509.Certificate) { c.Subject.CommonName, c.NotAfter = "Old", noon }), newKey(t), nil, nil)
	outside, faults := ReadOutside(Given{Cert: text(middle) + text(root), Key: secret(t, middleKey), Extra: text(over)}, noon)
	if len(faults) > 0 || len(outside.Warnings(noon)) != 1 || len(outside.Authorities) != 2 {
		t.Fatalf("an old one that is still trusted: %v", faults)
	}
	// What is signed by one between is traced to the root by those who know the root alone.
	node, err := outside.signer.signNode(leafKey.Public(), []string{"n1"}, time.Hour, noon)
	if err != nil {
		t.Fatal(err)
	}
	chain, problem := readCertificates(node.text)
	if problem != "" || len(chain) != 2 || trace(chain, []*x509.Certificate{root}, noon) != nil {
		t.Errorf("%d certificates, %s", len(chain), problem)
	}
	if rsaOld := rsaPKCS1(t); rsaOld != "" {
		t.Error(rsaOld)
	}
}

// rsaPKCS1 reads keys in their older forms, as openssl writes them.
func rsaPKCS1(t *testing.T) string {
	ec, err := x509.MarshalECPrivateKey(newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	parameters := "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
	if _, problem := readKey(parameters + string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: ec}))); problem != "" {
		return problem
	}
	_, problem := readKey(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey(t, 2048))})))
	return problem
}
