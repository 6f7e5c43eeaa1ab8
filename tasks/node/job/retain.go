package job

import (
	"context"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/catalog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

// retain removes what retention no longer keeps, and returns the folders. The backup that was just made is good whatever happens
// here: what goes wrong is a note.
func (w *work) retain(ctx context.Context) []string {
	if w.params.KeepCount <= 0 && w.params.KeepAge <= 0 {
		return nil
	}
	w.how.doing("removing backups that are no longer kept")
	kept, err := w.history(ctx)
	if err != nil {
		w.note("Older backups were not removed: they cannot be listed (%v).", err)
		return nil
	}
	rule := backup.Retention{Service: w.settings.Service, Cluster: w.cluster, Database: w.params.Database, Count: w.params.KeepCount, Age: w.params.KeepAge}
	var removed []string
	for _, old := range rule.Remove(kept, time.Now()) {
		if old.Place == w.place {
			continue // whatever the clocks say: this is the one that was just made
		}
		if err := w.remove(ctx, old); err != nil {
			w.note("The older backup in %s was not removed whole: %v", w.place.URI(old.Place.Folder()), err)
			continue
		}
		w.journal.Say("removed %s in %s", about(old.Manifest), old.Place.Folder())
		removed = append(removed, old.Place.BackupDir)
	}
	return removed
}

// history are the good backups of the job's database. One whose manifest cannot be understood, or does not fit its object, is left
// alone, and does not keep the others.
func (w *work) history(ctx context.Context) ([]backup.Kept, error) {
	all, err := catalog.List(ctx, w.store, w.place.Bucket, w.place.Dir, w.place.Database)
	if err != nil {
		return nil, err
	}
	var kept []backup.Kept
	for _, one := range all {
		switch {
		case one.Manifest != nil && one.Fault == "":
			kept = append(kept, backup.Kept{Place: one.Place, Manifest: *one.Manifest})
		case one.HasManifest:
			// It counts for nothing: a damaged backup must not make a good one superfluous.
			w.note("The backup %s is left alone: %s", w.place.URI(one.Place.ManifestKey()), one.Fault)
		}
	}
	return kept, nil
}

// remove deletes a backup: its manifest first. What is left when this is interrupted then has no manifest and is not listed as a
// good backup; the other way round, the manifest of a dump that is gone would promise what is not there.
func (w *work) remove(ctx context.Context, old backup.Kept) error {
	if err := w.store.Delete(ctx, w.place.Bucket, old.Place.ManifestKey()); err != nil {
		return err
	}
	if old.Manifest.Method == backup.Dump {
		return w.store.Delete(ctx, w.place.Bucket, old.Place.Folder()+old.Manifest.Object)
	}
	// One without a sub-folder is all that there is.
	full := old.Manifest.Subfolder
	_, err := w.removeBackups(ctx, old.Place, func(subfolder string) bool { return full == "" || subfolder == full })
	return err
}

// removeBackups deletes full backups of a place's collection with their increments, those that mine names, and what the database
// keeps about the collection as a whole once no backup is left in it. Other keys below the prefix are other backups' (a folder may
// be named as a collection is) and stay. It says how many objects were deleted.
func (w *work) removeBackups(ctx context.Context, place backup.Place, mine func(subfolder string) bool) (int, error) {
	const batch = 1000
	var keys, whole []string
	total, left := 0, false
	remove := func(some []string) error {
		for piece := range slices.Chunk(some, batch) {
			if err := w.store.Delete(ctx, place.Bucket, piece...); err != nil {
				return err
			}
			total += len(piece)
		}
		return nil
	}
	err := w.store.List(ctx, place.Bucket, place.CollectionPrefix(), "", func(o s3.Object) error {
		entry, known := backup.ParseKey(place.Dir, o.Key)
		switch {
		case !known || entry.Part != backup.CollectionPart || !place.Same(entry):
		case entry.Subfolder == "":
			whole = append(whole, o.Key)
		case !mine(entry.Subfolder):
			left = true
		default:
			keys = append(keys, o.Key)
		}
		if len(keys) < batch {
			return nil
		}
		err := remove(keys)
		keys = keys[:0]
		return err
	}, nil)
	if err == nil {
		err = remove(keys)
	}
	if err == nil && !left {
		err = remove(whole)
	}
	return total, err
}
