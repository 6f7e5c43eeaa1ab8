package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/cluster"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/display"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
)

// column is one column of `node status`.
type column struct {
	name string
	text func(server.Report) string
}

func stamp(ns int64) string {
	return time.Unix(0, ns).UTC().Format("2006-01-02 15:04:05.999999-07:00")
}

func zero(server.Report) string { return "0" }

// columns are those of `node status` by version and flags.
// Source: cockroachdb-versions.md, 4.1.
func (c *session) columns() []column {
	id := column{"id", func(r server.Report) string { return strconv.Itoa(r.ID) }}
	addr := column{"address", func(r server.Report) string { return r.Address }}
	sql := column{"sql_address", func(r server.Report) string { return r.SQLAddress }}
	build := column{"build", func(r server.Report) string { return r.Build }}
	started := column{"started_at", func(r server.Report) string { return stamp(r.StartedAt) }}
	updated := column{"updated_at", func(r server.Report) string { return stamp(r.UpdatedAt) }}
	locality := column{"locality", func(r server.Report) string { return localityText(r.Locality) }}
	attrs := column{"attrs", func(r server.Report) string { return fmt.Sprint(r.Attrs) }}
	available := column{"is_available", func(r server.Report) string { return strconv.FormatBool(r.Available) }}
	live := column{"is_live", func(r server.Report) string { return strconv.FormatBool(r.Live) }}

	var cols []column
	switch {
	case c.v.Before(2, 1, 0):
		live.text = available.text // the only word on it
		cols = []column{id, addr, build, updated, started, live}
	case c.v.Before(19, 2, 0):
		cols = []column{id, addr, build, started, updated, available, live}
	case c.v.Before(25, 3, 0):
		cols = []column{id, addr, sql, build, started, updated, locality, available, live}
	default:
		cols = []column{id, addr, sql, build, started, updated, locality, attrs, available, live}
	}
	all := c.p.Bool("all")
	if all || c.p.Bool("ranges") {
		leading := func(r server.Report) string { return strconv.Itoa(r.Leading) }
		cols = append(cols, column{"replicas_leaders", leading}, column{"replicas_leaseholders", leading}, column{"ranges", leading},
			column{"ranges_unavailable", func(r server.Report) string { return strconv.Itoa(r.Unavailable) }},
			column{"ranges_underreplicated", func(r server.Report) string { return strconv.Itoa(r.Underreplicated) }})
	}
	if all || c.p.Bool("stats") {
		for _, n := range []string{"live_bytes", "key_bytes", "value_bytes", "intent_bytes", "system_bytes"} {
			cols = append(cols, column{n, zero})
		}
	}
	if all || c.p.Bool("decommission") {
		cols = append(cols, column{"gossiped_replicas", replicas})
		cols = append(cols, c.membershipColumns()...)
	}
	return cols
}

func replicas(r server.Report) string { return strconv.Itoa(r.Replicas) }

// membershipColumns end both `node status --decommission` and `node decommission`.
func (c *session) membershipColumns() []column {
	cols := []column{{"is_decommissioning", func(r server.Report) string { return strconv.FormatBool(r.Membership != cluster.Active) }}}
	if c.v.AtLeast(20, 2, 0) {
		cols = append(cols, column{"membership", func(r server.Report) string { return r.Membership }})
	}
	return append(cols, column{"is_draining", func(r server.Report) string { return strconv.FormatBool(r.Draining) }})
}

func (c *session) show(cols []column, reports []server.Report) error {
	var names []string
	var rows [][]string
	for _, col := range cols {
		names = append(names, col.name)
	}
	for _, r := range reports {
		var row []string
		for _, col := range cols {
			row = append(row, col.text(r))
		}
		rows = append(rows, row)
	}
	return display.Write(c.Out, c.format(), names, rows)
}

func (c *session) reports(ctx context.Context) ([]server.Report, error) {
	if d := c.p.Duration("timeout", 0); d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d)
		defer cancel()
	}
	conn, t, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var all []server.Report
	err = conn.Call(ctx, server.OpStatus, t.session(), &all)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, fmt.Errorf("no answer within %s (--timeout)", c.p.Text("timeout", ""))
	}
	return all, c.lost(err)
}

// status is `node status [id]`.
func (c *session) status(ctx context.Context) error {
	want := 0
	if len(c.p.Args) == 1 {
		id, err := strconv.Atoi(c.p.Args[0])
		if err != nil {
			return fmt.Errorf("could not parse node_id %s", c.p.Args[0])
		}
		want = id
	}
	all, err := c.reports(ctx)
	if err != nil {
		return err
	}
	gone := c.p.Bool("all") || c.p.Bool("decommission")
	var shown []server.Report
	for _, r := range all {
		if (want == 0 || r.ID == want) && (gone || !c.left(r)) {
			shown = append(shown, r)
		}
	}
	if want != 0 && len(shown) == 0 {
		return fmt.Errorf("node %d doesn't exist", want)
	}
	return c.show(c.columns(), shown)
}

// left says whether a node is left out of the lists: it is not live and is being decommissioned, or was. Measure:
// 05-decommission; the query of `node status` is the same from 2.1 to 23.1, and asked for one node too.
func (c *session) left(r server.Report) bool {
	return r.Membership != cluster.Active && !r.Available && c.v.AtLeast(2, 1, 0)
}

// list is `node ls`.
func (c *session) list(ctx context.Context) error {
	all, err := c.reports(ctx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, c.left)
	return c.show([]column{{"id", func(r server.Report) string { return strconv.Itoa(r.ID) }}}, all)
}
