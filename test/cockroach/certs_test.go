package cockroach_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// authority signs certificates for a test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := template("Cockroach CA")
	tmpl.IsCA, tmpl.BasicConstraintsValid, tmpl.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{t, cert, key, block("CERTIFICATE", der)}
}

func template(cn string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: cn}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
}

func block(kind string, b []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b})
}

var both = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}

// node makes a template for a node that is good for hosts.
func forNode(hosts ...string) *x509.Certificate {
	c := template("node")
	c.ExtKeyUsage = both
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, h)
		}
	}
	return c
}

func forUser(name string) *x509.Certificate {
	c := template(name)
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return c
}

// put signs a template and writes <name>.crt and <name>.key with a new key.
func (a *authority) put(dir, name string, c *x509.Certificate) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	k, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	write(a.t, filepath.Join(dir, name+".crt"), block("CERTIFICATE", der), 0o644)
	write(a.t, filepath.Join(dir, name+".key"), block("EC PRIVATE KEY", k), 0o600)
}

func write(t *testing.T, path string, b []byte, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, b, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// trust writes ca.crt.
func trust(t *testing.T, dir string, all ...*authority) {
	t.Helper()
	var b []byte
	for _, a := range all {
		b = append(b, a.pem...)
	}
	write(t, filepath.Join(dir, "ca.crt"), b, 0o644)
}

var loopbacks = []string{"localhost", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}

// folder makes a folder with all that a node and root need.
func (a *authority) folder() string {
	a.t.Helper()
	dir := a.t.TempDir()
	trust(a.t, dir, a)
	a.put(dir, "node", forNode(loopbacks...))
	a.put(dir, "client.root", forUser("root"))
	return dir
}

// only makes a folder with some files of another one.
func only(t *testing.T, from string, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names {
		fi, err := os.Stat(filepath.Join(from, n))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(from, n))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, n), b, fi.Mode())
	}
	return dir
}

// secured gives nodes certificates of an authority, each in a folder of its own.
func secured(a *authority, all []*node) []*node {
	for _, n := range all {
		n.certs = a.folder()
	}
	return all
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// look connects to a node with TLS, as a client of SQL or as one of RPC, and gives the serial number
// of its certificate, and how many authorities it wants a client's certificate of.
// With sessions it resumes one when it can.
func look(t *testing.T, addr string, sql bool, sessions ...tls.ClientSessionCache) (serial string, authorities int) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if sql {
		c.Write([]byte{0, 0, 0, 8, 4, 210, 22, 47})
		answer := make([]byte, 1)
		if _, err := c.Read(answer); err != nil || answer[0] != 'S' {
			t.Fatalf("asked for TLS: %q, %v", answer, err)
		}
	}
	x := tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: addr, ClientSessionCache: append(sessions, nil)[0], GetClientCertificate: func(q *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		authorities = len(q.AcceptableCAs)
		return &tls.Certificate{}, nil
	}})
	if err := x.Handshake(); err != nil {
		t.Fatal(err)
	}
	// The tickets of TLS 1.3 come after the handshake.
	if len(sessions) > 0 {
		c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		x.Read(make([]byte, 1))
	}
	return x.ConnectionState().PeerCertificates[0].SerialNumber.String(), authorities
}

// scientific writes seconds as the metrics do.
func scientific(n int64) string { return strconv.FormatFloat(float64(n), 'g', -1, 64) }
