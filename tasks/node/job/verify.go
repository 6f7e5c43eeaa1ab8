package job

import (
	"context"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// verify reads a backup as a restore would, and changes nothing. A dump needs no database for that; a native backup is read by
// the database.
func (w *work) verify(ctx context.Context) (*tasks.JobResult, error) {
	found, err := w.locate(ctx)
	if err != nil {
		return nil, err
	}
	if found.Method == backup.Native {
		return w.nativeVerify(ctx, found)
	}
	c, err := w.checkDump(ctx, found)
	if err != nil {
		return nil, err
	}
	if !found.manifestFound {
		w.note("The dump can be read to its end, which is a whole statement; whether something was left out when it was made nobody can tell.")
	}
	for _, text := range c.skipped {
		w.note("A restore would leave out: %s", text)
	}
	return w.loaded(found, c), nil
}
