package job

import (
	"context"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// dumpRestore loads a dump. It reads the object twice: once to check all of it, once to load it.
func (w *work) dumpRestore(ctx context.Context, found located) (*tasks.JobResult, error) {
	c, err := w.checkDump(ctx, found)
	if err != nil {
		return nil, err
	}
	for _, text := range c.skipped {
		w.note("A statement of the dump is left out, the restore does it itself: %s", text)
	}
	target := w.params.Target()
	if !found.manifestFound {
		if refused := backup.BoundFault(boundOf(c.counts), w.params.Database, target); refused != nil {
			return nil, refused
		}
	}
	w.noteAll(backup.BoundNotes(boundOf(c.counts), w.params.Database))
	will, fills := objects(c.counts), filled(c.counts)
	if len(fills) > 0 && w.params.Existing != tasks.ExistingKeep {
		return nil, noTable(fills)
	}
	w.how.doing("looking at database %s", target)
	s, err := w.look(ctx, target)
	if err != nil {
		return nil, err
	}
	p, err := prepare(target, w.place.URI(found.Object), s, w.params.Existing, will)
	if err != nil {
		return nil, err
	}
	had, err := w.before(ctx, target, s, p, fills)
	if err != nil {
		return nil, err
	}
	if err := w.ready(ctx, target, w.place.URI(found.Object), p); err != nil {
		return nil, err
	}
	if err := w.load(ctx, target, c, p.empty); err != nil {
		return nil, err
	}
	if err := w.compare(ctx, target, will); err != nil {
		return nil, err
	}
	if err := w.compareFilled(ctx, target, had, fills); err != nil {
		return nil, err
	}
	if _, err := w.db.tell(ctx, "take the mark of the restore off", "", dropMarker(target)); err != nil {
		return nil, faultOf("everything was restored and compared, and one step is left", err, fmt.Sprintf("drop the table %s in database %s by hand", markerTable, target))
	}
	return w.loaded(found, c), nil
}

// loaded is the result of a restore or a verification of a dump.
func (w *work) loaded(found located, c checked) *tasks.JobResult {
	m := found.manifest
	if !found.manifestFound {
		m = backup.Manifest{Method: backup.Dump, Database: w.params.Database, Tables: objects(c.counts), Rows: c.counts.Rows, Bytes: c.counts.Bytes,
			Stored: c.stored, SHA256: c.sha256}
	}
	r := w.result(m, found.Object)
	if !found.manifestFound {
		r.Manifest = ""
	}
	return r
}
