package door

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limits are those of a test's server. Zero means long.
type limits struct {
	most                      int
	first, header, read, idle time.Duration
	handler                   http.HandlerFunc
}

// open serves on loopback and gives the address and a client that trusts the server.
func open(t *testing.T, l limits) (string, *http.Client) {
	t.Helper()
	long := func(d time.Duration) time.Duration {
		if d == 0 {
			return time.Minute
		}
		return d
	}
	if l.handler == nil {
		l.handler = func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				w.WriteHeader(http.StatusRequestTimeout)
			}
			how := "plain"
			if r.TLS != nil {
				how = "TLS"
			}
			_, _ = io.WriteString(w, how+" "+r.Proto)
		}
	}
	cert, key := made(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	pair, err := Pair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := ServerTLS(func() tls.Certificate { return pair })
	server := &http.Server{Handler: l.handler, TLSConfig: config, ErrorLog: quiet,
		ReadHeaderTimeout: long(l.header), ReadTimeout: long(l.read), IdleTimeout: long(l.idle)}
	Serve(server)
	go func() { _ = server.Serve(Split(NewRoom(listener, max(l.most, 1)), config, long(l.first))) }()
	t.Cleanup(func() { _ = server.Close() })
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}, Timeout: 20 * time.Second}
	t.Cleanup(client.CloseIdleConnections)
	return listener.Addr().String(), client
}

func get(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// say opens a connection and sends a text.
func say(t *testing.T, address, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil && !strings.Contains(err.Error(), "reset") && !strings.Contains(err.Error(), "broken pipe") {
		t.Fatal(err)
	}
	return conn
}

// ends reads to the end of a connection, and fails when the server leaves it open.
func ends(t *testing.T, conn net.Conn) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("the connection was left open")
	}
	return string(text)
}

func TestTLSAndPlainHTTPOnOnePort(t *testing.T) {
	address, client := open(t, limits{most: 100, header: time.Second})
	if got := get(t, client, "https://"+address); got != "TLS HTTP/2.0" {
		t.Errorf("got %q", got)
	}
	if got := get(t, client, "http://"+address); got != "plain HTTP/1.1" {
		t.Errorf("got %q", got)
	}
	for name, config := range map[string]*tls.Config{"no trust": {}, "an old version": {InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}} {
		if conn, err := tls.Dial("tcp", address, config); err == nil {
			_ = conn.Close()
			t.Errorf("%s: connected", name)
		}
	}
	for name, text := range map[string]string{"a handshake that is none": "\x16\x03\x01\x00\x05hello", "no HTTP": "\x00\xff\r\n\r\n", "SSL 2": "\x80\x2e\x01\x00\x02"} {
		if got := ends(t, say(t, address, text)); strings.Contains(got, "200 OK") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Each of these gives up its connection in time, and while they are there everybody else is served.
func TestSlowClientsHoldUpNobody(t *testing.T) {
	const short = 300 * time.Millisecond
	address, client := open(t, limits{most: 100, first: short, header: short, read: short, idle: short})
	for name, text := range map[string]string{
		"silent":                   "",
		"half a handshake":         "\x16",
		"headers that never end":   "GET / HTTP/1.1\r\nHost: x\r\nX-",
		"a body that does not end": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab",
		"chunks that do not end":   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		"idle after an answer":     "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		slow := say(t, address, text)
		if got := get(t, client, "https://"+address); got != "TLS HTTP/2.0" {
			t.Errorf("%s: another one got %q", name, got)
		}
		ends(t, slow)
	}
}

// Thousands of connections that ask nothing take no place from one that asks.
func TestThousandsOfIdleConnections(t *testing.T) {
	const most, idle = 20, 2000
	address, client := open(t, limits{most: most})
	before := runtime.NumGoroutine()
	var open []net.Conn
	for i := range idle {
		text := []string{"", "\x16", "GET / HTTP/1.1\r\nHost: x\r\nX-"}[i%3]
		open = append(open, say(t, address, text))
	}
	if got := get(t, client, "https://"+address); got != "TLS HTTP/2.0" {
		t.Errorf("got %q", got)
	}
	if got := get(t, client, "http://"+address); got != "plain HTTP/1.1" {
		t.Errorf("got %q", got)
	}
	for _, conn := range open[:idle-2*most] {
		ends(t, conn)
	}
	if now := runtime.NumGoroutine(); now > before+4*most+50 {
		t.Errorf("%d goroutines, %d before", now, before)
	}
}

// A request that is being answered keeps its place; the next one waits for it.
func TestWhoIsAnsweredKeepsHisPlace(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	address, client := open(t, limits{most: 1, handler: func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(begun)
			<-release
		}
		_, _ = io.WriteString(w, r.URL.Path)
	}})
	var both sync.WaitGroup
	both.Go(func() {
		if got := get(t, client, "http://"+address+"/slow"); got != "/slow" {
			t.Errorf("got %q", got)
		}
	})
	<-begun
	second := say(t, address, "GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if err := second.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := second.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read %d, %v: it did not wait", n, err)
	}
	close(release)
	both.Wait()
	if got := ends(t, second); !strings.HasSuffix(got, "/second") {
		t.Errorf("got %q", got)
	}
}

// queue is a listener of connections that a test puts into it.
type queue struct {
	conns  chan net.Conn
	errs   chan error
	closed chan struct{}
}

func (q *queue) Accept() (net.Conn, error) {
	select {
	case conn := <-q.conns:
		return conn, nil
	case err := <-q.errs:
		return nil, err
	case <-q.closed:
		return nil, net.ErrClosed
	}
}

func (q *queue) Close() error { close(q.closed); return nil }

func (q *queue) Addr() net.Addr { return &net.TCPAddr{} }

// With a clock of its own: a silent connection is closed when its time is over, an error of accept is told and passes, and
// nothing is left behind after Close.
func TestTheFirstByteIsAwaitedForABoundedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queue{make(chan net.Conn), make(chan error), make(chan struct{})}
		listener := Split(NewRoom(q, 10), &tls.Config{}, 10*time.Second)
		silent, theirs := net.Pipe()
		q.conns <- theirs
		began := time.Now()
		if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) || time.Since(began) != 10*time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		go func() { q.errs <- errors.New("too many open files") }()
		if _, err := listener.Accept(); err == nil || err.Error() != "too many open files" {
			t.Errorf("accept: %v", err)
		}
		ours, other := net.Pipe()
		q.conns <- other
		go func() { _, _ = io.WriteString(ours, "GET") }()
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 3)
		if _, err := io.ReadFull(conn, got); err != nil || string(got) != "GET" {
			t.Errorf("%q, %v", got, err)
		}
		late, lost := net.Pipe()
		q.conns <- lost
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		if _, err := listener.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept after close: %v", err)
		}
		_ = late.Close()
		_ = conn.Close()
		synctest.Wait()
	})
}
