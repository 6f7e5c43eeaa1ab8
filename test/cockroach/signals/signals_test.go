package signals

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		v        string
		sig      os.Signal
		draining bool
		want     Action
	}{
		{"v20.1.5", syscall.SIGTERM, false, Drain},
		{"v20.1.5", syscall.SIGTERM, true, Hard},
		{"v2.0.7", syscall.SIGTERM, true, HardExit},
		{"v20.2.19", syscall.SIGTERM, true, Ignore},
		{"v24.1.6", syscall.SIGTERM, true, Ignore},
		{"v24.1.6", syscall.SIGINT, true, Hard},
		{"v20.1.5", syscall.SIGQUIT, false, Drain},
		{"v20.2.19", syscall.SIGQUIT, false, Stacks},
		{"v24.1.6", syscall.SIGHUP, true, Flush},
	} {
		if got := Meaning(version.MustParse(c.v), c.sig, c.draining); got != c.want {
			t.Errorf("%s, %v, draining %v: %v; want %v", c.v, c.sig, c.draining, got, c.want)
		}
	}
}

func TestExitCodeAndLimit(t *testing.T) {
	for _, c := range []struct {
		v     string
		sig   os.Signal
		code  int
		limit time.Duration
	}{
		{"v2.0.7", syscall.SIGINT, 1, time.Minute},
		{"v19.1.11", syscall.SIGTERM, 0, time.Minute},
		{"v19.2.5", syscall.SIGTERM, 0, time.Minute},
		{"v19.2.6", syscall.SIGTERM, 0, 0},
		{"v20.2.3", syscall.SIGINT, 1, 0},
		{"v20.2.4", syscall.SIGINT, 3, 0},
		{"v24.1.6", syscall.SIGQUIT, 0, 0},
	} {
		v := version.MustParse(c.v)
		if ExitCode(v, c.sig) != c.code || Limit(v) != c.limit {
			t.Errorf("%s %v: code %d, limit %v; want %d, %v", c.v, c.sig, ExitCode(v, c.sig), Limit(v), c.code, c.limit)
		}
	}
}
