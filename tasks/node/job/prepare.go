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

// plan is what happens to the target before anything is loaded.
type plan struct {
	// before are the statements that get the target ready, in order; say tells what they do.
	before []string
	say    string
	// empty is what the new marker says.
	empty bool
}

// prepare decides what to do with the target. will are the objects of the backup, which lies at location.
func prepare(target, location string, s state, existing string, will []backup.Table) (plan, error) {
	if existing == "" {
		existing = tasks.ExistingRefuse
	}
	create := cockroach.CreateDatabaseStatement(target)
	var before []string
	if s.marked {
		before = []string{dropMarker(target)}
	}
	switch {
	case !s.exists:
		return plan{[]string{create}, fmt.Sprintf("making database %s", target), true}, nil
	case existing == tasks.ExistingDrop:
		return plan{[]string{dropDatabase(target), create}, fmt.Sprintf("dropping database %s with its %d tables, and making it anew", target, len(s.tables)), true}, nil
	case s.marked && s.row:
		if err := s.left(target, location, will); err != nil {
			return plan{}, err
		}
		// All of the database, types too: a restore that is killed here finds none, or an empty one.
		return plan{[]string{dropDatabase(target), create}, fmt.Sprintf(
			"the restore of %s that job %s began at %s did not finish: dropping the %d tables it left, and beginning anew",
			s.marker.location, s.marker.job, s.marker.began, len(s.tables)), true}, nil
	case len(s.tables) == 0:
		return plan{before, fmt.Sprintf("database %s is there and has no tables", target), true}, nil
	case existing == tasks.ExistingRefuse:
		return plan{}, fault(fmt.Sprintf("database %q has %d tables, views and sequences already (%s)", target, len(s.tables), some(s.names())),
			"restore into another name, or say --existing keep to load beside them, or --existing drop to drop the database first")
	}
	if both := s.among(will, true); len(both) > 0 {
		return plan{}, fault(fmt.Sprintf("database %q and the backup both have %s", target, some(both)), "drop or rename those, or restore into another name, or say --existing drop")
	}
	return plan{before, fmt.Sprintf("database %s keeps its %d tables", target, len(s.tables)), false}, nil
}

// left refuses to take what is in the target for the work of the restore that its marker speaks of, unless all of it is what this
// restore would make, too: people make tables where they see none.
func (s state) left(target, location string, will []backup.Table) error {
	earlier := fmt.Sprintf("an earlier restore (%s, job %s, of %s) into database %q did not finish", s.marker.location, s.marker.job, s.marker.began, target)
	const drop = "restore with --existing drop, which drops all of the database"
	if !s.marker.empty {
		return fault(earlier+", and the database had tables of its own before it: nobody can tell them from what was restored",
			fmt.Sprintf("drop what is not wanted and then the table %s by hand, or %s", markerTable, drop))
	}
	if beyond := s.among(will, false); len(beyond) > 0 {
		return fault(fmt.Sprintf("%s, and the database has what this backup does not make: %s", earlier, some(beyond)),
			fmt.Sprintf("if that is wanted, move it to another database, or drop what the restore left and then the table %s by hand; if not, %s", markerTable, drop))
	}
	if len(s.tables) > 0 && s.marker.location != location {
		return fault(fmt.Sprintf("%s, and was of another backup: nobody can tell whether all that is there is its work (%s)", earlier, some(s.names())),
			"restore that backup again, or "+drop)
	}
	return nil
}

// names are those of the objects, for messages.
func (s state) names() []string {
	names := make([]string, len(s.tables))
	for i, t := range s.tables {
		names[i] = nameOf(t.Schema, t.Name).String()
		if t.Kind == typeKind {
			names[i] = "type " + names[i]
		}
	}
	return names
}

// among are the names of the objects that a backup makes too, or of those that it does not.
func (s state) among(will []backup.Table, in bool) []string {
	makes := map[objectName]bool{}
	for _, t := range will {
		makes[nameOf(t.Schema, t.Name)] = true
	}
	var out []string
	for i, name := range s.names() {
		if makes[nameOf(s.tables[i].Schema, s.tables[i].Name)] == in {
			out = append(out, name)
		}
	}
	return out
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
