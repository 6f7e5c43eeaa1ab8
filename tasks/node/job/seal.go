package job

import (
	"context"
	"errors"
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

// complete makes the object of a dump visible. After an error there is none, or the error says that there may be one: a store whose
// answer never came may have done it, and so may one that was asked just when the job was told to stop.
func (w *work) complete(ctx context.Context, upload Upload, key string) (s3.Uploaded, error) {
	done, err := upload.Complete(ctx)
	if err == nil {
		return done, nil
	}
	err = w.abort(upload, key, first(ctx, err))
	fresh, cancel := w.fresh(ctx)
	defer cancel()
	object, failed := w.store.Head(fresh, w.place.Bucket, key)
	switch {
	case isNoObject(failed):
		return done, err
	case failed == nil && ctx.Err() == nil && done.SHA256 != "" && object.Size == done.Bytes && mayBe(object, done):
		w.journal.Say("%s is complete; the store's answer got lost (%v)", w.place.URI(key), err)
		return done, nil
	}
	return done, w.unmake(ctx, key, done, err)
}

// mayBe says that an object is the one that was uploaded, as far as the store tells them apart.
func mayBe(object s3.Object, done s3.Uploaded) bool {
	return done.ETag == "" || object.ETag == "" || object.ETag == done.ETag
}

func isNoObject(err error) bool {
	fault := (*s3.Error)(nil)
	return errors.As(err, &fault) && fault.Kind == s3.NoObject
}

// seal checks that the store has what it was given and writes the manifest, at the second try if need be. When both fail, or the job
// is told to stop, the object goes: it would look like a backup, and keep the next one out of its folder.
func (w *work) seal(ctx context.Context, key string, m backup.Manifest, done s3.Uploaded) (backup.Manifest, error) {
	sealed, err := w.trySeal(ctx, key, m, done)
	if err != nil && ctx.Err() == nil {
		w.journal.Say("the backup has no manifest yet, trying once more: %v", err)
		sealed, err = w.trySeal(ctx, key, m, done)
	}
	if err != nil {
		return m, w.unmake(ctx, key, done, first(ctx, err))
	}
	return sealed, nil
}

func (w *work) trySeal(ctx context.Context, key string, m backup.Manifest, done s3.Uploaded) (backup.Manifest, error) {
	object, err := w.store.Head(ctx, w.place.Bucket, key)
	if err != nil {
		return m, faultOf("the dump was stored, and what became of it could not be looked at", err, "")
	}
	if object.Size != done.Bytes {
		return m, fault(fmt.Sprintf("the store took %d bytes and says that %s has %d", done.Bytes, w.place.URI(key), object.Size),
			"look at the store, then back up again")
	}
	m, err = w.writeManifest(ctx, m)
	if err != nil {
		return m, faultOf("the dump was stored, and its manifest could not be written", err, "")
	}
	return m, nil
}

// unmake removes what a backup that fails at its last steps has in the bucket, whatever became of the job's context: the manifest,
// which may be there though the store did not say so, and then the object. It gives err, with what may be left.
func (w *work) unmake(ctx context.Context, key string, done s3.Uploaded, err error) error {
	ctx, cancel := w.fresh(ctx)
	defer cancel()
	w.how.doing("removing what was stored")
	left := func(failed error) error {
		return errors.Join(err, &leftover{w.place.URI(key) + " may be there, and could not be removed", failed,
			"look whether it is there, and its manifest; both are no backup and can be deleted"})
	}
	m, failed := w.readManifest(ctx, w.place.ManifestKey())
	if failed == nil && m.Job == w.job.ID {
		failed = w.store.Delete(ctx, w.place.Bucket, w.place.ManifestKey())
	}
	if failed != nil && !isNoObject(failed) {
		return left(failed)
	}
	object, failed := w.store.Head(ctx, w.place.Bucket, key)
	switch {
	case isNoObject(failed):
		return err
	case failed != nil:
		return left(failed)
	case !mayBe(object, done):
		return left(errors.New("somebody else has written to it since"))
	}
	if failed := w.store.Delete(ctx, w.place.Bucket, key); failed != nil {
		return left(failed)
	}
	w.journal.Say("%s was removed: nothing of the backup is left", w.place.URI(key))
	return err
}
