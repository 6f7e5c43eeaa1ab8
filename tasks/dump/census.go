package dump

import "fmt"

// maxObjects is how many objects a census holds; a database with more is not what `cockroach dump` can serve.
const maxObjects = 1 << 20

// Census counts what is in a dump. It is an io.Writer that keeps up with a disk and holds only names and numbers.
type Census struct {
	lexer lexer
	tally tally
	err   error
}

// NewCensus is a census of a dump that is written to it from its first byte on.
func NewCensus() *Census {
	return &Census{tally: newTally()}
}

// Write counts p. It fails only where the dump names more objects than a database can sensibly hold.
func (c *Census) Write(p []byte) (int, error) {
	written := 0
	for c.err == nil && written < len(p) {
		n, ended := c.lexer.scan(p[written:])
		written += n
		if ended {
			c.err = c.tally.add(c.lexer.judge.st)
		}
	}
	c.tally.counts.Bytes += int64(written)
	return written, c.err
}

// End says what was counted. The error is an *UnfinishedError when the stream did not end on a whole statement.
func (c *Census) End() (Counts, error) {
	if c.err != nil {
		return c.tally.counts, c.err
	}
	return c.tally.counts, c.lexer.finish()
}

// Progress is what was counted so far: bytes, whole statements and rows in those, for a display.
func (c *Census) Progress() (bytes, statements, rows int64) {
	return c.tally.counts.Bytes, c.tally.counts.Statements, c.tally.counts.Rows
}

// UnfinishedError says that a dump ends in the middle of a statement.
type UnfinishedError struct {
	// Statement is what is known of the last, unfinished statement.
	Statement
	// Within is what was open: "statement", "string", "name" or "comment".
	Within string
}

func (e *UnfinishedError) Error() string {
	return fmt.Sprintf("the dump ends within a %s, in statement %d, which begins at byte %d, line %d: it was cut", e.Within, e.Number, e.Offset, e.Line)
}

func (l *lexer) finish() error {
	within := l.within()
	if within == "" {
		return nil
	}
	st := l.judge.st
	if !l.open {
		st = Statement{Number: st.Number + 1, Offset: l.offset, Line: max(l.line, 1)}
	}
	return &UnfinishedError{Statement: st, Within: within}
}
