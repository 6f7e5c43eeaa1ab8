// Package bulk keeps backups in an S3 bucket for the stand-in's BACKUP and RESTORE:
// the URIs, the objects and what is in them.
//
// It decides what a URI may say in a version, how a collection is laid out, and
// what a backup's files look like. It never reads or writes a table; package server
// runs the jobs. Keys are in a Collection alone, whose text is redacted.
//
// The layout follows the real one: <collection>/<yyyy/mm/dd-hhmmss.cc>/ holds
// data/<n>.sst and, written last, BACKUP_MANIFEST; <collection>/LATEST names the
// newest. What the files hold is the stand-in's own: encoded rows of one table, and
// JSON. A real database cannot read them, nor the stand-in the real ones.
//
// Incremental backups are refused with the real words where no licence is set, and
// as unimplemented where one is. Read next: uri.go, then package server's backup.go.
package bulk
