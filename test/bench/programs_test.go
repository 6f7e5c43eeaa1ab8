package bench

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds everything that is waited for.
const patience = 2 * time.Minute

// build makes the programs as `make build stand-in` does, into a folder of their own.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir() + string(filepath.Separator)
	tool(t, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", dir,
		"./cmd/cockroachdb-scheduler", "./cmd/dcos-cockroachdb", "./cmd/cockroachdb-sandbox", "./cmd/cockroachdb-node")
	tool(t, "go", "run", "./test/cockroach/pack", "-version", "v24.1.6", "-o", dir)
	return dir
}

// tool runs a command in the repository's root.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, output)
	}
}

// program is a process that a figure is measured on.
type program struct {
	*exec.Cmd
	output *said
	ended  chan struct{}
}

// start runs a program with this environment and nothing else, and ends it with the test. What it says is kept, and
// output.heard is closed once that has the text until in it.
func start(t *testing.T, environ []string, until, name string, args ...string) *program {
	t.Helper()
	p := &program{Cmd: exec.Command(name, args...), ended: make(chan struct{}),
		output: &said{until: until, heard: make(chan struct{})}}
	p.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environ...)
	p.Stdout, p.Stderr = p.output, p.output
	// Should the test be killed, its children go with it.
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := p.Start(); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	go func() { _ = p.Wait(); close(p.ended) }()
	t.Cleanup(func() { p.stop(t) })
	return p
}

// stop asks the program to end, and makes it.
func (p *program) stop(t *testing.T) {
	_ = p.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		_ = p.Process.Kill()
		<-p.ended
		t.Errorf("%s did not end on SIGTERM", filepath.Base(p.Path))
	}
	if t.Failed() {
		lines := strings.Split(p.output.String(), "\n")
		t.Logf("%s said last:\n%s", filepath.Base(p.Path), strings.Join(lines[max(0, len(lines)-20):], "\n"))
	}
}

// receive waits for a value, or fails when it takes too long or the program ends first.
func receive[T any](t *testing.T, from <-chan T, p *program, what string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case value := <-from:
		return value
	case <-p.ended:
		t.Fatalf("%s ended before %s came", filepath.Base(p.Path), what)
	case <-ctx.Done():
		t.Fatalf("%s did not come within %s", what, patience)
	}
	panic("not reached")
}
