package s3

import (
	"os/exec"
	"runtime"
	"syscall"
	"testing"
)

// process is a child that does not outlive the test binary, even when that is killed or times out.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
}

func launch(tb testing.TB, cmd *exec.Cmd) *process {
	tb.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel sends Pdeathsig when the thread that forked ends, so that thread has to wait for the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // killed: that is what it is for
		}
	}()
	if err := <-started; err != nil {
		tb.Fatalf("start the S3 server: %v", err)
	}
	return p
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // gone already is as good
	<-p.done
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}
