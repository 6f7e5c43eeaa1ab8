package zkconn

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/samuel/go-zookeeper/zk"
)

// Answers of the server that callers branch on. After one of them nothing was changed.
var (
	ErrNoNode     = zk.ErrNoNode
	ErrNodeExists = zk.ErrNodeExists
	ErrBadVersion = zk.ErrBadVersion
	ErrNoAuth     = zk.ErrNoAuth
	ErrNotEmpty   = zk.ErrNotEmpty
)

// ErrClosed is returned by every operation after Close.
var ErrClosed = errors.New("the ZooKeeper connection is closed")

// errCutShort is for operations that Close overtook: they may or may not have taken effect.
var errCutShort = errors.New("the connection was closed before the answer came")

// ErrUnreachable matches every *UnreachableError (errors.Is).
var ErrUnreachable = errors.New("ZooKeeper is unreachable")

// UnreachableError says that no server gave us a session in time.
type UnreachableError struct {
	Servers []string
	Waited  time.Duration
	// Cause is the last thing that went wrong: a name that does not resolve, a refused connection, a silent server.
	Cause error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("ZooKeeper at %s gave no session within %s: %v; check that the address is right, that ZooKeeper runs "+
		"and has a quorum, and that no firewall is between it and this host",
		strings.Join(e.Servers, ","), e.Waited.Round(100*time.Millisecond), e.Cause)
}

// Is makes errors.Is(err, ErrUnreachable) true.
func (e *UnreachableError) Is(target error) bool { return target == ErrUnreachable }

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Cause }

// definite are the answers after which the operation is known to have changed nothing.
var definite = []error{
	zk.ErrNoNode, zk.ErrNodeExists, zk.ErrBadVersion, zk.ErrNoAuth, zk.ErrNotEmpty, zk.ErrInvalidACL, zk.ErrAuthFailed,
	zk.ErrNoChildrenForEphemerals, zk.ErrBadArguments, zk.ErrInvalidPath, ErrClosed,
}

// InDoubt tells whether an operation that failed with err may have taken effect all the same: the connection broke, the
// session expired, the caller's time ran out. Anything that is not a plain refusal counts as doubt.
func InDoubt(err error) bool {
	if err == nil {
		return false
	}
	for _, d := range definite {
		if errors.Is(err, d) {
			return false
		}
	}
	return true
}
