package job

import (
	"context"
	"errors"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// dumpBackup streams a dump into the bucket. Whatever goes wrong before the counts agree, no object comes to be.
func (w *work) dumpBackup(ctx context.Context) (*tasks.JobResult, error) {
	pack, refused := backup.ParseCompression(w.params.Compress)
	if refused != nil {
		return nil, refused
	}
	if err := w.abortStale(ctx); err != nil {
		return nil, err
	}
	have, err := w.inspect(ctx, w.params.Database)
	if err != nil {
		return nil, err
	}
	suspects, err := w.suspects(ctx, w.params.Database, have)
	if err != nil {
		return nil, err
	}
	if len(have.tables) == 0 {
		w.note("Database %q has no tables: the backup is empty.", w.params.Database)
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.how.doing("dumping")
	counted := w.countBeside(ctx, cancel, have, suspects)
	key := w.place.ObjectKey(pack)
	upload, err := w.store.Upload(ctx, w.place.Bucket, key, w.metadata(have), func(stored int64) {
		w.how.set(func(p *tasks.JobProgress) { p.Stored = stored })
	})
	if err != nil {
		return nil, err
	}
	counts, err := w.dumpInto(ctx, have, pack, upload)
	var rows map[objectName]int64
	if err != nil && len(suspects) > 0 {
		// The dump may have met such a value before the count did, which knows the column.
		if _, found := counted.wait(ctx); found != nil {
			err = found
		}
	}
	if err == nil {
		w.how.renamed("counting the rows in the database")
		if rows, err = counted.wait(ctx); err == nil {
			err = agree(have.tables, rows, counts)
		}
	}
	if err != nil {
		err = first(ctx, err)
		cancel(nil)
		<-counted.done
		return nil, w.abort(upload, key, err)
	}
	w.how.renamed("completing the upload")
	done, err := w.complete(ctx, upload, key)
	if err != nil {
		return nil, err
	}
	m, err := w.seal(ctx, key, backup.Manifest{
		Method: backup.Dump, Snapshot: have.at, Tables: tableRows(have.tables, rows), Bytes: counts.Bytes, Stored: done.Bytes,
		Compress: pack, SHA256: done.SHA256, Object: key[len(w.place.Folder()):], Bound: boundOf(counts),
	}, done)
	if err != nil {
		return nil, err
	}
	w.noteAll(backup.BoundNotes(m.Bound, m.Database))
	removed := w.retain(ctx)
	r := w.result(m, key)
	r.Removed = removed
	return r, nil
}

// abortStale aborts the uploads that killed jobs left: no list of objects shows their parts, and they are paid for.
func (w *work) abortStale(ctx context.Context) error {
	// Nobody else writes this backup: the scheduler runs one job a database, and an earlier one with this folder is over.
	n, err := w.store.AbortStale(ctx, w.place.Bucket, dumpKeys(w.place)...)
	if err != nil {
		return err
	}
	if n > 0 {
		w.note("%d unfinished uploads of an earlier job on this backup were aborted.", n)
	}
	for _, folder := range w.leftovers {
		place := w.place
		place.BackupDir = folder
		place, faults := backup.Normalise(place)
		if len(faults) > 0 {
			continue // no backup can have been there
		}
		n, err := w.store.AbortStale(ctx, place.Bucket, dumpKeys(place)...)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			w.note("An earlier backup did not succeed, and may have left parts of an upload in %s, which could not be removed: %v", place.URI(place.Folder()), err)
		case n > 0:
			w.note("%d unfinished uploads of an earlier backup were aborted in %s.", n, place.URI(place.Folder()))
		}
	}
	return nil
}

// dumpKeys are the keys that a dump may have in a place.
func dumpKeys(p backup.Place) []string {
	keys := make([]string, len(backup.Compressions))
	for i, c := range backup.Compressions {
		keys[i] = p.ObjectKey(c)
	}
	return keys
}

// first is why a context was cancelled from within, if it was: what others say of it is only that they were interrupted.
func first(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// metadata is on the object for those who find it without its manifest.
func (w *work) metadata(c contents) map[string]string {
	return map[string]string{
		"cockroachdb-version": w.db.server.String(), "snapshot": cockroach.SnapshotText(c.at) + "Z", "job": w.job.ID,
	}
}

// abort takes back what was uploaded, and gives err, with what could not be taken back.
func (w *work) abort(upload Upload, key string, err error) error {
	failed := upload.Abort()
	if failed == nil {
		w.journal.Say("the upload of %s was aborted: nothing of it is left", w.place.URI(key))
		return err
	}
	return errors.Join(err, &leftover{"what was uploaded of " + w.place.URI(key) + " could not be removed", failed,
		"the next backup of this database removes it, or a rule of the bucket for incomplete uploads"})
}
