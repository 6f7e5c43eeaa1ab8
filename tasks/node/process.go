package node

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Child is a program that the helper starts.
type Child struct {
	Path string
	Args []string
	// Environ is all of its environment, as NAME=value.
	Environ []string
	Dir     string
	// Stdin may be nil. Give files where a slow end on this side must not cut anything off: what is copied by way of another
	// reader or writer has one second to arrive once the program has ended.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Process is a running child.
type Process struct {
	PID int
	// Exited delivers the exit code once: that of the program, or 128 plus the signal that ended it.
	Exited <-chan int
}

// Start starts the program in a process group of its own, so that a Ctrl-C meant for the helper does not reach it twice, and
// tied to the helper's life where the system can do that.
func (c Child) Start() (*Process, error) {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Dir, c.Environ, c.Stdin, c.Stdout, c.Stderr
	cmd.SysProcAttr = childAttributes()
	cmd.WaitDelay = time.Second
	started := make(chan error, 1)
	exited := make(chan int, 1)
	go func() {
		// The kernel ties the child to the thread that made it: this goroutine keeps its thread for as long as the child lives.
		runtime.LockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = cmd.Wait() // the state says more than the error
		exited <- shellCode(cmd.ProcessState)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return &Process{PID: cmd.Process.Pid, Exited: exited}, nil
}

// Signal sends sig to the child. One that is gone already is no error.
func (p *Process) Signal(sig syscall.Signal) error {
	if err := syscall.Kill(p.PID, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// Kill ends the child and whatever it started.
func (p *Process) Kill() error {
	if err := syscall.Kill(-p.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// shellCode is the exit code in the shell's form.
func shellCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
