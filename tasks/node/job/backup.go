package job

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// backup makes a backup: what may refuse it first, the cheapest of that first of all.
func (w *work) backup(ctx context.Context) (*tasks.JobResult, error) {
	if err := w.checkWritable(ctx); err != nil {
		return nil, err
	}
	found, err := w.find(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.db.connect(ctx); err != nil {
		return nil, err
	}
	if err := w.askCluster(ctx); err != nil {
		return nil, err
	}
	if err := w.refuseInside(ctx); err != nil {
		return nil, err
	}
	method, refused := backup.Choose(w.params.Method, w.db.server)
	if refused != nil {
		return nil, refused
	}
	if method == backup.Native {
		return w.nativeBackup(ctx, found)
	}
	if w.params.Incremental {
		_, refused := backup.CheckIncremental(method, w.db.server)
		return nil, refused
	}
	if err := w.refuseTaken(found); err != nil {
		return nil, err
	}
	return w.dumpBackup(ctx)
}

// refuseTaken keeps an earlier backup from being replaced: the new one may fail half-way, and the old one would be gone.
func (w *work) refuseTaken(found located) error {
	if !found.any {
		return nil
	}
	what := "an unfinished or foreign backup"
	if found.manifestFound {
		what = "a backup"
	}
	return fault(fmt.Sprintf("the folder %s holds %s of database %q already", w.place.URI(w.place.Folder()), what, w.params.Database),
		"name another --s3-backup-dir, or leave it out: then it is named by the time")
}

// refuseInside keeps backups out of the collections of others, which the database writes to.
func (w *work) refuseInside(ctx context.Context) error {
	for _, above := range w.place.Above() {
		for _, key := range []string{above.ManifestKey(), above.RunningKey()} {
			_, err := w.store.Head(ctx, above.Bucket, key)
			if none := (*s3.Error)(nil); errors.As(err, &none) && none.Kind == s3.NoObject {
				continue
			}
			if err != nil {
				return err
			}
			return fault(fmt.Sprintf("the folder %s lies in the one that backups of database %q are written to (%s)", w.place.URI(w.place.Folder()), above.Database, above.URI(key)),
				"name another --s3-backup-dir, or leave it out: then it is named by the time")
		}
	}
	return nil
}

// checkKey is written and deleted before the real work, because a wrong key or policy is best known at once.
func (w *work) checkKey() string {
	return w.place.Folder() + backup.EscapeName(w.place.Database) + ".check"
}

// checkWritable sees that the bucket takes objects.
func (w *work) checkWritable(ctx context.Context) error {
	if err := w.store.Put(ctx, w.place.Bucket, w.checkKey(), []byte("This object says that the bucket takes objects. It may be deleted.\n"), "text/plain"); err != nil {
		return err
	}
	if err := w.store.Delete(ctx, w.place.Bucket, w.checkKey()); err != nil {
		w.note("The bucket takes objects, and does not let them be deleted (%v): %s stays.", err, w.place.URI(w.checkKey()))
	}
	return nil
}

// located is what lies in the bucket for the job's database and folder.
type located struct {
	backup.Found
	// any says that something of this database is there, known or not.
	any           bool
	manifest      backup.Manifest
	manifestFound bool
	// others are the databases that the folder has backups of; inside are folders of other backups that lie in the collection.
	others, inside []string
}

// find looks for the backup of the job's database in the job's folder.
func (w *work) find(ctx context.Context) (located, error) {
	var objects []backup.Stored
	seen := map[string]bool{}
	err := w.store.List(ctx, w.place.Bucket, w.place.Folder(), "", func(o s3.Object) error {
		entry, known := backup.ParseKey(w.place.Dir, o.Key)
		// Of a native backup, which may have a million files, a few per part are enough to know what it is.
		if group := fmt.Sprint(entry.Place, entry.Part, entry.Subfolder); !known || seen[group] && entry.Part == backup.CollectionPart {
			return nil
		} else {
			seen[group] = true
		}
		objects = append(objects, backup.Stored{Key: o.Key, Size: o.Size, Modified: o.LastModified})
		return nil
	}, nil)
	if err != nil {
		return located{}, err
	}
	var l located
	for _, o := range objects {
		entry, _ := backup.ParseKey(w.place.Dir, o.Key)
		l.any = l.any || w.place.Same(entry)
		if w.place.Holds(entry.Place) && !slices.Contains(l.inside, entry.Place.BackupDir) {
			l.inside = append(l.inside, entry.Place.BackupDir)
		}
	}
	for _, found := range backup.Group(w.place.Bucket, w.place.Dir, objects) {
		switch {
		case found.Place.BackupDir != w.place.BackupDir:
		case found.Place.Database == w.place.Database:
			l.Found = found
		default:
			l.others = append(l.others, found.Place.Database)
		}
	}
	if !l.HasManifest {
		return l, nil
	}
	l.manifestFound = true
	l.manifest, err = w.readManifest(ctx, w.place.ManifestKey())
	return l, err
}
