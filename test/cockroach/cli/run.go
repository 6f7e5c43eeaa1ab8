package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/flags"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// Streams are the process' surroundings.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) string
	Terminal bool // Out is a terminal
}

// session is one run of the program.
type session struct {
	Streams
	v    version.Version
	p    *flags.Parsed
	args []string

	limit time.Duration // shortens the minute that a drain may take in early versions
}

// Run behaves as `cockroach args…` of version v and gives the exit code.
func Run(ctx context.Context, v version.Version, args []string, s Streams) int {
	c := &session{Streams: s, v: v, args: args}
	p, err := flags.Parse(args, v, s.Out, s.Err)
	if errors.Is(err, flags.ErrHelp) {
		if len(args) < 2 {
			fmt.Fprintf(s.Out, "Stand-in for CockroachDB %s, for tests.\n\nUsage:\n  cockroach [command]\n\nAvailable Commands:\n  %s\n",
				v, strings.Join(flags.Commands(v), "\n  "))
		}
		return 0
	}
	if err != nil {
		return c.fail("", err)
	}
	c.p = p
	if flags.Deprecated(p.Command, v) {
		fmt.Fprintf(s.Err, "Command %q is deprecated, it will be removed in a later version.\n", p.Command)
	}
	commands := map[string]func(context.Context) error{
		"start": c.start, "start-single-node": c.start, "init": c.initialise, "sql": c.sql, "dump": c.dump,
		"version": c.version, "quit": c.quit, "node ls": c.list, "node status": c.status, "node drain": c.drain,
		"cert create-ca": c.createCA, "cert create-client-ca": c.createCA, "cert create-node": c.createNode,
		"cert create-client": c.createClient, "cert list": c.certList,
		"node decommission": c.decommission, "node recommission": c.recommission,
	}
	if err := commands[p.Command](ctx); err != nil {
		return c.fail(p.Command, err)
	}
	return 0
}
