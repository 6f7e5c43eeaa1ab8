package node

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// clientLimit bounds one run of a client command. `cockroach init` repeats for ever on its own from v19.2.6 on, and with the
// quorum lost no command ends.
const clientLimit = 20 * time.Second

// client runs the database's client commands against the node of the same sandbox.
type client struct {
	binary  string
	dir     string
	environ []string
	limit   time.Duration
}

// clientResult is what a client command left.
type clientResult struct {
	// code is the exit code in the shell's form.
	code           int
	stdout, stderr string
}

// run runs one command to its end. It is started like the database, tied to the helper's life: a stray `init` would go on
// trying and could initialise a later start that must not be. A command that takes longer than the limit is ended, and its
// stderr says so.
func (c client) run(ctx context.Context, args []string) (clientResult, error) {
	return c.tell(ctx, args, "")
}

// tell runs one command with a text on its stdin.
func (c client) tell(ctx context.Context, args []string, stdin string) (clientResult, error) {
	var stdout, stderr bytes.Buffer
	p, err := Child{Path: c.binary, Args: args, Stdin: strings.NewReader(stdin), Environ: cockroach.Environment(c.environ), Dir: c.dir, Stdout: &stdout, Stderr: &stderr}.Start()
	if err != nil {
		return clientResult{}, fmt.Errorf("run cockroach %s: %w", args[0], err)
	}
	limit := time.NewTimer(c.limit)
	defer limit.Stop()
	select {
	case code := <-p.Exited:
		return clientResult{code, stdout.String(), stderr.String()}, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-limit.C:
	}
	if killErr := p.Kill(); killErr != nil {
		return clientResult{}, fmt.Errorf("end cockroach %s: %w", args[0], killErr)
	}
	code := <-p.Exited // also orders the last writes before the reads below
	return clientResult{code, stdout.String(), fmt.Sprintf("%s\nno end within %s", stderr.String(), c.limit)}, err
}
