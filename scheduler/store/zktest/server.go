package zktest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Tick is the server's basic unit of time: it grants sessions from 2 to 20 ticks, and ends a session up to one tick late.
const Tick = 100 * time.Millisecond

// startWait bounds the wait for the server to answer: a Java process on a busy machine of two cores.
const startWait = 60 * time.Second

// Option changes how a server runs.
type Option func(*Server)

// WithTick gives the server another unit of time than Tick: longer sessions outlive a machine that is busy with other tests.
func WithTick(tick time.Duration) Option { return func(s *Server) { s.tick = tick } }

// Server is a running standalone ZooKeeper with its data in a temporary folder.
type Server struct {
	tb   testing.TB
	dir  string
	port int
	tick time.Duration
	proc *process
}

// Start runs a server until the test ends. See Require for machines without ZooKeeper.
func Start(tb testing.TB, opts ...Option) *Server {
	tb.Helper()
	Require(tb)
	s := &Server{tb: tb, dir: tb.TempDir(), tick: Tick}
	for _, opt := range opts {
		opt(s)
	}
	tb.Cleanup(s.Kill)
	for range 5 {
		s.port = freePort(tb)
		if s.try() {
			return s
		}
		s.Kill()
	}
	tb.Fatalf("ZooKeeper did not start on five ports; its log ends with:\n%s", s.logTail())
	return nil
}

// Address is the server's "host:port".
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", fmt.Sprint(s.port)) }

// URL is zk://host:port followed by the path, "" or "/a".
func (s *Server) URL(path string) string { return "zk://" + s.Address() + path }

// Kill ends the server as kill -9 does. Its data stays for Restart.
func (s *Server) Kill() {
	if s.proc != nil {
		s.proc.kill()
		s.proc = nil
	}
}

// Restart starts the server again, with its data and on its port.
func (s *Server) Restart() {
	s.tb.Helper()
	s.Kill()
	if !s.try() {
		s.tb.Fatalf("ZooKeeper did not start again; its log ends with:\n%s", s.logTail())
	}
}

// try starts the server and waits until it serves. False means that it ended by itself: the port was taken meanwhile.
func (s *Server) try() bool {
	s.tb.Helper()
	java, classpath, err := find()
	if err != nil {
		s.tb.Fatal(err)
	}
	config := filepath.Join(s.dir, "zoo.cfg")
	text := strings.Join([]string{
		fmt.Sprintf("tickTime=%d", s.tick.Milliseconds()),
		"dataDir=" + filepath.Join(s.dir, "data"),
		"clientPortAddress=127.0.0.1",
		fmt.Sprintf("clientPort=%d", s.port),
		"admin.enableServer=false",
		"maxClientCnxns=0",
		"4lw.commands.whitelist=*",
	}, "\n")
	if err := os.WriteFile(config, []byte(text+"\n"), 0o600); err != nil {
		s.tb.Fatal(err)
	}
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer log.Close()
	// Without forceSync the log survives a kill of the process, though no power cut, and a slow disk does not stall sessions.
	cmd := exec.Command(java, "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dzookeeper.forceSync=no",
		"-cp", classpath, "org.apache.zookeeper.server.ZooKeeperServerMain", config)
	cmd.Stdout, cmd.Stderr, cmd.Dir = log, log, s.dir
	s.proc = launch(s.tb, cmd)

	deadline := time.Now().Add(startWait)
	for !s.serves() {
		if s.proc.ended() {
			return false
		}
		if time.Now().After(deadline) {
			s.tb.Fatalf("ZooKeeper does not answer after %s; its log ends with:\n%s", startWait, s.logTail())
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}

// serves asks the four-letter question "srvr", which is answered with a mode only by a server that takes sessions.
func (s *Server) serves() bool {
	answer, err := s.ask("srvr")
	return err == nil && strings.Contains(answer, "Mode: standalone")
}

func (s *Server) ask(word string) (string, error) {
	conn, err := net.DialTimeout("tcp", s.Address(), time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return "", err
	}
	if _, err := conn.Write([]byte(word)); err != nil {
		return "", err
	}
	buf := make([]byte, 4096)
	n, err := conn.Read(buf)
	return string(buf[:n]), err
}

func (s *Server) logFile() string { return filepath.Join(s.dir, "server.log") }

func (s *Server) logTail() string {
	text, err := os.ReadFile(s.logFile())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}

func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
