package backup

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// Method is how a backup is made.
type Method string

// The methods. Auto is a wish, never what a backup was made with.
const (
	Auto Method = "auto"
	// Dump streams SQL text through the job.
	Dump Method = "dump"
	// Native lets the database write to and read from S3 itself.
	Native Method = "native"
)

// Choose decides the method for a database of version v. wanted is auto, dump or native; empty means auto. The fault names
// version, licence and remedy.
func Choose(wanted string, v cockroach.Version) (Method, *tasks.Fault) {
	fault := func(message, remedy string) (Method, *tasks.Fault) {
		return "", &tasks.Fault{Field: "method", Value: wanted, Message: message, Remedy: remedy}
	}
	switch Method(wanted) {
	case "", Auto:
		if v.Has(cockroach.BackupCollections) {
			return Native, nil
		}
		return Dump, nil
	case Dump:
		if !v.Has(cockroach.DumpData) {
			return fault(fmt.Sprintf("CockroachDB %s has no `cockroach dump` of data: it went with v21.1", v), "use --method native, whose full backups need no licence")
		}
		return Dump, nil
	case Native:
		if !v.Has(cockroach.BackupCollections) {
			return fault(fmt.Sprintf("BACKUP of CockroachDB %s needs an enterprise licence, and writes another layout: both ended with v20.2", v),
				"use --method dump, which needs no licence, or upgrade to v20.2 or later")
		}
		return Native, nil
	}
	return fault("no such method", "use auto, dump or native")
}

// CheckIncremental says whether an incremental backup may be tried. The database itself decides about the licence: the
// note is for the case that it refuses.
func CheckIncremental(m Method, v cockroach.Version) (note string, fault *tasks.Fault) {
	if m != Native {
		return "", &tasks.Fault{Field: "incremental", Value: "true", Message: "a dump is always whole", Remedy: "leave --incremental out, or use --method native on v20.2 or later"}
	}
	return fmt.Sprintf("An incremental backup of CockroachDB %s needs an enterprise licence (from v24.3 on any licence key); full backups need none.", v), nil
}
