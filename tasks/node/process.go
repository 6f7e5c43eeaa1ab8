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

// process is a running database.
type process struct {
	pid int
	// exited delivers the exit code once: that of the program, or 128 plus the signal that ended it.
	exited <-chan int
}

// startProcess starts the program at path in a process group of its own, so that a Ctrl-C meant for the helper does not reach
// it twice, and tied to the helper's life where the system can do that.
func startProcess(path string, args, environ []string, dir string, stdout, stderr io.Writer) (*process, error) {
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, environ, stdout, stderr
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
	return &process{pid: cmd.Process.Pid, exited: exited}, nil
}

// signal sends sig to the database. A process that is gone already is no error.
func (p *process) signal(sig syscall.Signal) error {
	if err := syscall.Kill(p.pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// kill ends the database and whatever it started.
func (p *process) kill() error {
	if err := syscall.Kill(-p.pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
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
