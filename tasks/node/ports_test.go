package node

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestPortsAreWaitedForAndAStrangersAreNotUsed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := cockroach.Address{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port}
	wait := portWait{limit: 30 * time.Millisecond, pause: time.Millisecond, journal: NewJournal(io.Discard, time.Now)}
	err = wait.run(t.Context(), address)
	if err == nil || ExitCode(err) != tasks.ExitPort || !strings.Contains(err.Error(), address.String()) || !strings.Contains(err.Error(), "CONTAINER_PG_PORT") {
		t.Errorf("taken: got %v", err)
	}
	wait.limit = time.Minute
	done := make(chan error, 1)
	go func() { done <- wait.run(t.Context(), address) }()
	listener.Close()
	if err := <-done; err != nil {
		t.Errorf("freed: got %v", err)
	}
}
