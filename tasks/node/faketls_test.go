package node

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

// fakeTLS is the part of the fake database that reads its folder of certificates. Its SQL port takes PostgreSQL's wish for TLS and
// TLS without a word before it, as the database's port does for SQL and for its own protocol.
type fakeTLS struct {
	dir string
	mu  sync.Mutex
	now *tls.Config
}

func newFakeTLS(dir string) *fakeTLS {
	if dir == "" {
		return nil
	}
	f := &fakeTLS{dir: dir}
	f.reload()
	return f
}

func (f *fakeTLS) reload() {
	if f == nil {
		return
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(f.dir, "node.crt"), filepath.Join(f.dir, "node.key"))
	if err != nil {
		fmt.Println("could not reload certificates:", err)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: fakePool(f.dir), ClientAuth: tls.VerifyClientCertIfGiven}
	fmt.Println("successfully reloaded certificates")
}

func fakePool(dir string) *x509.CertPool {
	roots := x509.NewCertPool()
	body, _ := os.ReadFile(filepath.Join(dir, "ca.crt"))
	roots.AppendCertsFromPEM(body)
	return roots
}

func (f *fakeTLS) listen(l net.Listener, sql bool) net.Listener {
	if f == nil {
		return l
	}
	if sql {
		l = sqlListener{l}
	}
	return tls.NewListener(l, &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if sql {
			return f.now, nil
		}
		return &tls.Config{Certificates: f.now.Certificates}, nil
	}})
}

type sqlListener struct{ net.Listener }

func (l sqlListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &sqlConn{Conn: c, in: bufio.NewReader(c)}, err
}

// sqlConn answers a wish for TLS before the first byte of it is read.
type sqlConn struct {
	net.Conn
	in    *bufio.Reader
	begun bool
}

func (c *sqlConn) Read(p []byte) (int, error) {
	if !c.begun {
		c.begun = true
		if first, err := c.in.Peek(1); err == nil && first[0] == 0 {
			if _, err := io.ReadFull(c.in, make([]byte, 8)); err != nil {
				return 0, err
			}
			if _, err := c.Conn.Write([]byte{'S'}); err != nil {
				return 0, err
			}
		}
	}
	return c.in.Read(p)
}

// fakeClient is a client command's way to the database; a secure one needs root's certificate.
func fakeClient(certsDir string) (*http.Client, string) {
	if certsDir == "" {
		return http.DefaultClient, "http"
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(certsDir, "client.root.crt"), filepath.Join(certsDir, "client.root.key"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "problem with client cert for user root: not found")
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: fakePool(certsDir), Certificates: []tls.Certificate{pair}}}}, "https"
}

// fakeSQL answers every question with the cluster's id.
func fakeSQL(host, certsDir string) int {
	client, scheme := fakeClient(certsDir)
	response, err := client.Get(scheme + "://" + host + "/sql")
	if err != nil {
		fmt.Fprintln(os.Stderr, "ERROR:", err)
		return 1
	}
	defer response.Body.Close()
	_, _ = io.Copy(os.Stdout, response.Body)
	return 0
}
