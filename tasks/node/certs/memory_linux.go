package certs

import (
	"errors"
	"fmt"
	"syscall"
)

// tmpfsMagic is the type of tmpfs in statfs(2).
const tmpfsMagic = 0x01021994

// inMemory says why a folder is not on tmpfs.
func inMemory(path string) error {
	var about syscall.Statfs_t
	if err := syscall.Statfs(path, &about); err != nil {
		return fmt.Errorf("look at its file system: %w", err)
	}
	if int64(about.Type) != tmpfsMagic {
		return errors.New("it is not of type tmpfs")
	}
	return nil
}
