package guard

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// StartError says that the command could not be started (no such file, not executable, …).
type StartError struct{ Reason string }

// Error returns the reason as the system words it.
func (e *StartError) Error() string { return e.Reason }

// Run is a command under a guard.
type Run struct {
	guard   *exec.Cmd
	results *bufio.Reader
	pipe    io.Closer
	pid     int

	mu      sync.Mutex
	control io.WriteCloser // nil once closed
}

// Start runs the command with stdout and stderr as its output and waits until it has been started. A *StartError says that
// the command itself is at fault; any other error, that there is no guard.
func Start(command Command, stdout, stderr *os.File) (*Run, error) {
	order, err := json.Marshal(command)
	if err != nil {
		return nil, fmt.Errorf("encode the command for the guard: %w", err)
	}
	results, resultsWriter, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe for the guard: %w", err)
	}
	self := &exec.Cmd{
		Path: "/proc/self/exe",
		Args: []string{Name},
		// One thread is enough; a guard of a program built with -race need not wait a second at its end (the default).
		Env:        []string{"GOMAXPROCS=1", "GORACE=atexit_sleep_ms=0"},
		Dir:        "/",
		Stdout:     stdout,
		Stderr:     stderr,
		ExtraFiles: []*os.File{resultsWriter},
		// A session of its own: Ctrl-C at the terminal is for the program, which then stops its tasks in order.
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	control, err := self.StdinPipe()
	if err == nil {
		err = self.Start()
	}
	resultsWriter.Close()
	if err != nil {
		results.Close()
		return nil, fmt.Errorf("start a guard: %w", err)
	}
	run := &Run{guard: self, control: control, results: bufio.NewReader(results), pipe: results}
	run.tell(string(order))
	if err := run.started(); err != nil {
		run.Abandon()
		_, _ = run.Wait()
		return nil, err
	}
	return run, nil
}

func (r *Run) started() error {
	word, rest, err := r.line()
	switch {
	case err != nil:
		return fmt.Errorf("read from the guard: %w", err)
	case word == lineFailed:
		return &StartError{Reason: rest}
	case word != lineStarted:
		return fmt.Errorf("read from the guard: unexpected %q", word)
	}
	if r.pid, err = strconv.Atoi(rest); err != nil {
		return fmt.Errorf("read from the guard: %w", err)
	}
	return nil
}

func (r *Run) line() (word, rest string, err error) {
	line, err := r.results.ReadString('\n')
	if err != nil {
		return "", "", err
	}
	word, rest, _ = strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	return word, rest, nil
}

// Pid is the process id of the command itself.
func (r *Run) Pid() int { return r.pid }

// GuardPid is the process id of the guard.
func (r *Run) GuardPid() int { return r.guard.Process.Pid }

// Term sends SIGTERM to the command itself.
func (r *Run) Term() { r.tell(lineTerm) }

// TermTree sends SIGTERM to the command and to all that descends from it.
func (r *Run) TermTree() { r.tell(lineTermTree) }

// Kill sends SIGKILL to the command and to all that descends from it.
func (r *Run) Kill() { r.tell(lineKill) }

// Abandon is what the program's own death does: the guard kills everything and goes, and Wait reports SIGKILL.
func (r *Run) Abandon() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.control != nil {
		_ = r.control.Close()
		r.control = nil
	}
}

// tell writes one line. A guard that has gone is told nothing; Wait reports its end.
func (r *Run) tell(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.control != nil {
		_, _ = io.WriteString(r.control, line+"\n")
	}
}

// Wait returns the command's wait status once it and all that descends from it have ended. It is called once.
func (r *Run) Wait() (syscall.WaitStatus, error) {
	defer r.pipe.Close()
	status, known := syscall.WaitStatus(syscall.SIGKILL), false
	word, rest, err := r.line()
	if err == nil && word == lineExited {
		var number uint64
		if number, err = strconv.ParseUint(rest, 10, 32); err == nil {
			status, known = syscall.WaitStatus(number), true
		}
	}
	// The guard itself is waited for last: it ends only when its children have.
	waited := r.guard.Wait()
	r.Abandon()
	if exit := (*exec.ExitError)(nil); !known && waited != nil && !errors.As(waited, &exit) {
		return status, fmt.Errorf("wait for a guard: %w", waited)
	}
	return status, nil
}
