package certs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

var errHeld = errors.New("another process holds it")

// hold opens the lock file of a folder and locks it, or fails with errHeld. The kernel lets go when the process ends, however it
// does.
func hold(dir string, flags int) (*os.File, error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW|flags, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errHeld
	}
	if err == nil {
		err = f.Chmod(0o600) // whatever the umask is
	}
	if err == nil { // who held it before may have removed it
		var there, ours fs.FileInfo
		if there, err = os.Lstat(path); err == nil {
			if ours, err = f.Stat(); err == nil && !os.SameFile(there, ours) {
				err = errHeld
			}
		}
	}
	if err != nil {
		_ = f.Close() // the first error counts
		return nil, err
	}
	return f, nil
}
