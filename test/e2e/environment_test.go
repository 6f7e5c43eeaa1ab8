package e2e

import (
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// doorbell is an address at which every visitor is counted and turned away.
type doorbell struct {
	net.Listener
	rings atomic.Int32
}

func hangUp(t *testing.T) *doorbell {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	bell := &doorbell{Listener: listener}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			visitor, err := listener.Accept()
			if err != nil {
				return
			}
			bell.rings.Add(1)
			_ = visitor.Close()
		}
	}()
	return bell
}

// TestABadEnvironment: all faults are told at once, each with its value and a remedy, and nothing has happened.
func TestABadEnvironment(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		settings []string
		// faults is how many there are, said what is said of them.
		faults int
		said   []string
	}{
		{"everything at once", []string{"NODE_COUNT=-1", "NODE_CPUS=many", "NODE_MEM=3 GB", "CONTAINER_PG_PORT=0",
			"NODE_PLACEMENT=hostname:SOMEWHERE", "COCKROACH_SHA256=abc", "LOG_LEVEL=loud", "STATE_STORE=ftp://here", "FRAMEWORK_NAME=Crdb!"},
			9, []string{`NODE_COUNT="-1": is out of bounds`, `NODE_CPUS="many": is not a number`, `NODE_MEM="3 GB": is not a whole number`,
				`CONTAINER_PG_PORT="0": is out of bounds`, `NODE_PLACEMENT="hostname:SOMEWHERE": `, `there is no such operator`,
				`COCKROACH_SHA256="abc": is not a SHA-256 sum`, `LOG_LEVEL="loud": is not one of the choices`,
				`remedy: write one of debug, info, warn, error`, `STATE_STORE="ftp://here": has an unknown scheme`, `FRAMEWORK_NAME="Crdb!": `}},
		{"no node", []string{"NODE_COUNT=0"}, 1, []string{`NODE_COUNT="0": is out of bounds`, "remedy: write a value from 1 to 1000"}},
		{"colliding ports", []string{"CONTAINER_HTTP_PORT=26257"}, 1,
			[]string{`CONTAINER_HTTP_PORT="26257": is the same port as CONTAINER_PG_PORT`, "remedy: give the web console and SQL ports of their own"}},
		{"no port for the API", []string{"PORT_API="}, 1, []string{`PORT_API (not set): `, "remedy: set it to a free port"}},
		{"a password is not shown", []string{"MESOS_MASTER=http://user:secret@:0/x"}, 1, []string{`MESOS_MASTER="http://***@`}},
		{"a version of the future", []string{"COCKROACH_VERSION=v99.1.0"}, 1, []string{`COCKROACH_VERSION="v99.1.0": `, "choose one from v2.0.0 to v25"}},
		{"no master", []string{"MESOS_MASTER=nowhere"}, 1, []string{`MESOS_MASTER="nowhere": `, "remedy: write http://host:5050"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			master := hangUp(t)
			s := describe(t, "http://"+master.Addr().String(), test.settings...)
			s.start(t)
			if code := s.code(t); code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if err := s.said.lacks(append(test.said, "nothing was written or registered")...); err != nil {
				t.Errorf("%v:\n%s", err, s.said)
			}
			said := s.said.String()
			if remedies := strings.Count(said, "\n    remedy: "); remedies != test.faults {
				t.Errorf("%d faults with a remedy, want %d:\n%s", remedies, test.faults, said)
			}
			if strings.Contains(said, "secret") {
				t.Errorf("the password is shown:\n%s", said)
			}
			if _, err := os.Stat(s.state); !os.IsNotExist(err) {
				t.Errorf("the state's folder is there: %v", err)
			}
			if rings := master.rings.Load(); rings != 0 {
				t.Errorf("the master was called %d times", rings)
			}
		})
	}
}

// TestAMisspeltSetting: a variable that is nearly one of ours is a warning with the likely name, and the start goes on:
// the same place that no scheduler with faults calls is called here.
func TestAMisspeltSetting(t *testing.T) {
	t.Parallel()
	master := hangUp(t)
	s := describe(t, "http://"+master.Addr().String(), "NODE_CUONT=5")
	s.start(t)
	s.hears(t, "level=WARN", "NODE_CUONT is not a setting and has no effect; did you mean NODE_COUNT?", "API open")
	eventually(t, s.process, "a call to the master", func() error {
		if master.rings.Load() == 0 {
			return os.ErrNotExist
		}
		return nil
	})
	if _, err := os.Stat(s.state); err != nil {
		t.Errorf("nothing was written: %v", err)
	}
}
