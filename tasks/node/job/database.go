package job

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node"
)

// database is the cluster as a client of one of its nodes sees it. It may be used from several goroutines.
type database struct {
	// binary is the client program, client its version.
	binary, dir string
	client      cockroach.Version
	environ     []string
	nodes       []cockroach.Address
	// certs is the clients' folder of certificates, empty without one.
	certs   string
	pace    pace
	journal *node.Journal
	// server is the version of the node that answered first. It decides about statements, client about command lines.
	server cockroach.Version

	mu sync.Mutex
	at int // the node that answered last
}

// probeLimit bounds the first question to a node: one that has no quorum, or is no database, may never answer.
const probeLimit = 10 * time.Second

// connect finds a node that answers, and the version that runs there.
func (d *database) connect(ctx context.Context) error {
	deadline := time.Now().Add(d.pace.connect)
	var last error
	said := false
	for {
		for i, address := range d.nodes {
			short, cancel := context.WithTimeout(ctx, probeLimit)
			stdout, err := d.once(short, address, "", cockroach.VersionQuery())
			cancel()
			if err == nil {
				d.server, err = cockroach.ReadServerVersion(stdout, 0)
			}
			if err == nil {
				d.use(i)
				d.journal.Say("connected to the node at %s, CockroachDB %s", address, d.server)
				return nil
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			last = fmt.Errorf("%s: %w", address, err)
		}
		if !said {
			said = true
			d.journal.Say("no node of the database answers yet, trying on for %s: %v", d.pace.connect, last)
		}
		if time.Now().After(deadline) {
			return faultOf(fmt.Sprintf("none of %d nodes of the database answered within %s; the last one was", len(d.nodes), d.pace.connect), last,
				"look whether the nodes are ready (plan show deploy), then ask for the job again")
		}
		if !sleep(ctx, d.pace.first) {
			return context.Cause(ctx)
		}
	}
}

func (d *database) use(i int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = i
}

// address is the node to talk to, and its place in the list.
func (d *database) address() (cockroach.Address, int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.nodes[d.at], d.at
}

// access is how a client command gets to a node.
func (d *database) access(at cockroach.Address) cockroach.Access {
	return cockroach.Access{At: at, CertsDir: d.certs}
}

// child is a command of the client program. What a child gets to see of the environment has no secret in it.
func (d *database) child(args []string) node.Child {
	return node.Child{Path: d.binary, Args: args, Environ: d.environ, Dir: d.dir}
}

// once runs statements at one node. The error is a *sqlError when the client failed.
func (d *database) once(ctx context.Context, at cockroach.Address, name, text string) (string, error) {
	result, err := runClient(ctx, d.child(cockroach.SQLCommand(d.client, d.access(at), name, cockroach.CSV)), text)
	if err != nil {
		return "", err
	}
	if result.code != 0 {
		return "", readSQLError(result)
	}
	return result.stdout, nil
}

// tell runs statements that change something, once.
func (d *database) tell(ctx context.Context, what, name, text string) (string, error) {
	at, _ := d.address()
	stdout, err := d.once(ctx, at, name, text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	return stdout, nil
}

// ask runs statements that change nothing, at another node when one is lost. From then on it tries as long as
// it does to connect.
func (d *database) ask(ctx context.Context, what, text string) (string, error) {
	var deadline time.Time // from the first failure on: a count may take hours before its node is lost
	for {
		at, i := d.address()
		stdout, err := d.once(ctx, at, "", text)
		if err == nil {
			return stdout, nil
		}
		failed := (*sqlError)(nil)
		if deadline.IsZero() {
			deadline = time.Now().Add(d.pace.connect)
		}
		if ctx.Err() != nil || !errors.As(err, &failed) || failed.Served || time.Now().After(deadline) {
			return "", fmt.Errorf("%s: %w", what, err)
		}
		d.journal.Say("the node at %s is lost (%v), trying the next", at, err)
		d.use((i + 1) % len(d.nodes))
		if !sleep(ctx, d.pace.first) {
			return "", fmt.Errorf("%s: %w", what, context.Cause(ctx))
		}
	}
}

// askShort is ask with a limit for questions that are small.
func (d *database) askShort(ctx context.Context, what, text string) (string, error) {
	short, cancel := context.WithTimeoutCause(ctx, d.pace.answer, fmt.Errorf("the database did not answer within %s", d.pace.answer))
	defer cancel()
	return d.ask(short, what, text)
}

// value asks a question whose answer read understands.
func value[T any](ctx context.Context, d *database, what, text string, read func(stdout string, tags int) (T, error)) (T, error) {
	stdout, err := d.askShort(ctx, what, text)
	if err != nil {
		var none T
		return none, err
	}
	got, err := read(stdout, 0)
	if err != nil {
		return got, fmt.Errorf("%s: %w", what, err)
	}
	return got, nil
}

// column reads the only column of an answer.
func column(stdout string, tags int) ([]string, error) {
	rows, err := cockroach.ReadCSV(stdout, tags)
	if err != nil {
		return nil, err
	}
	if len(rows.Columns) != 1 {
		return nil, fmt.Errorf("`cockroach sql` answered %d columns where one was asked for", len(rows.Columns))
	}
	out := make([]string, 0, len(rows.Rows))
	for _, row := range rows.Rows {
		out = append(out, row[0])
	}
	return out, nil
}

// lines is how many lines a text has.
func lines(text string) int { return strings.Count(text, "\n") }
