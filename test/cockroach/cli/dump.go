package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

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
	if c.p.Given("as-of") {
		return errors.New("the stand-in keeps no history: --as-of is not for it")
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
		q := server.DumpRequest{Database: db, Tables: tables, Mode: mode}
		q.User = t.user
		if all {
			fmt.Fprintf(c.Out, "\nCREATE DATABASE IF NOT EXISTS %s;\nUSE %s;\n\n", db, db)
		}
		var r server.DumpReply
		if err := conn.Call(ctx, server.OpDump, q, &r); err != nil {
			return c.lost(err)
		}
		if _, err := io.WriteString(c.Out, r.Text); err != nil {
			return fmt.Errorf("write the dump: %w", err)
		}
	}
	return nil
}

// databaseNames gives all databases but the system's own.
func databaseNames(ctx context.Context, conn *wire.Conn, t target) ([]string, error) {
	q := server.SQLRequest{Text: "SHOW DATABASES"}
	q.User = t.user
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
