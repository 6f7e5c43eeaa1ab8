package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/flags"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/wire"
)

// failure is an error with how it is shown: Loud ones are put in a frame on
// standard error first, as the real program does for faults of its own process.
type failure struct {
	err  error
	hint string
	loud bool
	code int
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// exit is a failure that has been shown already.
type exit struct{ code int }

func (e exit) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// prefix begins an error line: cobra printed it up to 19.2, cockroach itself since.
func (c *session) prefix() string {
	if c.v.Before(20, 1, 0) {
		return "Error: "
	}
	return "ERROR: "
}

// fail prints err as the version does, and gives the exit code.
func (c *session) fail(command string, err error) int {
	var done exit
	if errors.As(err, &done) {
		return done.code
	}
	code := 1
	var usage *flags.Usage
	if errors.As(err, &usage) {
		command = usage.Command
		fmt.Fprint(c.Err, usage.Help)
		if c.v.AtLeast(20, 2, 4) {
			code = 4
		}
	}
	text := c.describe(err)
	var f *failure
	if errors.As(err, &f) {
		if f.code != 0 {
			code = f.code
		}
		if f.hint != "" {
			text += "\nHINT: " + f.hint
		}
		if f.loud {
			c.shout("ERROR: " + text)
		}
		if f.loud && f.hint != "" {
			// The real program shows a hint of a loud fault once more, by itself.
			fmt.Fprintln(c.Err, "HINT: "+f.hint)
		}
	}
	fmt.Fprintln(c.Err, text)
	if words := strings.Fields(command); c.v.Before(2, 1, 0) && len(words) > 0 {
		command = words[0]
	}
	fmt.Fprintf(c.Err, "Failed running %q\n", command)
	return code
}

// describe gives the lines of an error: the message, and for SQL the state,
// detail and hint.
func (c *session) describe(err error) string {
	var f *wire.Fault
	if !errors.As(err, &f) || f.SQLState == "" {
		return c.prefix() + err.Error()
	}
	if c.v.Before(20, 1, 0) {
		return c.prefix() + "pq: " + f.Message
	}
	text := c.prefix() + f.Message + "\nSQLSTATE: " + f.SQLState
	if f.Detail != "" {
		text += "\nDETAIL: " + f.Detail
	}
	if f.Hint != "" {
		text += "\nHINT: " + f.Hint
	}
	return text
}

// shout puts a text in a frame of stars on standard error.
func (c *session) shout(text string) {
	fmt.Fprintf(c.Err, "*\n* %s\n*\n", strings.ReplaceAll(text, "\n", "\n* "))
}
