package bench

import (
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// flood sends 10,000 offers in one event to a real scheduler that wants one of them and can use none, and waits until
// all are declined. The slowest of three events counts, and the peak of the process's memory.
func flood(t *testing.T, programs string) []figure {
	m := newMaster(t)
	p := scheduling(t, programs, m)
	event := fleet(0, many, small)
	var slowest time.Duration
	for range 3 {
		began := m.send(t, p, event)
		slowest = max(slowest, m.declined(t, p, many).Sub(began))
	}
	figures := []figure{
		{name: "10,000 offers through HTTP to the last decline", value: milliseconds(slowest), limit: 1000, unit: "ms"},
		{name: "peak memory of the scheduler meanwhile", value: megabytes(t, p.Process.Pid, "VmHWM"), limit: 150, unit: "MB", exact: true},
	}
	p.stop(t)
	return figures
}

// declined waits until so many offers came back, and says when the last one did.
func (m *master) declined(t *testing.T, p *program, count int) time.Time {
	t.Helper()
	for {
		call := receive(t, m.calls, p, "the DECLINE")
		switch call.Type {
		case scheduler.Call_ACCEPT:
			t.Fatal("an offer was accepted that nothing fits in")
		case scheduler.Call_DECLINE:
			count -= len(call.Decline.OfferIDs)
		}
		if count <= 0 {
			return call.at
		}
	}
}

// scheduling starts the real scheduler on a master, with the file store.
func scheduling(t *testing.T, programs string, m *master, environ ...string) *program {
	t.Helper()
	port := freePort(t)
	return start(t, append([]string{
		"MESOS_MASTER=" + m.URL, "STATE_STORE=file://" + filepath.Join(t.TempDir(), "state"),
		fmt.Sprintf("PORT_API=%d", port), fmt.Sprintf("API_ADVERTISE=127.0.0.1:%d", port), "DISCOVERY=address",
	}, environ...), "", filepath.Join(programs, "cockroachdb-scheduler"))
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
