package job

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// ledger knows which of the statements that the client was given are done: it prints a fixed number of lines for each kind. Few
// are open at a time, as many as fit in a pipe and the client's buffer.
type ledger struct {
	how   *progress
	total int64

	mu      sync.Mutex
	waiting []dump.Statement
	// lines are those printed for the first that waits.
	lines      int
	statements int64
	rows       int64
	tables     map[objectName]int64
}

func newLedger(how *progress, total int64) *ledger {
	return &ledger{how: how, total: total, tables: map[objectName]int64{}}
}

// enter adds a statement that is about to be written, or tells more about the one that was added last.
func (l *ledger) enter(s dump.Statement, begins bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if begins {
		l.waiting = append(l.waiting, s)
	} else if n := len(l.waiting); n > 0 {
		l.waiting[n-1] = s
	}
}

// longestLine is the longest line of the client that is read at once, in bytes; setval answers with a number.
const longestLine = 64 << 10

// read counts what the client prints until it ends.
func (l *ledger) read(out io.Reader) error {
	in := bufio.NewReaderSize(out, longestLine)
	for {
		_, partial, err := in.ReadLine()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read what the database's client says: %w", err)
		case partial:
			continue
		}
		if name, rows, news := l.line(); news {
			l.how.set(func(p *tasks.JobProgress) {
				p.Rows = rows
				if name != "" {
					p.Doing = "loading table " + name
				}
			})
		}
	}
}

// line takes one printed line; news says that rows of a table are in.
func (l *ledger) line() (table string, rows int64, news bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return "", 0, false // more than was expected: the comparison at the end decides
	}
	first := l.waiting[0]
	l.lines++
	if want, known := first.OutputLines(); !known || l.lines < want {
		return "", 0, false
	}
	l.lines = 0
	l.waiting = l.waiting[1:]
	l.statements++
	if first.Kind != dump.Insert {
		return "", 0, false
	}
	name := nameOf(first.Schema, first.Name)
	l.rows += first.Rows
	l.tables[name] += first.Rows
	return name.String(), l.rows, true
}

func (l *ledger) open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting)
}

// soFar says what is loaded.
func (l *ledger) soFar() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("%d of %d statements, with %d rows in %d tables", l.statements, l.total, l.rows, len(l.tables))
}

// failing names the statement that the client stopped at, and why.
func (l *ledger) failing(said error) string {
	so := l.soFar()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return fmt.Sprintf("the restore ended after %s: %v", so, said)
	}
	s := l.waiting[0]
	what := strings.ToUpper(string(s.Kind))
	if s.Name != "" {
		if s.Kind == dump.Insert {
			what += " INTO"
		}
		what += " " + s.Object()
	}
	if s.Kind == dump.Insert && s.Rows > 0 {
		from := l.tables[nameOf(s.Schema, s.Name)] + 1
		what += fmt.Sprintf(", rows %d to %d", from, from+s.Rows-1)
	}
	return fmt.Sprintf("statement %d (%s; line %d of the dump) failed: %v; so far %s are loaded", s.Number, what, s.Line, said, so)
}
