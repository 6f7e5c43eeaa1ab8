package job

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// contents is a database as it was at a moment.
type contents struct {
	at     time.Time
	tables []cockroach.TableInfo
}

// near is how many letters a misspelt name may differ by to be suggested.
const near = 3

// inspect looks at a database before it is backed up, and refuses one that could not be backed up whole.
func (w *work) inspect(ctx context.Context, name string) (contents, error) {
	w.how.doing("looking at database %s", name)
	c := contents{}
	var err error
	if c.at, err = value(ctx, w.db, "ask the database for its time", cockroach.SnapshotQuery(), cockroach.ReadSnapshot); err != nil {
		return c, err
	}
	if err := w.checkExists(ctx, name, c.at); err != nil {
		return c, err
	}
	user, err := value(ctx, w.db, "ask the database who the job is", cockroach.UserQuery(), cockroach.ReadUser)
	if err != nil {
		return c, err
	}
	if user != "root" {
		return c, fault(fmt.Sprintf("the database takes the job for user %q, who may not see all tables", user), "let the job connect as root: a backup without a word about what it left out is none")
	}
	if c.tables, err = w.tables(ctx, name, c.at); err != nil {
		return c, err
	}
	if slices.ContainsFunc(c.tables, isMarker) {
		return c, fault(fmt.Sprintf("database %q is the work of a restore that did not finish: its table %s says so", name, markerTable),
			"restore again first; or, if the data is good, drop that table")
	}
	return c, nil
}

// tables lists what is in a database at a moment; a zero moment means now.
func (w *work) tables(ctx context.Context, name string, at time.Time) ([]cockroach.TableInfo, error) {
	what := fmt.Sprintf("list the tables of database %q", name)
	tables, err := w.db.askShort(ctx, what, cockroach.TablesQuery(name, at))
	if err != nil {
		return nil, err
	}
	sequences, err := w.db.askShort(ctx, what, cockroach.SequencesQuery(name, at))
	if err != nil {
		return nil, err
	}
	return cockroach.ReadTables(tables, sequences, 0)
}

// exists says whether there is a database of that very name now.
func (w *work) exists(ctx context.Context, name string) (bool, error) {
	n, err := value(ctx, w.db, fmt.Sprintf("ask whether there is a database %q", name), cockroach.DatabaseQuery(name), cockroach.ReadCount)
	return n > 0, err
}

// checkExists refuses a name that no database had at the moment: dump would write nothing and report success.
func (w *work) checkExists(ctx context.Context, name string, at time.Time) error {
	n, err := value(ctx, w.db, fmt.Sprintf("ask whether there is a database %q", name), cockroach.DatabaseQueryAt(name, at), cockroach.ReadCount)
	if err != nil || n > 0 {
		return err
	}
	names, err := value(ctx, w.db, "list the databases", namesQuery(), column)
	if err != nil {
		return err
	}
	return fault(fmt.Sprintf("there is no database %q", name), suggestion(name, names))
}

// suggestion says which names the person may have meant.
func suggestion(name string, names []string) string {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return backup.IsSystem(n) })
	slices.SortStableFunc(names, func(a, b string) int {
		return distance(name, a) - distance(name, b)
	})
	if len(names) == 0 {
		return "the cluster has no database of its own yet"
	}
	if best := names[0]; distance(name, best) <= near {
		if strings.EqualFold(best, name) {
			return fmt.Sprintf("write %q: capitals count", best)
		}
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(names) > 10 {
		return fmt.Sprintf("databases are %s and %d more", strings.Join(names[:10], ", "), len(names)-10)
	}
	return "databases are " + strings.Join(names, ", ")
}

func distance(name, other string) int {
	return levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(other))
}

// suspects are the columns of types that have values which dump cannot write. Whether there are such values is found out in the
// pass that counts the rows.
func (w *work) suspects(ctx context.Context, name string, have contents) ([]cockroach.Suspect, error) {
	stdout, err := w.db.askShort(ctx, "list columns with values that cannot be dumped", cockroach.SuspectsQuery(name, have.at))
	if err != nil {
		return nil, err
	}
	return cockroach.ReadSuspects(stdout, 0, have.tables)
}

// unwritable refuses values that dump cannot write, by column.
func unwritable(guilty []cockroach.Suspect) error {
	problems := make([]string, len(guilty))
	for i, s := range guilty {
		problems[i] = s.Problem()
	}
	return fault("the database has values that a dump would not hold: "+some(problems), "see to the columns that are named, then try again")
}

// some lists the first of many names.
func some(names []string) string {
	if len(names) > 10 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:10], ", "), len(names)-10)
	}
	return strings.Join(names, ", ")
}
