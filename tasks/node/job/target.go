package job

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
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

// state is the target of a restore as it is found.
type state struct {
	exists bool
	// tables are those without the marker's.
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

// plan is what happens to the target before anything is loaded.
type plan struct {
	// before are the statements that get the target ready, in order; say tells what they do.
	before []string
	say    string
	// empty is what the new marker says.
	empty bool
}

// prepare decides what to do with the target. will are the objects of the backup.
func prepare(target string, s state, existing string, will []backup.Table) (plan, error) {
	if existing == "" {
		existing = tasks.ExistingRefuse
	}
	create := cockroach.CreateDatabaseStatement(target)
	names := make([]string, len(s.tables))
	for i, t := range s.tables {
		names[i] = nameOf(t.Schema, t.Name).String()
	}
	switch {
	case !s.exists:
		return plan{[]string{create}, fmt.Sprintf("making database %s", target), true}, nil
	case existing == tasks.ExistingDrop:
		return plan{[]string{dropDatabase(target), create}, fmt.Sprintf("dropping database %s with its %d tables, and making it anew", target, len(s.tables)), true}, nil
	case s.marked && s.row && s.marker.empty:
		// The marker goes last, so that a restore that is killed here is still known for unfinished.
		return plan{[]string{dropTables(target, s.tables), dropMarker(target)}, fmt.Sprintf(
			"the restore of %s that job %s began at %s did not finish: dropping the %d tables it left, and beginning anew",
			s.marker.location, s.marker.job, s.marker.began, len(s.tables)), true}, nil
	case s.marked && s.row:
		return plan{}, fault(fmt.Sprintf("an earlier restore (%s, job %s, of %s) into database %q did not finish, and the database had tables of its own before it: nobody can tell them from what was restored",
			s.marker.location, s.marker.job, s.marker.began, target),
			fmt.Sprintf("drop what is not wanted and then the table %s by hand, or restore with --existing drop, which drops all of the database", markerTable))
	case len(s.tables) == 0:
		var before []string
		if s.marked {
			before = []string{dropMarker(target)}
		}
		return plan{before, fmt.Sprintf("database %s is there and has no tables", target), true}, nil
	case existing == tasks.ExistingRefuse:
		return plan{}, fault(fmt.Sprintf("database %q has %d tables, views and sequences already (%s)", target, len(names), some(names)),
			"restore into another name, or say --existing keep to load beside them, or --existing drop to drop the database first")
	}
	has := map[objectName]bool{}
	for _, t := range s.tables {
		has[nameOf(t.Schema, t.Name)] = true
	}
	var both []string
	for _, t := range will {
		if name := nameOf(t.Schema, t.Name); has[name] {
			both = append(both, name.String())
		}
	}
	if len(both) > 0 {
		return plan{}, fault(fmt.Sprintf("database %q and the backup both have %s", target, some(both)), "drop or rename those, or restore into another name, or say --existing drop")
	}
	var before []string
	if s.marked {
		before = []string{dropMarker(target)}
	}
	return plan{before, fmt.Sprintf("database %s keeps its %d tables", target, len(s.tables)), false}, nil
}

// ready makes the target ready and marks it as unfinished.
func (w *work) ready(ctx context.Context, target, location string, p plan) error {
	w.how.doing("%s", p.say)
	if text := strings.Join(p.before, ""); text != "" {
		if _, err := w.db.tell(ctx, "get database "+target+" ready", "", text); err != nil {
			return faultOf("the target could not be made ready", err, "ask for the restore again; nothing of the backup was loaded")
		}
	}
	_, err := w.db.tell(ctx, "mark database "+target+" as being restored", "", markerStatements(target, w.job.ID, location, p.empty, time.Now()))
	if err != nil {
		return faultOf("the target could not be made ready", err, "ask for the restore again; nothing of the backup was loaded")
	}
	return nil
}
