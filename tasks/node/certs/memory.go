package certs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"syscall"
)

const (
	// usualMemory is where Linux has a folder in memory for everybody.
	usualMemory = "/dev/shm"
	// launchPrefix begins the name of each launch's folder there.
	launchPrefix = "cockroachdb-node-"
	// lockFile is in that folder, and locked for as long as the helper lives.
	lockFile = "lock"
)

// Memory is where launches make their folders. The zero value is /dev/shm.
type Memory struct {
	// Path is another folder, for tests.
	Path string
	// Check says why a folder is not in memory; nil asks the system.
	Check func(path string) error
}

func (m Memory) path() string {
	if m.Path == "" {
		return usualMemory
	}
	return m.Path
}

// Open makes the place for a launch whose sandbox is at the absolute path sandbox. Where memory is missing, is none, or takes nothing
// from this user, that is the sandbox, and a warning is said; other errors (it is full) are errors, so that nobody who can
// fill it has keys written to where he reads them.
func (m Memory) Open(sandbox string, say func(format string, args ...any)) (*Place, error) {
	dir, lock, err := m.launch()
	if err == nil {
		return &Place{sandbox: sandbox, dir: dir, lock: lock}, nil
	}
	var none *noMemory
	if !errors.As(err, &none) && !slices.ContainsFunc(unusable, func(reason error) bool { return errors.Is(err, reason) }) {
		return nil, fmt.Errorf("make a folder for private keys in %s: %w", m.path(), err)
	}
	say("WARNING: the private keys of this task are in its sandbox, because they cannot be in %s (%v): "+
		"whoever may look at sandboxes through Mesos, on open DC/OS every user who is logged in, can read them while the task runs, and act as any user of the database. "+
		"Give the task a %s of type tmpfs that its user can write to", m.path(), err, m.path())
	return &Place{sandbox: sandbox, dir: sandbox}, nil
}

// unusable are the errors of a folder that is of no use to this user, however empty it is.
var unusable = []error{fs.ErrNotExist, fs.ErrPermission, syscall.EROFS, syscall.ENOTDIR}

// noMemory is a folder that is not in memory.
type noMemory struct{ err error }

func (n *noMemory) Error() string { return n.err.Error() }
func (n *noMemory) Unwrap() error { return n.err }

// launch makes a folder and locks it. Until it is locked a sweep takes it for a dead launch's: then another one is made.
func (m Memory) launch() (string, *os.File, error) {
	check := m.Check
	if check == nil {
		check = inMemory
	}
	if err := check(m.path()); err != nil {
		return "", nil, &noMemory{err}
	}
	for {
		dir, err := os.MkdirTemp(m.path(), launchPrefix+"*")
		if err != nil {
			return "", nil, err
		}
		var lock *os.File
		if err = os.Chmod(dir, 0o700); err == nil { // whatever the umask is
			lock, err = hold(dir, os.O_CREATE|os.O_EXCL)
		}
		if err == nil {
			return dir, lock, nil
		}
		if !errors.Is(err, errHeld) && !errors.Is(err, fs.ErrNotExist) {
			_ = removeLaunch(dir) // the first error counts
			return "", nil, err
		}
	}
}
