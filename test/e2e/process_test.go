package e2e

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is one run of cockroachdb-scheduler.
type process struct {
	cmd   *exec.Cmd
	said  *journal
	ended chan struct{}
}

// launch starts a scheduler with this environment and nothing else. It is killed when the test life ends.
func launch(t, life *testing.T, environ []string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(filepath.Join(programs, "cockroachdb-scheduler")), said: &journal{}, ended: make(chan struct{})}
	p.cmd.Env = environ
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	// Should this process be killed, its children go with it.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error, 1)
	go func() {
		// The kernel sends Pdeathsig when the thread that forked ends, so that thread waits for the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.ended)
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // its end is judged by code
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("start the scheduler: %v", err)
	}
	life.Cleanup(func() {
		p.kill()
		if life.Failed() {
			life.Logf("scheduler %d said last\n%s", p.cmd.Process.Pid, last(p.said.String(), 40))
		}
	})
	return p
}

// kill ends the process as kill -9 does, and returns when it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // gone already is as good
	<-p.ended
}

// code waits for the end and returns the exit code, -1 after a signal.
func (p *process) code(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // its goroutines go to its output
		<-p.ended
		t.Fatalf("the scheduler did not end within %s", patience)
	}
	return 0
}

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// hears waits until the scheduler has said all of these words.
func (p *process) hears(t *testing.T, words ...string) {
	t.Helper()
	eventually(t, p, strings.Join(words, ", "), func() error { return p.said.lacks(words...) })
}

// output runs a command to its end, whatever that is.
func output(t *testing.T, cmd *exec.Cmd) answer {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	return answer{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}
