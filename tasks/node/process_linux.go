package node

import "syscall"

// childAttributes puts the database into its own process group and has the kernel kill it when the helper dies without
// stopping it first: a database nobody supervises would keep the volume and the ports from its successor.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
