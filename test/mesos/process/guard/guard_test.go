package guard

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestParentOf(t *testing.T) {
	for name, test := range map[string]struct {
		stat   string
		parent int
		ok     bool
	}{
		"plain":             {"42 (sleep) S 7 42 42 0", 7, true},
		"name with a space": {"42 (a b) R 8 42", 8, true},
		"name with a paren": {"42 (a) S 1) R 9 42", 9, true},
		"zombie":            {"42 (sleep) Z 7 42", 0, false},
		"cut off":           {"42 (sleep)", 0, false},
		"empty":             {"", 0, false},
		"no number":         {"42 (sleep) S x", 0, false},
	} {
		if parent, ok := parentOf([]byte(test.stat)); parent != test.parent || ok != test.ok {
			t.Errorf("%s: got %d %t, want %d %t", name, parent, ok, test.parent, test.ok)
		}
	}
}

func TestDescendantsOfThisProcess(t *testing.T) {
	child := exec.Command("sh", "-c", "sleep 60 & wait")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = child.Wait() }()
	var found []int
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline) && len(found) < 1; {
		found = descendants(child.Process.Pid)
	}
	if len(found) != 1 || !slices.Contains(descendants(os.Getpid()), found[0]) {
		t.Errorf("descendants of the shell: %v; of this process: %v", found, descendants(os.Getpid()))
	}
	for _, pid := range append(found, child.Process.Pid) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func start3(t *testing.T, script string) (*Run, func() string) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	run, err := Start(Command{Path: "/bin/sh", Args: []string{"sh", "-c", script}, Env: []string{"A=1"}, Dir: "/"}, writer, writer)
	writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Abandon(); reader.Close() })
	return run, func() string {
		buffer := make([]byte, 100)
		n, _ := reader.Read(buffer)
		return strings.TrimSpace(string(buffer[:n]))
	}
}

func TestSignals(t *testing.T) {
	for name, test := range map[string]struct {
		order func(*Run)
		want  syscall.WaitStatus
	}{
		"term":      {(*Run).Term, syscall.WaitStatus(5 << 8)},
		"term tree": {(*Run).TermTree, syscall.WaitStatus(5 << 8)},
		"kill":      {(*Run).Kill, syscall.WaitStatus(syscall.SIGKILL)},
		"abandon":   {(*Run).Abandon, syscall.WaitStatus(syscall.SIGKILL)},
	} {
		run, read := start3(t, "trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done")
		if got := read(); got != "ready" {
			t.Fatalf("%s: output %q", name, got)
		}
		test.order(run)
		if got, err := run.Wait(); got != test.want || err != nil {
			t.Errorf("%s: wait status %#x (error %v), want %#x", name, got, err, test.want)
		}
		run.Term() // after the end an order is nothing
	}
}

func TestNothingIsInherited(t *testing.T) {
	t.Setenv("OF_THE_PARENT", "1")
	extra, err := syscall.Dup(0) // a file that is not closed on exec
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(extra)
	run, read := start3(t, `echo "A=$A parent=$OF_THE_PARENT input=$(cat) files=$(ls /proc/self/fd | wc -l)"`)
	// ls has its three standard files, the folder it lists, and nothing else.
	if got, want := read(), "A=1 parent= input= files=4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if status, err := run.Wait(); status != 0 || err != nil {
		t.Errorf("wait status %d, error %v", status, err)
	}
}

func TestACommandThatCannotStart(t *testing.T) {
	_, err := Start(Command{Path: "/no/such/program", Args: []string{"x"}, Dir: "/"}, os.Stdout, os.Stderr)
	fault := (*StartError)(nil)
	if !errors.As(err, &fault) || !strings.Contains(fault.Reason, "no such file") {
		t.Errorf("got %v, want a StartError that says why", err)
	}
}
