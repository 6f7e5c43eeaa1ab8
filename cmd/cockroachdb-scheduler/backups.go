package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/backup"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/catalog"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/s3"
)

// listing bounds a look into a bucket: whoever asks waits for it.
const listing = 50 * time.Second

// listBackups looks into a folder of a bucket with the keys of whoever asks. The role of this machine is for AWS and for the store of
// the settings alone: what is signed with it must not go to any address that somebody names.
func listBackups(known string) func(context.Context, wire.BackupsRequest) (wire.Backups, error) {
	return func(ctx context.Context, request wire.BackupsRequest) (wire.Backups, error) {
		if request.IAM && request.Endpoint != "" && request.Endpoint != known {
			return wire.Backups{}, &jobs.Refusal{Code: http.StatusBadRequest, Message: "the role of the scheduler's machine is used at AWS and at " +
				"BACKUP_S3_ENDPOINT alone; give keys for another store"}
		}
		return listAt(ctx, request)
	}
}

func listAt(ctx context.Context, request wire.BackupsRequest) (wire.Backups, error) {
	ctx, cancel := context.WithTimeout(ctx, listing)
	defer cancel()
	client, err := s3.New(s3.Options{Region: request.Region, Endpoint: request.Endpoint, PathStyle: request.PathStyle, CA: []byte(request.CA),
		IAM: request.IAM, Retries: 2, UserAgent: "dcos-cockroachdb/" + version,
		Keys: s3.Keys{AccessKeyID: request.Keys.AccessKeyID, SecretAccessKey: request.Keys.SecretAccessKey, SessionToken: request.Keys.SessionToken}})
	if err != nil {
		return wire.Backups{}, &jobs.Refusal{Code: http.StatusBadRequest, Message: err.Error()}
	}
	if err := client.CheckBucket(ctx, request.Bucket); err != nil {
		return wire.Backups{}, storeError(err)
	}
	all, err := catalog.List(ctx, client, request.Bucket, request.Dir, request.Database)
	if err != nil {
		return wire.Backups{}, storeError(err)
	}
	var found wire.Backups
	for _, one := range all {
		found.Backups = append(found.Backups, shown(one))
	}
	return found, nil
}

// storeError gives what the store refuses a status of its own; what it cannot answer stays a fault of the way there.
func storeError(err error) error {
	fault, ok := errors.AsType[*s3.Error](err)
	if !ok {
		return err
	}
	message := fault.Problem
	if fault.Remedy != "" {
		message += "; " + fault.Remedy
	}
	switch fault.Kind {
	case s3.WrongKeys, s3.Denied, s3.Expired, s3.NoRole, s3.NoBucket, s3.WrongRegion, s3.ClockSkew:
		return &jobs.Refusal{Code: http.StatusUnprocessableEntity, Message: message}
	}
	return errors.New(message)
}

func shown(one catalog.Listed) wire.Backup {
	place := one.Place
	location := place.URI(one.Object)
	if one.Method == backup.Native {
		location = place.URI(place.Collection())
	}
	b := wire.Backup{Database: place.Database, BackupDir: place.BackupDir, Method: string(one.Method), Manifest: one.Manifest != nil,
		Location: location, Made: moment(one.Modified), Stored: one.Size, Fault: one.Fault}
	if m := one.Manifest; m != nil {
		b.Service, b.Version, b.Snapshot, b.Rows, b.Bytes, b.SHA256 = m.Service, m.Version, moment(m.Newest()), m.Rows, m.Bytes, m.SHA256
		for _, table := range m.Tables {
			if table.Kind == string(cockroach.TableBase) {
				b.Tables++
			}
		}
	}
	return b
}

func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}
