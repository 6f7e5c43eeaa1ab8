package signals

import (
	"os"
	"syscall"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// Action is what a node does about a signal.
type Action int

const (
	// Ignore the signal.
	Ignore Action = iota
	// Drain, then stop.
	Drain
	// Flush the logs and read the certificates again.
	Flush
	// Stacks writes all goroutines' stacks to standard error, and goes on.
	Stacks
	// Hard ends the process at once, by the signal itself.
	Hard
	// HardExit ends the process at once with code 143 (2.0, a second SIGTERM).
	HardExit
)

// Caught are the signals to catch.
var Caught = []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP}

// Meaning gives what sig means to version v, while a drain is under way or not.
func Meaning(v version.Version, sig os.Signal, draining bool) Action {
	newer := v.AtLeast(20, 2, 0)
	switch {
	case sig == syscall.SIGHUP:
		return Flush
	case sig == syscall.SIGQUIT && newer:
		return Stacks
	case !draining:
		return Drain
	case sig == syscall.SIGINT:
		return Hard
	case newer:
		return Ignore
	case v.Before(2, 1, 0):
		return HardExit
	}
	return Hard
}

// ExitCode gives the exit code after a drain that sig began.
func ExitCode(v version.Version, sig os.Signal) int {
	switch {
	case sig != syscall.SIGINT:
		return 0
	case v.AtLeast(20, 2, 4):
		return 3
	}
	return 1
}

// Limit gives how long a drain may take, 0 for as long as it wants. The early
// versions stopped hard after a minute.
func Limit(v version.Version) time.Duration {
	if v.Before(19, 2, 6) {
		return time.Minute
	}
	return 0
}

// Name gives the signal's name in the real texts.
func Name(sig os.Signal) string { return sig.String() }
