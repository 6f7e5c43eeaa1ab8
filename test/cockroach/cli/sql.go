package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/display"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/flags"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/server"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/sqlstore"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// client is a SQL session of the command line.
type client struct {
	*session
	conn      *wire.Conn
	to        target
	format    string
	onErrexit bool
	echo      bool
}

// sql is `cockroach sql`, never interactive: -e, --file, or standard input.
func (c *session) sql(ctx context.Context) error {
	s := &client{session: c, format: c.format(), onErrexit: true, echo: c.p.Bool("echo-sql")}
	for _, set := range c.p.All("set") {
		if err := s.set(set); err != nil {
			return err
		}
	}
	var err error
	if s.conn, s.to, err = c.dial(ctx); err != nil {
		return err
	}
	defer s.conn.Close()
	switch batches := c.p.All("execute"); {
	case len(batches) > 0:
		return s.execute(ctx, batches)
	case c.p.Given("file"):
		f, err := os.Open(c.p.Text("file", ""))
		if err != nil {
			return err
		}
		defer f.Close()
		return s.batch(ctx, f)
	}
	return s.batch(ctx, c.In)
}

// format is --format, or what suits where the output goes.
func (c *session) format() string {
	if c.Terminal {
		return c.p.Text("format", flags.Formats(c.v)[2])
	}
	return c.p.Text("format", "tsv")
}

// set takes the client-side options that matter without a person.
func (s *client) set(text string) error {
	name, value, given := strings.Cut(text, "=")
	on, err := true, error(nil)
	if given && name != "display_format" {
		on, err = strconv.ParseBool(value)
	}
	switch name {
	case "errexit":
		s.onErrexit = on
	case "echo":
		s.echo = on
	case "display_format":
		s.format = value
	case "check_syntax", "show_times", "smart_prompt":
	default:
		return fmt.Errorf("invalid option: %q", name)
	}
	if err != nil {
		return fmt.Errorf("invalid value for option %s: %w", name, err)
	}
	return nil
}

// execute runs the -e batches in order, over and over with --watch.
func (s *client) execute(ctx context.Context, batches []string) error {
	for {
		for _, b := range batches {
			if err := s.run(ctx, b); err != nil {
				if s.onErrexit {
					return err
				}
				fmt.Fprintln(s.Err, s.describe(err))
			}
		}
		pause := s.p.Duration("watch", 0)
		if pause <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// batch reads statements line by line and runs them when a line ends one. It
// stops at the first error; a last statement without its semicolon is not run.
func (s *client) batch(ctx context.Context, in io.Reader) error {
	r := bufio.NewReaderSize(in, 256<<10)
	var lines sqlstore.Lines
	for {
		line, err := r.ReadString('\n')
		if lines.Add(line) {
			if fault := s.run(ctx, strings.TrimSpace(lines.Take())); fault != nil {
				fmt.Fprintln(s.Err, strings.TrimPrefix(s.describe(fault), "Error: "))
				if s.onErrexit {
					return fault
				}
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read standard input: %w", err)
		}
	}
	rest := strings.TrimSpace(lines.Take())
	if sts, err := sqlstore.Parse(rest); rest == "" || (err == nil && len(sts) == 0) {
		return nil
	}
	fmt.Fprintf(s.Err, "missing semicolon at end of statement: %s\n", rest)
	return fmt.Errorf("last statement was not executed: %s", rest)
}

// run sends one batch and shows its results. A batch that fails shows none.
func (s *client) run(ctx context.Context, text string) error {
	if s.echo {
		fmt.Fprintf(s.Err, "> %s\n", text)
	}
	q := server.SQLRequest{Database: s.to.database, Text: text, Safe: s.p.Bool("safe-updates")}
	q.SessionRequest = s.to.session()
	var r server.SQLReply
	if err := s.conn.Call(ctx, server.OpSQL, q, &r); err != nil {
		return s.lost(err)
	}
	s.to.database = r.Database
	for _, res := range r.Results {
		if res.Columns == nil {
			fmt.Fprintln(s.Out, res.Tag)
			continue
		}
		for _, row := range res.Rows {
			for i := range row {
				row[i] = printable(row[i])
			}
		}
		if err := display.Write(s.Out, s.format, res.Columns, res.Rows); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	return nil
}

// printable escapes a text with something in it that a terminal cannot show, all
// of it to ASCII, as the real client does.
func printable(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return r != '\t' && r != '\n' && !unicode.IsGraphic(r) }) < 0 {
		return s
	}
	q := strconv.QuoteToASCII(s)
	return q[1 : len(q)-1]
}
