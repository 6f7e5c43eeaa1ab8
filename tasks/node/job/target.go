package job

import (
	"context"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"
)

// now is the moment that needs no AS OF SYSTEM TIME.
var now time.Time

// markerTable is in a database for as long as a restore into it is not finished.
const markerTable = "_dcos_restore_unfinished"

func isMarker(t cockroach.TableInfo) bool { return t.Name == markerTable }

// marker is the one row of markerTable.
type marker struct {
	job, location, began string
	// empty says that the database had no tables when the restore began: all that are in it are the restore's.
	empty bool
}

// markerStatements make the marker. The row comes second: a marker without one is of a restore that has loaded nothing.
func markerStatements(database, job, location string, empty bool, at time.Time) string {
	name := cockroach.QuoteName(database) + ".public." + cockroach.QuoteName(markerTable)
	return fmt.Sprintf("CREATE TABLE %s (job STRING PRIMARY KEY, location STRING NOT NULL, began STRING NOT NULL, was_empty BOOL NOT NULL);\n"+
		"INSERT INTO %s (job, location, began, was_empty) VALUES (%s, %s, %s, %t);\n",
		name, name, cockroach.QuoteText(job), cockroach.QuoteText(location), cockroach.QuoteText(at.UTC().Format(time.RFC3339)), empty)
}

func markerQuery(database string) string {
	return fmt.Sprintf("SELECT job, location, began, was_empty FROM %s.public.%s;\n", cockroach.QuoteName(database), cockroach.QuoteName(markerTable))
}

func dropMarker(database string) string {
	return fmt.Sprintf("DROP TABLE %s.public.%s;\n", cockroach.QuoteName(database), cockroach.QuoteName(markerTable))
}

// typeKind is the kind of a type that a user made, in state.
var typeKind = cockroach.TableKind(kindWord(dump.CreateType))

// state is the target of a restore as it is found.
type state struct {
	exists bool
	// tables are those without the marker's, and types: a database with nothing but types is not empty.
	tables []cockroach.TableInfo
	marked bool
	marker marker
	// row says that the marker has its row.
	row bool
}

// look finds out what the target is.
func (w *work) look(ctx context.Context, target string) (state, error) {
	var s state
	var err error
	if s.exists, err = w.exists(ctx, target); err != nil || !s.exists {
		return s, err
	}
	all, err := w.tables(ctx, target, now)
	if err != nil {
		return s, err
	}
	for _, t := range all {
		if isMarker(t) {
			s.marked = true
		} else {
			s.tables = append(s.tables, t)
		}
	}
	types, err := value(ctx, w.db, fmt.Sprintf("list the types of database %q", target), typesQuery(target), column)
	if err != nil {
		return s, err
	}
	for _, name := range types {
		s.tables = append(s.tables, cockroach.TableInfo{Name: name, Kind: typeKind})
	}
	if !s.marked {
		return s, nil
	}
	rows, err := value(ctx, w.db, "read what the unfinished restore wrote down", markerQuery(target), cockroach.ReadCSV)
	if err != nil {
		return s, err
	}
	if s.row = len(rows.Rows) > 0; s.row {
		first := rows.Rows[0]
		s.marker = marker{first[0], first[1], first[2], first[3] == "true" || first[3] == "t"}
	}
	return s, nil
}
