package security

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Lifetimes of what the cert commands make, when nothing else is asked for.
const (
	CALifetime   = 10 * 366 * 24 * time.Hour
	CertLifetime = 5 * 366 * 24 * time.Hour
)

// Making is how the cert commands make certificates.
type Making struct {
	Folder    string
	CAKey     string
	Bits      int
	Lifetime  time.Duration
	Overwrite bool
	Reuse     bool // of the authority's key
}

// MakeCA makes an authority in file (ca.crt, ca-client.crt). Those that are there already stay
// in the file after the new one: that is how an authority is changed.
func (m Making) MakeCA(file string) error {
	if err := m.folder(); err != nil {
		return err
	}
	key, err := m.caKey()
	if err != nil {
		return err
	}
	path := filepath.Join(m.Folder, file)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	t := m.template("Cockroach CA")
	t.IsCA, t.BasicConstraintsValid, t.MaxPathLen = true, true, 1
	t.KeyUsage |= x509.KeyUsageCertSign | x509.KeyUsageContentCommitment
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return err
	}
	return m.write(path, append(encoded("CERTIFICATE", der), old...), 0o644, "could not write CA certificate file %s: %w")
}

// caKey makes the authority's key, or reads it when that is allowed.
func (m Making) caKey() (*rsa.PrivateKey, error) {
	if _, err := os.Stat(m.CAKey); err == nil {
		if !m.Reuse {
			return nil, fmt.Errorf("CA key %s exists, but key reuse is disabled", m.CAKey)
		}
		return readKey(m.CAKey)
	}
	key, err := rsa.GenerateKey(rand.Reader, m.Bits)
	if err != nil {
		return nil, fmt.Errorf("could not generate new CA key: %w", err)
	}
	m.Overwrite = false
	return key, m.write(m.CAKey, encoded("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), 0o600, "could not write CA key to file %s: %w")
}

func readKey(path string) (*rsa.PrivateKey, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("no PEM data found in %s", path)
	}
	return x509.ParsePKCS1PrivateKey(block.Bytes)
}

// MakeNode makes node.crt and node.key for names and addresses.
func (m Making) MakeNode(hosts []string) error {
	t := m.template("node")
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	return m.pair("ca.crt", "node", "node server", t, false)
}

// MakeClient makes client.<user>.crt and its key, in PKCS#8 as well if wanted.
func (m Making) MakeClient(user string, pkcs8 bool) error {
	t := m.template(user)
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	ca := "ca.crt"
	if _, err := os.Stat(filepath.Join(m.Folder, "ca-client.crt")); err == nil {
		ca = "ca-client.crt"
	}
	return m.pair(ca, "client."+user, "client", t, pkcs8)
}

func (m Making) pair(caFile, name, kind string, t *x509.Certificate, pkcs8 bool) error {
	if err := m.folder(); err != nil {
		return err
	}
	ca, caKey, err := m.authority(filepath.Join(m.Folder, caFile))
	if err != nil {
		return err
	}
	if left := time.Until(ca.NotAfter); t.NotAfter.After(ca.NotAfter) {
		return fmt.Errorf("could not generate %s certificate and key: CA lifetime is %s, shorter than the requested %s. Renew CA certificate, or rerun with --lifetime=%dh for a shorter duration",
			kind, left.Round(time.Second), m.Lifetime, int64(left.Hours()))
	}
	key, err := rsa.GenerateKey(rand.Reader, m.Bits)
	if err != nil {
		return fmt.Errorf("could not generate new %s key: %w", kind, err)
	}
	der, err := x509.CreateCertificate(rand.Reader, t, ca, key.Public(), caKey)
	if err != nil {
		return fmt.Errorf("error creating %s certificate and key: %w", kind, err)
	}
	path := filepath.Join(m.Folder, name)
	if err := m.write(path+".crt", encoded("CERTIFICATE", der), 0o644, "error writing "+kind+" certificate to %s: %w"); err != nil {
		return err
	}
	if err := m.write(path+".key", encoded("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), 0o600, "error writing "+kind+" key to %s: %w"); err != nil || !pkcs8 {
		return err
	}
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return m.write(path+".key.pk8", b, 0o600, "error writing "+kind+" key to %s: %w")
}

func (m Making) authority(path string) (*x509.Certificate, crypto.Signer, error) {
	failed := func(err error) error {
		return fmt.Errorf("error loading CA certificate %s and key %s: %w", path, m.CAKey, err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, failed(err)
	}
	key, err := readKey(m.CAKey)
	if err != nil {
		return nil, nil, failed(err)
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, nil, failed(errors.New("tls: failed to find any PEM data in certificate input"))
	}
	ca, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, nil, failed(err)
	}
	if !key.PublicKey.Equal(ca.PublicKey) {
		return nil, nil, failed(errors.New("tls: private key does not match public key"))
	}
	return ca, key, nil
}

// template is what all have: valid from a day ago, for clocks that differ.
func (m Making) template(cn string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Organization: []string{"Cockroach"}, CommonName: cn},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(m.Lifetime),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
}

func (m Making) folder() error {
	if err := os.MkdirAll(m.Folder, 0o700); err != nil {
		return fmt.Errorf("could not create certs directory %s: %w", m.Folder, err)
	}
	return nil
}

func (m Making) write(path string, b []byte, mode os.FileMode, failed string) error {
	flag := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if m.Overwrite {
		flag = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return fmt.Errorf(failed, path, err)
	}
	if _, err = f.Write(b); err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf(failed, path, err)
	}
	return nil
}

func encoded(kind string, b []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b})
}
