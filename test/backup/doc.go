// Package backup has tests of the stand-in's own BACKUP and RESTORE against a real
// S3 server: what the service's native method relies on. It has no code but tests:
// test/cockroach and test/s3 may not know each other.
package backup
