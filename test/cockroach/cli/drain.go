package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// drain is `node drain`. Source: cockroachdb-versions.md, 4.3, and 06-quit-drain.
func (c *session) drain(ctx context.Context) error {
	q := server.DrainRequest{Shutdown: c.p.Bool("shutdown")}
	if len(c.p.Args) == 1 {
		id, err := strconv.Atoi(c.p.Args[0])
		if err != nil {
			return fmt.Errorf("could not parse node_id %s", c.p.Args[0])
		}
		q.Self = id
	} else if c.v.AtLeast(22, 1, 0) && !c.p.Bool("self") {
		fmt.Fprintln(c.Err, "warning: draining a node without node ID or passing --self explicitly is deprecated.")
	}
	if err := c.drainNode(ctx, q); err != nil {
		return err
	}
	fmt.Fprintln(c.Out, "ok")
	return nil
}

// drainNode asks for a drain and tells of it on standard error.
func (c *session) drainNode(ctx context.Context, q server.DrainRequest) error {
	q.ClusterName, q.AnyName = c.p.Text("cluster-name", ""), c.p.Bool("disable-cluster-name-verification")
	conn, _, err := c.dialRPC(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	limit := c.p.Duration("drain-wait", 10*time.Minute)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	fmt.Fprint(c.Err, "node is draining... ")
	var r server.DrainReply
	err = conn.Call(ctx, server.OpDrain, q, &r)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		fmt.Fprintln(c.Err)
		return errors.New("drain timeout")
	case err != nil:
		fmt.Fprintln(c.Err)
		return c.lost(err)
	}
	if r.Remaining > 0 {
		fmt.Fprintf(c.Err, "remaining: %d\nnode is draining... ", r.Remaining)
	}
	fmt.Fprintln(c.Err, "remaining: 0 (complete)")
	return nil
}

// quit drains a node and stops its process.
func (c *session) quit(ctx context.Context) error {
	if c.p.Bool("decommission") {
		return errors.New("the stand-in does not decommission on quit; use node decommission, then quit")
	}
	err := c.drainNode(ctx, server.DrainRequest{Shutdown: true})
	var f *wire.Fault
	if errors.As(err, &f) {
		return &failure{
			err:  errors.New("hard shutdown failed: node cannot be shut down before it has been initialized"),
			hint: "You can still stop the process using a service manager or a signal.",
		}
	}
	if err != nil {
		return err
	}
	t, err := c.target()
	if err != nil {
		return err
	}
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", t.addr)
		if err != nil {
			break
		}
		conn.Close()
		time.Sleep(20 * time.Millisecond)
	}
	fmt.Fprintln(c.Out, "ok")
	return nil
}
