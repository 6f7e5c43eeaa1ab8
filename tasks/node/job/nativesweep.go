package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

// undo removes what a backup that failed wrote. Of one that was sealed the manifest goes first, which may be there though the store
// did not say so.
func (w *work) undo(ctx context.Context, mark backup.Mark, sealed bool, err error) error {
	ctx, cancel := w.fresh(ctx)
	defer cancel()
	if mark.Incremental {
		return err
	}
	var failed error
	if sealed {
		failed = w.removeManifest(ctx)
	}
	if failed == nil {
		failed = w.sweep(ctx, mark)
	}
	if failed == nil {
		return err
	}
	return errors.Join(err, failed)
}

// removeManifest deletes this job's manifest, if it is there.
func (w *work) removeManifest(ctx context.Context) error {
	m, err := w.readManifest(ctx, w.place.ManifestKey())
	switch none := (*s3.Error)(nil); {
	case errors.As(err, &none) && none.Kind == s3.NoObject:
		return nil
	case err == nil && m.Job == w.job.ID:
		err = w.store.Delete(ctx, w.place.Bucket, w.place.ManifestKey())
	}
	if err != nil {
		return &leftover{"whether the manifest " + w.place.URI(w.place.ManifestKey()) + " was written is not known", err,
			"delete it by hand, and then what is in " + w.place.URI(w.place.CollectionPrefix())}
	}
	return nil
}

// endEarlier sees to what an earlier job left: its work in the database is cancelled, and what that wrote is removed, when a mark
// says that it is this service's. It gives what is in the folder then.
func (w *work) endEarlier(ctx context.Context, found located) (located, error) {
	mark, marked, err := w.readMark(ctx, w.place.RunningKey())
	if err != nil {
		return found, err
	}
	if marked && !mark.Of(w.settings.Service, w.cluster, w.params.Database, "") {
		return found, fault(fmt.Sprintf("service %s (cluster %s) backs database %q up into %s, since %s", mark.Service, orUnknown(mark.Cluster), mark.Database,
			w.place.URI(w.place.Folder()), mark.Began.UTC().Format(time.RFC3339)),
			"name another --s3-backup-dir; if that service is gone, delete "+w.place.URI(w.place.RunningKey()))
	}
	earlier := &mark
	if !marked {
		earlier = nil
	}
	if err := w.cancelMarked(ctx, earlier, "backup into "+w.place.URI(w.place.CollectionPrefix()), w.backupInto); err != nil {
		return found, err
	}
	if !marked {
		return found, nil
	}
	if !found.manifestFound {
		if err := w.sweep(ctx, mark); err != nil {
			return found, err
		}
	}
	w.dropMark(ctx, w.place.RunningKey(), mark.Job)
	return w.find(ctx)
}

func orUnknown(cluster string) string {
	if cluster == "" {
		return "unknown"
	}
	return cluster
}

// sweep removes what the unfinished backup of a mark left: the one full backup that it was, and nothing else of the collection. Of
// a chain nothing is removed: what is in the folder belongs to it, and an increment that did not finish is no part of it.
func (w *work) sweep(ctx context.Context, mark backup.Mark) error {
	if mark.Incremental {
		return nil
	}
	mine := []string{mark.Subfolder, cockroach.SubfolderAt(mark.Snapshot)}
	n, err := w.removeBackups(ctx, w.place, func(subfolder string) bool { return slices.Contains(mine, subfolder) })
	if err != nil {
		return &leftover{"what the unfinished backup left in " + w.place.URI(w.place.CollectionPrefix()) + " could not be removed", err, "delete it by hand: it has no manifest and is no backup"}
	}
	if n > 0 {
		w.journal.Say("removed %d objects of an unfinished backup", n)
	}
	return nil
}
