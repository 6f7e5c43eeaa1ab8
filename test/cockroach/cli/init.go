package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/security"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// patient says whether init waits for ever for a node that does not answer.
func (c *session) patient() bool { return c.v.Within(19, 2, 6) || c.v.AtLeast(20, 1, 0) }

// initialise is `cockroach init`. From 19.2.6 and 20.1 on it tries once a second
// for as long as the node does not answer: a caller needs a time limit of its own.
func (c *session) initialise(ctx context.Context) error {
	t, err := c.target()
	if err != nil {
		return err
	}
	for c.patient() {
		err := c.health(ctx, t)
		if err == nil {
			break
		}
		fmt.Fprintf(c.Err, "warning: node not ready to perform cluster initialization: %v (retrying)\n", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	q := server.InitRequest{ClusterName: c.p.Text("cluster-name", ""), AnyName: c.p.Bool("disable-cluster-name-verification")}
	if err := c.call(ctx, server.OpInit, q, nil); err != nil {
		return c.initFault(err)
	}
	fmt.Fprintln(c.Out, "Cluster successfully initialized")
	return nil
}

// health asks whether a node answers at all, within five seconds.
func (c *session) health(ctx context.Context, t target) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := c.heartbeat(ctx, t)
	var need *security.NeedError
	switch {
	case errors.As(err, &need):
		return err
	case err != nil:
		return errors.New(wire.Transient(err))
	}
	return conn.Close()
}

// initFault words a refused init. Source: cockroachdb-versions.md, section 2.
func (c *session) initFault(err error) error {
	var f *wire.Fault
	if !errors.As(err, &f) {
		return err
	}
	switch {
	case c.v.AtLeast(20, 2, 0):
		return err
	case c.v.Before(2, 1, 0):
		return &failure{err: rpc(err), loud: true}
	case c.v.Before(20, 1, 0):
		return rpc(err)
	}
	out := &failure{err: rpc(err), loud: true}
	if f.Message == "cluster has already been initialized" {
		out.hint = "Please ensure all your start commands are using --join."
	}
	return out
}
