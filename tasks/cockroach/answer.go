package cockroach

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Rows is an answer of `cockroach sql --format=csv` to one query.
type Rows struct {
	Columns []string
	Rows    [][]string
}

// Null is how the client prints a NULL; it prints the text NULL in the same way.
const Null = "NULL"

// ReadCSV reads the answer to one query. A row that is nothing but one empty value is an empty line, and is not seen: no
// query of this package has such rows. Command tags before it (SET, CREATE TABLE) are skipped by their number, because
// nothing in the format tells them from rows.
func ReadCSV(stdout string, tags int) (Rows, error) {
	for range tags {
		_, rest, found := strings.Cut(stdout, "\n")
		if !found {
			return Rows{}, fmt.Errorf("the answer of `cockroach sql` has less than %d lines", tags)
		}
		stdout = rest
	}
	reader := csv.NewReader(strings.NewReader(stdout))
	columns, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return Rows{}, errors.New("the answer of `cockroach sql` is empty")
	}
	if err != nil {
		return Rows{}, fmt.Errorf("the answer of `cockroach sql` cannot be read: %w", err)
	}
	rows, err := reader.ReadAll()
	if err != nil {
		return Rows{}, fmt.Errorf("the answer of `cockroach sql` cannot be read: %w", err)
	}
	return Rows{Columns: columns, Rows: rows}, nil
}

// Places are the places of columns by their names. The error names those that the answer does not have.
func (r Rows) Places(names ...string) ([]int, error) {
	places := make([]int, len(names))
	for i, name := range names {
		if places[i] = slices.Index(r.Columns, name); places[i] < 0 {
			return nil, fmt.Errorf("the answer of `cockroach sql` has no column %q, only %q", name, r.Columns)
		}
	}
	return places, nil
}

// One is the only value of an answer with one row and one column.
func (r Rows) One() (string, error) {
	if len(r.Rows) != 1 || len(r.Columns) != 1 {
		return "", fmt.Errorf("`cockroach sql` answered %d rows of %d columns where one value was asked for", len(r.Rows), len(r.Columns))
	}
	return r.Rows[0][0], nil
}
