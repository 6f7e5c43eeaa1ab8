package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
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
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start the scheduler: %v", err)
	}
	go func() { _ = p.cmd.Wait(); close(p.ended) }() // its end is judged by code
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

// journal keeps what a process says.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
	line func()
}

// hear calls a function for each line, those already said first.
func (j *journal) hear(line func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.line = line
	for range bytes.Count(j.text.Bytes(), []byte("\n")) {
		line()
	}
}

func (j *journal) Write(text []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.line != nil {
		for range bytes.Count(text, []byte("\n")) {
			j.line()
		}
	}
	return j.text.Write(text)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// lacks says which words were not said. Quotes inside a log line are escaped, which nobody who reads it minds.
func (j *journal) lacks(words ...string) error {
	text := strings.ReplaceAll(j.String(), `\"`, `"`)
	var missing []error
	for _, word := range words {
		if !strings.Contains(text, word) {
			missing = append(missing, fmt.Errorf("it does not say %q", word))
		}
	}
	return errors.Join(missing...)
}

// eventually asks again and again until nothing is missing. A scheduler that ends meanwhile ends the wait: what it did not
// do, it never will.
func eventually(t *testing.T, p *process, what string, check func() error) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	late := time.After(patience)
	for {
		running := p == nil || p.running()
		err := check()
		if err == nil {
			return
		}
		if !running {
			t.Fatalf("the scheduler ended before: %s: %v", what, err)
		}
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("not within %s: %s: %v", patience, what, err)
		}
	}
}

// always asks again and again for a while, and fails as soon as something is missing.
func always(t *testing.T, while time.Duration, what string, check func() error) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for end := time.Now().Add(while); time.Now().Before(end); <-again.C {
		if err := check(); err != nil {
			t.Fatalf("%s: no more: %v", what, err)
		}
	}
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

// helperLines are what the helper said in a task's stdout.
func helperLines(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, " cockroachdb-node: ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "\n")
}

func last(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
