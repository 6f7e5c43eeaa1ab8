package job

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
)

// clientResult is what a client command left.
type clientResult struct {
	// code is the exit code in the shell's form.
	code           int
	stdout, stderr string
}

// mostAnswer bounds what is kept of an answer, in bytes: a hundred thousand tables fit in.
const mostAnswer = 32 << 20

// runClient runs one of the database's client commands to its end, with stdin. When ctx ends first, the command is killed and
// the error is the context's cause.
func runClient(ctx context.Context, child node.Child, stdin string) (clientResult, error) {
	var stdout bytes.Buffer
	var stderr tail
	child.Stdin, child.Stdout, child.Stderr = strings.NewReader(stdin), &bounded{out: &stdout, left: mostAnswer}, &stderr
	p, err := child.Start()
	if err != nil {
		return clientResult{}, fmt.Errorf("run cockroach %s: %w", child.Args[0], err)
	}
	code, err := wait(ctx, p)
	return clientResult{code, stdout.String(), stderr.String()}, err
}

// wait waits for the end of a child, and kills it when ctx ends first.
func wait(ctx context.Context, p *node.Process) (int, error) {
	select {
	case code := <-p.Exited:
		return code, nil
	case <-ctx.Done():
	}
	if err := p.Kill(); err != nil {
		return 0, fmt.Errorf("end a client of the database: %w", err)
	}
	return <-p.Exited, context.Cause(ctx)
}

// bounded takes no more than left bytes, and fails at more.
type bounded struct {
	out  io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(p) > b.left {
		return 0, fmt.Errorf("the answer of the database is longer than %d bytes", mostAnswer)
	}
	b.left -= len(p)
	return b.out.Write(p)
}

// tailBytes is how much of an error output is kept at its beginning, and as much at its end.
const tailBytes = 4 << 10

// tail keeps the beginning and the end of what is written to it.
type tail struct {
	mu          sync.Mutex
	first, last []byte
	left        int64 // bytes between the two that are gone
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	take := min(len(p), tailBytes-len(t.first))
	t.first = append(t.first, p[:take]...)
	t.last = append(t.last, p[take:]...)
	if over := len(t.last) - tailBytes; over > 0 {
		t.left += int64(over)
		t.last = append(t.last[:0], t.last[over:]...)
	}
	return n, nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.left > 0 {
		return fmt.Sprintf("%s\n… %d bytes left out …\n%s", t.first, t.left, t.last)
	}
	return string(t.first) + string(t.last)
}

// pipe is a pipe of the operating system between this process and a child: unlike one that package os/exec copies through, its
// content outlives the child until it has been read.
func pipe() (r, w *os.File, err error) {
	r, w, err = os.Pipe()
	if err != nil {
		return nil, nil, fmt.Errorf("make a pipe: %w", err)
	}
	return r, w, nil
}
