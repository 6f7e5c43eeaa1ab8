package dump

import "fmt"

// Statement is what is known of one statement of a dump.
type Statement struct {
	// Number counts from 1.
	Number int64
	// Offset is the place of its first byte in the stream, from 0; spaces and comments before it do not belong to it.
	Offset int64
	// Line is the line of that byte, from 1.
	Line int64
	// Bytes is its length, with the semicolon.
	Bytes int64
	Kind  Kind
	// Database and Schema are written before the name, both usually empty.
	Database, Schema string
	// Name is the table, view, sequence or type, without quotes. For kinds without an object it is empty.
	Name string
	// Rows is the number of rows in an INSERT.
	Rows int64
	// Databases are the databases that the statement names, in the order of the first mention: in view bodies, references
	// to tables elsewhere, and the sequence of a default. Loading such a statement reads from those databases, whatever
	// the database is called that it is loaded into. Not known for INSERT.
	Databases []string
}

// Object is the name with its schema unless that is public, as one word for lists: orders, audit.orders.
func (s Statement) Object() string {
	if s.Schema == "" || s.Schema == "public" {
		return s.Name
	}
	return s.Schema + "." + s.Name
}

// String names the statement for messages: `statement 12 (insert orders, line 340)`.
func (s Statement) String() string {
	what := string(s.Kind)
	if s.Name != "" {
		what += " " + s.Object()
	}
	return fmt.Sprintf("statement %d (%s, line %d)", s.Number, what, s.Line)
}

// OutputLines is how many lines `cockroach sql --format=tsv` (or csv) writes to stdout when the statement succeeds: one
// tag, or a header and a value for setval. Known is false for kinds that a dump does not hold, whose lines depend on data,
// and for an empty statement, for which some releases print a line: leave those out.
// Source: transcripts 08 and 09b of v20.1.5.
func (s Statement) OutputLines() (lines int, known bool) {
	switch {
	case s.Kind == Setval:
		return 2, true
	case s.Kind.InDump() && s.Kind != Empty:
		return 1, true
	}
	return 0, false
}
