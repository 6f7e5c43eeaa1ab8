package cockroach

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TableKind is what an object in a database is.
type TableKind string

// The kinds of objects that a database lists.
const (
	TableBase     TableKind = "table"
	TableView     TableKind = "view"
	TableSequence TableKind = "sequence"
)

// TableInfo is one table, view or sequence of a database.
type TableInfo struct {
	Schema string
	Name   string
	Kind   TableKind
}

// own leaves out the schemas that every database has, and those of temporary tables.
const own = "NOT IN ('crdb_internal', 'information_schema') AND left(table_schema, 3) <> 'pg_'"

// DatabaseQuery asks whether a database exists now; ReadCount reads 1 or 0. Names are compared letter by letter.
func DatabaseQuery(database string) string {
	return fmt.Sprintf("SELECT count(*) AS n FROM pg_catalog.pg_database WHERE datname = %s;\n", QuoteText(database))
}

// DatabaseQueryAt is DatabaseQuery at a snapshot.
func DatabaseQueryAt(database string, at time.Time) string {
	return fmt.Sprintf("SELECT count(*) AS n FROM pg_catalog.pg_database %s WHERE datname = %s;\n", asOf(at), QuoteText(database))
}

// TablesQuery lists the tables and views of a database at a snapshot; SequencesQuery lists the sequences. They are two
// because up to v20.1 the first does not list sequences and a union takes no snapshot. A zero time means now. They read
// information_schema, which all releases have in the same shape and which from v25.4 on is not refused as crdb_internal is.
func TablesQuery(database string, at time.Time) string {
	return fmt.Sprintf("SELECT table_schema AS s, table_name AS n, table_type AS k FROM %s.information_schema.tables%s WHERE table_schema %s ORDER BY 1, 2;\n",
		QuoteName(database), atOrNow(at), own)
}

// SequencesQuery lists the sequences of a database: see TablesQuery.
func SequencesQuery(database string, at time.Time) string {
	return fmt.Sprintf("SELECT sequence_schema AS s, sequence_name AS n, 'SEQUENCE' AS k FROM %s.information_schema.sequences%s WHERE left(sequence_schema, 3) <> 'pg_' ORDER BY 1, 2;\n",
		QuoteName(database), atOrNow(at))
}

func atOrNow(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " " + asOf(at)
}

// ReadTables puts the answers to TablesQuery and SequencesQuery together. A sequence that is in both is listed once.
func ReadTables(tables, sequences string, tags int) ([]TableInfo, error) {
	var out []TableInfo
	for _, answer := range []string{sequences, tables} {
		rows, err := ReadCSV(answer, tags)
		if err != nil {
			return nil, err
		}
		at, err := rows.Places("s", "n", "k")
		if err != nil {
			return nil, err
		}
		for _, row := range rows.Rows {
			info := TableInfo{Schema: row[at[0]], Name: row[at[1]], Kind: kindOf(row[at[2]])}
			if !slices.ContainsFunc(out, func(o TableInfo) bool { return o.Schema == info.Schema && o.Name == info.Name }) {
				out = append(out, info)
			}
		}
	}
	slices.SortFunc(out, func(a, b TableInfo) int {
		if a.Schema != b.Schema {
			return strings.Compare(a.Schema, b.Schema)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

func kindOf(text string) TableKind {
	switch {
	case strings.Contains(text, "VIEW"):
		return TableView
	case strings.Contains(text, "SEQUENCE"):
		return TableSequence
	}
	return TableBase
}

// ReadCount reads the answer to a query that counts.
func ReadCount(stdout string, tags int) (int64, error) {
	text, err := readOne(stdout, tags)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the database answered %q where a number was expected", text)
	}
	return n, nil
}

// AllowInternals is the statement to put first (one tag) where later statements read crdb_internal or system tables, or
// nothing where the release has no such setting.
func AllowInternals(v Version) (statement string, tags int) {
	if v.Has(UnsafeInternals) {
		return "SET allow_unsafe_internals = on;\n", 1
	}
	return "", 0
}

// CreateDatabaseStatement makes an empty database, for a restore.
func CreateDatabaseStatement(database string) string {
	return fmt.Sprintf("CREATE DATABASE %s;\n", QuoteName(database))
}
