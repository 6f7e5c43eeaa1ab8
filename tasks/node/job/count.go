package job

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// objectName is a table, view or sequence of one database; an empty schema means public.
type objectName struct{ schema, name string }

func nameOf(schema, name string) objectName {
	if schema == "public" {
		schema = ""
	}
	return objectName{schema, name}
}

func (n objectName) String() string {
	if n.schema == "" {
		return n.name
	}
	return n.schema + "." + n.name
}

// atOnce is how many tables one run of the client counts: it takes longer to start than a small table takes.
const atOnce = 20

// count counts the rows of all tables at a moment, and fails where a suspect has values that dump cannot write; a zero moment
// means now. each is called with the sum so far.
func (w *work) count(ctx context.Context, database string, tables []cockroach.TableInfo, suspects []cockroach.Suspect, at time.Time, each func(rows int64)) (map[objectName]int64, error) {
	counts := map[objectName]int64{}
	var sum int64
	var batch []cockroach.TableInfo
	flush := func() error {
		var text strings.Builder
		for _, t := range batch {
			text.WriteString(cockroach.InspectQuery(database, t, suspects, at))
		}
		stdout, err := w.db.ask(ctx, fmt.Sprintf("count the rows of %s", batchName(batch)), text.String())
		if err != nil {
			return faultOf("the rows of the tables cannot be counted, and a backup or restore that cannot be checked is not called good", err,
				"see that root may read all tables")
		}
		answers := strings.SplitAfter(stdout, "\n")
		for i, t := range batch {
			// Each answer is a header and a number.
			if len(answers) < 2*i+2 {
				return fmt.Errorf("count the rows of %s: the database answered %d lines for %d tables", batchName(batch), lines(stdout), len(batch))
			}
			n, guilty, err := cockroach.ReadInspect(answers[2*i]+answers[2*i+1], 0, t, suspects)
			if err != nil {
				return fmt.Errorf("count the rows of %s: %w", t.Name, err)
			}
			if len(guilty) > 0 {
				return unwritable(guilty)
			}
			counts[nameOf(t.Schema, t.Name)] = n
			sum += n
		}
		batch = batch[:0]
		if each != nil {
			each(sum)
		}
		return nil
	}
	for _, t := range tables {
		if t.Kind != cockroach.TableBase {
			continue
		}
		if batch = append(batch, t); len(batch) == atOnce {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if len(batch) == 0 {
		return counts, nil
	}
	return counts, flush()
}

func batchName(batch []cockroach.TableInfo) string {
	names := make([]string, len(batch))
	for i, t := range batch {
		names[i] = nameOf(t.Schema, t.Name).String()
	}
	return some(names)
}
