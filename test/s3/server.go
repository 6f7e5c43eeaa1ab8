package s3

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startWait bounds the wait for the server to answer, on a machine that is busy with other tests.
const startWait = 60 * time.Second

// Options say how a server runs.
type Options struct {
	// TLS serves https with a certificate of an authority of the test's own, Server.CA.
	TLS bool
	// Proxy puts a Proxy in front: Endpoint is then the proxy's.
	Proxy bool
	// Region is the server's own; empty means us-west-1. It refuses requests that are signed for another.
	Region string
}

// Server is a running S3 server with its objects in a temporary folder.
type Server struct {
	// Endpoint is its address with the scheme, and Region what requests have to be signed for.
	Endpoint, Region string
	// AccessKey and SecretKey are those of its only account, random, so that a test can search for them.
	AccessKey, SecretKey string
	// CA is the authority's certificate in PEM form, nil without TLS.
	CA []byte
	// Proxy is nil unless asked for.
	Proxy *Proxy

	tb      testing.TB
	program string
	dir     string
	address string // host:port of the server itself
	options Options
	client  *http.Client
	proc    *process
}

// Start runs a server until the test ends.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	if o.Region == "" {
		o.Region = "us-west-1"
	}
	s := &Server{Region: o.Region, AccessKey: "AKIA" + rand.Text(), SecretKey: rand.Text() + rand.Text(),
		tb: tb, program: binary(tb), dir: tb.TempDir(), options: o, client: &http.Client{Transport: &http.Transport{}}}
	for _, name := range []string{"objects", "sidecar", "accounts"} {
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o700); err != nil {
			tb.Fatal(err)
		}
	}
	var certificate, key []byte
	if o.TLS {
		s.CA, certificate, key = certificates(tb)
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(s.CA)
		s.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		for name, text := range map[string][]byte{"cert.pem": certificate, "key.pem": key} {
			if err := os.WriteFile(filepath.Join(s.dir, name), text, 0o600); err != nil {
				tb.Fatal(err)
			}
		}
	}
	tb.Cleanup(s.Kill)
	for range 5 {
		s.address = freeAddress(tb)
		if s.try() {
			s.Endpoint = s.direct()
			if o.Proxy {
				s.Proxy = newProxy(s, certificate, key)
				s.Endpoint = s.scheme() + "://" + s.Proxy.address()
			}
			return s
		}
		s.Kill()
	}
	tb.Fatalf("the S3 server did not start on five ports; its log ends with:\n%s", s.logTail())
	return nil
}

// Pid is the server's process id, 0 when it was killed.
func (s *Server) Pid() int {
	if s.proc == nil {
		return 0
	}
	return s.proc.cmd.Process.Pid
}

// Kill ends the server as kill -9 does. Its objects stay for Restart.
func (s *Server) Kill() {
	if s.proc != nil {
		s.proc.kill()
		s.proc = nil
	}
}

// Restart starts the server again, with its objects and on its port.
func (s *Server) Restart() {
	s.tb.Helper()
	s.Kill()
	if !s.try() {
		s.tb.Fatalf("the S3 server did not start again; its log ends with:\n%s", s.logTail())
	}
}

// LogFile is where the server writes its log: one line a request.
func (s *Server) LogFile() string { return filepath.Join(s.dir, "server.log") }

func (s *Server) scheme() string {
	if s.options.TLS {
		return "https"
	}
	return "http"
}

// direct is the server's address past the proxy.
func (s *Server) direct() string { return s.scheme() + "://" + s.address }

const healthPath = "/is-it-up"

// try starts the server and waits until it serves. False means that it ended by itself: the port was taken meanwhile.
func (s *Server) try() bool {
	s.tb.Helper()
	log, err := os.OpenFile(s.LogFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer log.Close()
	args := []string{"--port", s.address, "--region", s.Region, "--health", healthPath, "--keep-alive",
		// Without a store of accounts it does not answer a wrong key as Amazon does.
		"--iam-dir", filepath.Join(s.dir, "accounts")}
	if s.options.TLS {
		args = append(args, "--cert", filepath.Join(s.dir, "cert.pem"), "--key", filepath.Join(s.dir, "key.pem"))
	}
	objects := filepath.Join(s.dir, "objects")
	args = append(args, "posix")
	if syscall.Setxattr(objects, "user.test", []byte("1"), 0) != nil {
		// A file system without extended attributes: what belongs to an object goes beside it.
		args = append(args, "--sidecar", filepath.Join(s.dir, "sidecar"))
	}
	cmd := exec.Command(s.program, append(args, objects)...)
	cmd.Env = []string{"ROOT_ACCESS_KEY=" + s.AccessKey, "ROOT_SECRET_KEY=" + s.SecretKey, "HOME=" + s.dir}
	cmd.Stdout, cmd.Stderr, cmd.Dir = log, log, s.dir
	s.proc = launch(s.tb, cmd)
	for deadline := time.Now().Add(startWait); !s.serves(); {
		if s.proc.ended() {
			return false
		}
		if time.Now().After(deadline) {
			s.tb.Fatalf("the S3 server does not answer after %s; its log ends with:\n%s", startWait, s.logTail())
		}
		time.Sleep(10 * time.Millisecond)
	}
	return true
}

func (s *Server) serves() bool {
	answer, err := s.client.Get(s.direct() + healthPath)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

func (s *Server) logTail() string {
	text, err := os.ReadFile(s.LogFile())
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-4000):]))
}

func freeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
