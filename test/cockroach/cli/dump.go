package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/dump"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// dump is `cockroach dump`. Source: cockroachdb-versions.md, 6.2.
func (c *session) dump(ctx context.Context) error {
	mode := c.p.Text("dump-mode", dump.Both)
	if c.v.AtLeast(21, 1, 0) && mode != dump.Schema {
		return errors.New("dumping table data is deprecated and was taken out; use --dump-mode=schema, or BACKUP")
	}
	faults, err := c.faults()
	if err != nil {
		return err
	}
	all := c.p.Bool("dump-all")
	switch {
	case all && len(c.p.Args) > 0:
		return errors.New("cannot specify --dump-all with a database or tables")
	case !all && len(c.p.Args) == 0:
		return errors.New("must specify either a database or --dump-all")
	}
	conn, t, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var databases, tables []string
	if all {
		if databases, err = databaseNames(ctx, conn, t); err != nil {
			return c.lost(err)
		}
	} else {
		databases, tables = c.p.Args[:1], c.p.Args[1:]
	}
	for _, db := range databases {
		q := server.DumpRequest{Database: db, Tables: tables, Mode: mode, AsOf: c.p.Text("as-of", ""), Faults: faults}
		q.SessionRequest = t.session()
		if all {
			fmt.Fprintf(c.Out, "\nCREATE DATABASE IF NOT EXISTS %s;\nUSE %s;\n\n", db, db)
		}
		if err := c.pieces(ctx, conn, q); err != nil {
			return err
		}
	}
	return nil
}

// pieces writes the pieces of one database's dump, one after the other: neither
// side holds more than one.
func (c *session) pieces(ctx context.Context, conn *wire.Conn, q server.DumpRequest) error {
	for {
		var r server.DumpReply
		if err := conn.Call(ctx, server.OpDump, q, &r); err != nil {
			return c.lost(err)
		}
		if err := c.slowly(ctx, r.Text(), r.Rate); err != nil {
			return fmt.Errorf("write the dump: %w", err)
		}
		switch {
		case r.Fault != nil:
			return r.Fault
		case r.Cursor == nil:
			return nil
		}
		q.Cursor = r.Cursor
	}
}

// slowly writes at a rate of bytes a second, or at once when it is 0.
func (c *session) slowly(ctx context.Context, b []byte, rate int) error {
	const step = 20 * time.Millisecond
	for rate > 0 && len(b) > 0 {
		n := min(len(b), max(1, rate/int(time.Second/step)))
		if _, err := c.Out.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(step):
		}
	}
	_, err := c.Out.Write(b)
	return err
}

// faults reads what is to go wrong on purpose, of a node or of one dump.
func (c *session) faults() (dump.Faults, error) {
	var f dump.Faults
	for name, n := range map[string]*int{"STANDIN_DUMP_RATE": &f.Rate, "STANDIN_DUMP_FAIL_ROWS": &f.FailRows} {
		var err error
		if *n, err = c.number(name); err != nil {
			return f, err
		}
	}
	if names := c.Env("STANDIN_DUMP_OMIT"); names != "" {
		f.Omit = strings.Split(names, ",")
	}
	return f, nil
}

// number reads a variable, 0 when it is not set.
func (c *session) number(name string) (int, error) {
	text := c.Env(name)
	if text == "" {
		return 0, nil
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < 1 {
		return 0, fmt.Errorf("variable %s is %q; it wants a number above 0", name, text)
	}
	return v, nil
}

// databaseNames gives all databases but the system's own.
func databaseNames(ctx context.Context, conn *wire.Conn, t target) ([]string, error) {
	q := server.SQLRequest{Text: "SHOW DATABASES"}
	q.SessionRequest = t.session()
	var r server.SQLReply
	if err := conn.Call(ctx, server.OpSQL, q, &r); err != nil {
		return nil, err
	}
	var names []string
	for _, row := range r.Results[0].Rows {
		if row[0] != "system" {
			names = append(names, row[0])
		}
	}
	return names, nil
}
