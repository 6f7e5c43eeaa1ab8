package cli

import (
	"context"
	"io"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/cli/cluster"
)

// Process is what a run of the plug-in gets from its operating system.
type Process struct {
	Args           []string  // os.Args, the program's own name first
	Stdin          io.Reader // read only where a file may be "stdin", and for confirmations; nil for none
	Stdout, Stderr io.Writer
	Env            cluster.Environment // os.LookupEnv
	Version        string              // of the plug-in, "1.0.0"
	// Terminal says whether one of the streams is a terminal, and how many columns it has; nil asks the operating system.
	Terminal func(stream any) (columns int, ok bool)
}

// interrupted is the exit status of a command that a person broke off: 128 and the number of SIGINT, as shells have it.
const interrupted = 130

// Run executes one command line and gives the exit status: 0, or 1 for every
// failure, which is explained on Stderr, or 130 when ctx ended the command.
func Run(ctx context.Context, p Process) int {
	program, args := split(p.Args)
	s := &session{
		program: program,
		version: p.Version,
		stdin:   p.Stdin,
		stdout:  p.Stdout,
		stderr:  p.Stderr,
		env:     p.Env,

		stderrStream: p.Stderr,
		terminal:     p.Terminal,
	}
	if s.terminal == nil {
		s.terminal = terminalOf
	}
	root := newRoot(s)
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		if ctx.Err() != nil {
			return interrupted // whoever broke it off knows why
		}
		s.complain(err)
		return 1
	}
	return 0
}
