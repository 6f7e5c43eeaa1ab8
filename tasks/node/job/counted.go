package job

import (
	"context"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/dump"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// counting is the count of rows that runs beside a dump.
type counting struct {
	done chan struct{}
	rows map[objectName]int64
	err  error
}

// countBeside counts the rows at the dump's moment while the dump runs. A count that fails ends the dump: what cannot be checked
// is no backup, and a large dump should not find that out at its end.
func (w *work) countBeside(ctx context.Context, cancel context.CancelCauseFunc, have contents, suspects []cockroach.Suspect) *counting {
	c := &counting{done: make(chan struct{})}
	go func() {
		defer close(c.done)
		var sum int64
		c.rows, c.err = w.count(ctx, w.params.Database, have.tables, suspects, have.at, func(rows int64) { sum = rows })
		if c.err != nil {
			cancel(c.err)
			return
		}
		w.how.set(func(p *tasks.JobProgress) { p.TotalRows = sum })
	}()
	return c
}

func (c *counting) wait(ctx context.Context) (map[objectName]int64, error) {
	select {
	case <-c.done:
		return c.rows, c.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// agree holds a dump against the database at the same moment. A dump that misses a table or a row has exit code 0 like any other
// (transcript 09c).
func agree(tables []cockroach.TableInfo, rows map[objectName]int64, counts dump.Counts) error {
	var wrong []string
	listed := map[objectName]bool{}
	for _, t := range tables {
		name := nameOf(t.Schema, t.Name)
		listed[name] = true
		object, there := counts.Object(name.schema, name.name)
		switch {
		case !there || object.Created == 0:
			wrong = append(wrong, fmt.Sprintf("%s %s is in the database and not in the dump", t.Kind, name))
		case object.Created > 1:
			wrong = append(wrong, fmt.Sprintf("%s %s is %d times in the dump", t.Kind, name, object.Created))
		case t.Kind == cockroach.TableBase && object.Rows != rows[name]:
			wrong = append(wrong, fmt.Sprintf("table %s has %d rows in the database and %d in the dump", name, rows[name], object.Rows))
		}
	}
	for _, o := range counts.Objects {
		if name := (objectName{o.Schema, o.Name}); !listed[name] && o.Kind != dump.CreateType {
			wrong = append(wrong, fmt.Sprintf("%s %s is in the dump and was not in the database", kindWord(o.Kind), name))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	if len(wrong) > 10 {
		wrong = append(wrong[:10], fmt.Sprintf("%d more differences", len(wrong)-10))
	}
	return fault("the dump does not agree with the database at the same moment: "+strings.Join(wrong, "; "),
		"try again; nothing was stored. If tables were dropped or renamed meanwhile, that is why")
}
