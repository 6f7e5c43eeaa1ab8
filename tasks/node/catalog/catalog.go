package catalog

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

// atOnce is how many manifests are read at a time.
const atOnce = 8

// Store is what a catalog needs of package s3.
type Store interface {
	List(ctx context.Context, bucket, prefix, delimiter string, each func(s3.Object) error, folder func(prefix string) error) error
	Get(ctx context.Context, bucket, key string) (io.ReadCloser, s3.Object, error)
}

// Listed is one backup.
type Listed struct {
	backup.Found
	// Manifest is nil where there is none, or none that can be read.
	Manifest *backup.Manifest
	// Fault says what is wrong with the backup, empty when nothing is known to be.
	Fault string
}

// Snapshot is the moment that the backup shows; without a manifest it is when its object was last changed.
func (l Listed) Snapshot() time.Time {
	if l.Manifest != nil {
		return l.Manifest.Newest()
	}
	return l.Modified
}

// List gives the backups below dir, the newest first; a database that is not empty narrows it down. Errors are those of the
// store; a manifest that cannot be understood is a fault of its backup alone.
func List(ctx context.Context, store Store, bucket, dir, database string) ([]Listed, error) {
	var objects []backup.Stored
	err := store.List(ctx, bucket, dir+"/", "", func(object s3.Object) error {
		objects = append(objects, backup.Stored{Key: object.Key, Size: object.Size, Modified: object.LastModified})
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	var all []Listed
	for _, found := range backup.Group(bucket, dir, objects) {
		if database == "" || found.Place.Database == database {
			all = append(all, Listed{Found: found})
		}
	}
	if err := read(ctx, store, all); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b Listed) int {
		return cmp.Or(b.Snapshot().Compare(a.Snapshot()), cmp.Compare(a.Place.BackupDir, b.Place.BackupDir), cmp.Compare(a.Place.Database, b.Place.Database))
	})
	return all, nil
}

// read fills in the manifests.
func read(ctx context.Context, store Store, all []Listed) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var work sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i := range all {
		if !all[i].HasManifest {
			continue
		}
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if err := all[i].read(ctx, store); err != nil {
				cancel(err)
			}
		})
	}
	work.Wait()
	return context.Cause(ctx)
}

func (l *Listed) read(ctx context.Context, store Store) error {
	body, _, err := store.Get(ctx, l.Place.Bucket, l.Place.ManifestKey())
	if err != nil {
		return err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, backup.MaxManifest+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", l.Place.URI(l.Place.ManifestKey()), err)
	}
	manifest, err := backup.ParseManifest(data)
	switch {
	case err != nil:
		l.Fault = err.Error()
		return nil
	case manifest.Database != l.Place.Database:
		l.Fault = fmt.Sprintf("its manifest is of database %s", manifest.Database)
		return nil
	}
	l.Manifest = &manifest
	if manifest.Method == backup.Dump {
		if err := manifest.Check(l.Size, ""); err != nil {
			l.Fault = err.Error()
		}
	}
	return nil
}
