//go:build unix && !linux

package node

import "syscall"

// childAttributes puts the database into its own process group. Only Linux can tie it to the helper's life; other systems
// serve for development alone.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
