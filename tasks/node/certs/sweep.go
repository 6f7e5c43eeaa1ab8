package certs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Sweep removes what launches left whose helper was killed: folders of this user that nobody holds. A living one's is never
// touched, of whatever service it is.
func (m Memory) Sweep(say func(format string, args ...any)) {
	found, err := os.ReadDir(m.path())
	if err != nil {
		return // Open tells
	}
	for _, entry := range found {
		dir := filepath.Join(m.path(), entry.Name())
		if !strings.HasPrefix(entry.Name(), launchPrefix) || !isOurs(dir) {
			continue
		}
		switch removed, err := sweep(dir); {
		case err != nil:
			say("WARNING: cannot remove the private keys that a killed helper left in %s: %v", dir, err)
		case removed:
			say("removed the private keys that a killed helper left in %s", dir)
		}
	}
}

// sweep removes one folder unless it is held.
func sweep(dir string) (bool, error) {
	lock, err := hold(dir, 0)
	switch {
	case errors.Is(err, errHeld):
		return false, nil
	case errors.Is(err, fs.ErrNotExist):
		_ = os.Remove(dir) // an empty one, of a helper that was killed before it had keys; what is not empty is not a helper's
		return false, nil
	case err != nil:
		return false, err
	}
	defer lock.Close()
	return true, removeLaunch(dir)
}

// isOurs says whether dir is a folder, and no link to one, that belongs to the user of this process.
func isOurs(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// removeLaunch removes a launch's folder, the lock last: should it be killed in between, the next sweep goes on.
func removeLaunch(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() != lockFile {
			if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	return os.RemoveAll(dir)
}
