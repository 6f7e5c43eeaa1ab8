package certs

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// fakeDatabase serves HTTP and the first bytes of PostgreSQL's protocol over TLS, with the folder as it was at the last hangup.
type fakeDatabase struct {
	t         *testing.T
	dir       string
	sql, http string

	mu      sync.Mutex
	present *tls.Config
	hangups int
	// deaf hangups change nothing; silent does not say whom it trusts.
	deaf, silent bool
}

func newFakeDatabase(t *testing.T, dir string) *fakeDatabase {
	d := &fakeDatabase{t: t, dir: dir}
	if err := d.load(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = nil
	server.TLS = &tls.Config{GetConfigForClient: d.config(true)}
	server.StartTLS()
	t.Cleanup(server.Close)
	d.http = server.Listener.Addr().String()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	d.sql = listener.Addr().String()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go d.answer(c)
		}
	}()
	return d
}

func (d *fakeDatabase) answer(c net.Conn) {
	defer c.Close()
	hello := make([]byte, len(sslRequest))
	if _, err := io.ReadFull(c, hello); err != nil || !bytes.Equal(hello, []byte{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f}) {
		d.t.Errorf("the SQL port got %v, %v", hello, err)
		return
	}
	_, _ = c.Write([]byte{'S'})
	secure := tls.Server(c, &tls.Config{GetConfigForClient: d.config(false)})
	_, _ = bufio.NewReader(secure).ReadByte() // until the client goes
}

// load reads the folder as the database does: a pair that does not match is refused.
func (d *fakeDatabase) load() error {
	folder := d.dir
	pair, err := tls.LoadX509KeyPair(filepath.Join(folder, "node.crt"), filepath.Join(folder, "node.key"))
	if err != nil {
		return err
	}
	bundle, err := os.ReadFile(filepath.Join(folder, "ca.crt"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(bundle)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.present = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: roots, ClientAuth: tls.VerifyClientCertIfGiven}
	return nil
}

func (d *fakeDatabase) config(web bool) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(*tls.ClientHelloInfo) (*tls.Config, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if web || d.silent {
			return &tls.Config{Certificates: d.present.Certificates}, nil
		}
		return d.present, nil
	}
}

func (d *fakeDatabase) hangup() error {
	d.mu.Lock()
	d.hangups++
	deaf := d.deaf
	d.mu.Unlock()
	if deaf {
		return nil
	}
	return d.load()
}

func (d *fakeDatabase) hear(deaf bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deaf = deaf
}
