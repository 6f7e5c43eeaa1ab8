package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
)

// ids reads the node ids of decommission and recommission.
func (c *session) ids(ctx context.Context) ([]int, error) {
	var out []int
	for _, a := range c.p.Args {
		id, err := strconv.Atoi(a)
		if err != nil {
			return nil, fmt.Errorf("unable to parse %s: strconv.ParseInt: parsing %q: invalid syntax", a, a)
		}
		out = append(out, id)
	}
	if c.p.Bool("self") {
		var f server.Facts
		if err := c.call(ctx, server.OpHealth, struct{}{}, &f); err != nil {
			return nil, err
		}
		out = append(out, f.ID)
	}
	if len(out) == 0 {
		return nil, errors.New("no node ID specified; use --self to target the local node")
	}
	return out, nil
}

func (c *session) member(ctx context.Context, ids []int, to string) (server.MembershipReply, error) {
	q := server.MembershipRequest{
		ClusterName: c.p.Text("cluster-name", ""), AnyName: c.p.Bool("disable-cluster-name-verification"), Nodes: ids, To: to,
	}
	var r server.MembershipReply
	err := c.call(ctx, server.OpMembership, q, &r)
	return r, err
}

// missing words an id that the cluster never gave out.
func (c *session) missing(r server.MembershipReply, while string) error {
	if len(r.Missing) == 0 {
		return nil
	}
	id := r.Missing[0]
	if c.v.AtLeast(20, 2, 0) {
		return errors.New("node does not exist")
	}
	fmt.Fprintf(c.Err, "warning: cannot find status of node %d\n", id)
	if while != "" {
		fmt.Fprintln(c.Err)
	}
	return fmt.Errorf("%srpc error: code = Unknown desc = during liveness update %d -> %t: node not in the liveness table", while, id, while != "")
}

func (c *session) decommissionColumns() []column {
	count := "replicas"
	if c.v.Before(2, 1, 0) {
		count = "gossiped_replicas"
	}
	cols := []column{
		{"id", func(r server.Report) string { return strconv.Itoa(r.ID) }},
		// By the liveness record, unlike the column of that name in `node status`.
		{"is_live", func(r server.Report) string { return strconv.FormatBool(r.Available) }},
		{count, replicas},
	}
	cols = append(cols, c.membershipColumns()...)
	if c.v.AtLeast(23, 1, 0) {
		cols = append(cols, column{"readiness", func(server.Report) string { return "ready" }}, column{"blocking_ranges", zero})
	}
	return cols
}

// decommission marks nodes and, unless --wait=none, waits until they hold no
// data; that may be never. Source: cockroachdb-versions.md, 4.2.
func (c *session) decommission(ctx context.Context) error {
	ids, err := c.ids(ctx)
	if err != nil {
		return err
	}
	if c.p.Bool("dry-run") {
		r, err := c.member(ctx, ids, "")
		if err != nil {
			return rpc(err)
		}
		if err := c.missing(r, ""); err != nil {
			return err
		}
		return c.show(c.decommissionColumns(), r.Nodes)
	}
	if err := c.check(ctx, ids); err != nil {
		return err
	}
	r, err := c.member(ctx, ids, cluster.Decommissioning)
	if err != nil {
		if strings.Contains(err.Error(), "waiting for init") {
			return fmt.Errorf("connection lost.\n\n%w", rpc(err))
		}
		return rpc(err)
	}
	if err := c.missing(r, "while trying to mark as decommissioning: "); err != nil {
		return err
	}
	for _, id := range r.Already {
		fmt.Fprintf(c.Err, "warning: node %d is already decommissioning or decommissioned\n", id)
	}
	return c.waitForData(ctx, ids, r)
}

// check is what 23.1 and newer do first, unless told --checks=skip: nothing is changed when the nodes that stay are too
// few for the data. Source: cockroachdb-versions.md, 4.2.
func (c *session) check(ctx context.Context, ids []int) error {
	if c.v.Before(23, 1, 0) || c.p.Text("checks", "enabled") == "skip" {
		return nil
	}
	all, err := c.reports(ctx)
	if err != nil {
		return err
	}
	stay, has := 0, 0
	for _, r := range all {
		switch {
		case slices.Contains(ids, r.ID):
			has += r.Replicas
		case r.Available && r.Membership == cluster.Active:
			stay++
		}
	}
	if has == 0 || stay >= 3 {
		return nil
	}
	fmt.Fprintf(c.Err, "\nranges blocking decommission detected\nn%d has %d replicas blocked with error: \"0 of %d live stores are able to take a new replica\"\n\n", ids[0], has, stay)
	return fmt.Errorf("%s", "Cannot decommission nodes.") // its own spelling
}

// waitForData shows the nodes whenever something changes, until they are empty.
func (c *session) waitForData(ctx context.Context, ids []int, r server.MembershipReply) error {
	last := ""
	for {
		left := 0
		now := ""
		for _, n := range r.Nodes {
			left += n.Replicas
			now += fmt.Sprint(n.ID, n.Available, n.Replicas, n.Membership, n.Draining, ";")
		}
		if left == 0 && c.v.AtLeast(20, 2, 0) {
			done, err := c.member(ctx, ids, cluster.Decommissioned)
			if err != nil {
				return rpc(err)
			}
			r = done
		}
		if now != last {
			fmt.Fprintln(c.Err)
			if err := c.show(c.decommissionColumns(), r.Nodes); err != nil {
				return err
			}
			last = now
		} else {
			fmt.Fprint(c.Err, ".")
		}
		if left == 0 {
			fmt.Fprint(c.Out, "\nNo more data reported on target nodes. Please verify cluster health before removing the nodes.\n")
			return c.drainEmpty(ctx, r)
		}
		if c.p.Text("wait", "all") == "none" {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		var err error
		if r, err = c.member(ctx, ids, ""); err != nil {
			return rpc(err)
		}
	}
}

// drainEmpty drains the nodes that are live, as 22.1 and newer do.
func (c *session) drainEmpty(ctx context.Context, r server.MembershipReply) error {
	if c.v.Before(22, 1, 0) {
		return nil
	}
	for _, n := range r.Nodes {
		if n.Live {
			if err := c.call(ctx, server.OpDrain, server.DrainRequest{Self: n.ID}, nil); err != nil {
				return fmt.Errorf("drain node %d: %w", n.ID, err)
			}
		}
	}
	return nil
}

// recommission takes a decommission back.
func (c *session) recommission(ctx context.Context) error {
	ids, err := c.ids(ctx)
	if err != nil {
		return err
	}
	r, err := c.member(ctx, ids, cluster.Active)
	if err != nil {
		return rpc(err)
	}
	if err := c.missing(r, ""); err != nil {
		return err
	}
	for _, id := range r.Already {
		fmt.Fprintf(c.Err, "warning: node %d is not decommissioned\n", id)
	}
	if err := c.show(c.decommissionColumns(), r.Nodes); err != nil {
		return err
	}
	if c.v.Before(19, 1, 0) {
		fmt.Fprintln(c.Out, "The affected nodes must be restarted for the change to take effect.")
	}
	return nil
}
