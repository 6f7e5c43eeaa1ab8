package job

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"
)

// filled are the tables that a dump has rows for and does not make, with those rows: they have to be there. Dumps of data alone,
// which people make by hand, are such.
func filled(counts dump.Counts) []backup.Table {
	var out []backup.Table
	for _, o := range counts.Objects {
		if o.Created > 0 || o.Rows == 0 {
			continue
		}
		name := nameOf(o.Schema, o.Name)
		if i := slices.IndexFunc(out, func(t backup.Table) bool { return t.Schema == name.schema && t.Name == name.name }); i >= 0 {
			out[i].Rows += o.Rows
			continue
		}
		out = append(out, backup.Table{Schema: name.schema, Name: name.name, Kind: string(cockroach.TableBase), Rows: o.Rows})
	}
	return out
}

func noTable(missing []backup.Table) error {
	names := make([]string, len(missing))
	for i, t := range missing {
		names[i] = nameOf(t.Schema, t.Name).String()
	}
	return fault("the dump has rows for tables that it does not make: "+some(names), "make those tables first and say --existing keep, or use a dump with the schema")
}

// before counts the tables that will be filled, so that afterwards the rows can be told from those that were there.
func (w *work) before(ctx context.Context, target string, s state, p plan, fills []backup.Table) (map[objectName]int64, error) {
	var there []cockroach.TableInfo
	var missing []backup.Table
	for _, t := range fills {
		i := slices.IndexFunc(s.tables, func(o cockroach.TableInfo) bool {
			return o.Kind == cockroach.TableBase && nameOf(o.Schema, o.Name) == nameOf(t.Schema, t.Name)
		})
		if i < 0 || p.empty {
			missing = append(missing, t)
		} else {
			there = append(there, s.tables[i])
		}
	}
	if len(missing) > 0 {
		return nil, noTable(missing)
	}
	return w.count(ctx, target, there, nil, now, nil)
}

// compareFilled holds the tables that were filled against what was in them before and what the backup has for them.
func (w *work) compareFilled(ctx context.Context, target string, had map[objectName]int64, fills []backup.Table) error {
	var tables []cockroach.TableInfo
	for _, t := range fills {
		schema := t.Schema
		if schema == "" {
			schema = "public"
		}
		tables = append(tables, cockroach.TableInfo{Schema: schema, Name: t.Name, Kind: cockroach.TableBase})
	}
	rows, err := w.count(ctx, target, tables, nil, now, nil)
	if err != nil {
		return err
	}
	var wrong []string
	for _, t := range fills {
		name := nameOf(t.Schema, t.Name)
		if rows[name] != had[name]+t.Rows {
			wrong = append(wrong, fmt.Sprintf("table %s has %d rows; %d were there, and the backup has %d", name, rows[name], had[name], t.Rows))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return fault("what was restored is not what was backed up: "+strings.Join(wrong[:min(len(wrong), 10)], "; "),
		"see that nothing else writes to the database while it is restored, then look at those tables")
}
