// Package job is `cockroachdb-node job`: one backup, one restore or one verification, in a Mesos task without a volume, with
// the database's archive beside it and the object store on the other side.
//
// It decides the order of a job's steps, what is checked before and after, and what a job that ends half-way leaves behind.
// It does not decide where a backup lies, how it is made on which version, and which ones are removed (package tasks/backup), how
// a dump is read (tasks/dump), what is said to the database (tasks/cockroach), how bytes get into S3 (tasks/node/s3), or
// whether a job runs at all (scheduler/core). It writes no file but the unpacked archive and, for a
// secure database, root's certificate and key, which are removed at the job's end.
//
// # Order
//
// Every job: the environment; collecting parameters and keys (desk.go), once, with the token; the archive; the bucket; the work;
// the end, told until the scheduler has it or the task is stopped (end.go). Progress is told on the way and may be lost.
//
// A backup (backup.go) tries a small object first, because a wrong key is best known at once, and refuses a folder that has this
// database's backup. By dump (dumpbackup.go): database, user, tables and sequences are looked at as of one moment, which the
// database tells; the dump of that moment runs through census and packer into an upload (stream.go) while the rows are counted
// in the database (counted.go). The upload is completed only when the dump's exit code is 0, its last statement is whole, and
// each table has as many rows in it as in the database. Then size and manifest (seal.go), and retention. Natively (nativebackup.go): the
// database writes, and its own list of what it wrote is held against the same counts.
//
// A restore (restore.go) reads the dump twice: first all of it for checksum, packing, manifest and foreign statements, then to load
// it (load.go): the very same object, by its ETag and its checksum. Between the two the target is made ready (target.go, prepare.go):
// a table in it, named by markerTable, says that a restore of which backup is not finished, and whether the database was empty
// before. The next restore of that backup then drops the database and begins anew, unless it has more in it than the backup makes.
// One client process gets all statements on its stdin; the lines that it prints say which are done (ledger.go). The rows are
// counted in the end, and the mark goes last.
//
// # What a job leaves
//
// Killed at any point, a backup that did not finish leaves no manifest, and a dump no object, but for the moment between the object
// and its manifest: parts of an upload are not visible, and the next backup of the database aborts them, in whatever folder. A dump
// that fails or is cancelled at its last steps takes its object back. What the database does for a killed native job goes on without it; a
// mark beside the backup (mark.go) says what was started, and the next job on the same collection or database cancels that first, or
// counts a restore that was finished (bulkjobs.go says why a backup is not taken over). What no mark speaks of is left alone. Told to
// stop, a job does the same tidying by itself, with a context of its own, within the kill grace.
//
// # Secrets
//
// Keys come over the scheduler's API into memory. They go to package s3, and to the database on the stdin of its client; no
// child sees AWS_* or the token in its environment. Whatever is written or told goes through a filter that knows them (scrub.go),
// since databases and stores repeat addresses in their messages. The kernel shows the token in /proc/<pid>/environ until the
// end: it is good for collecting, once, and for nothing after that. Reports go with another token, which came with the parameters
// and stands nowhere.
//
// # Designs weighed
//
// Checking a dump by its exit code (a missing table has exit code 0), by a restore elsewhere (twice the time, and a second
// cluster), or by counts at the same snapshot (chosen). Counting before the dump (an outage as long as the count), after it (the
// same), beside it (chosen; one that fails ends the dump). Restoring in one transaction (the database refuses DDL and data in
// one), into a temporary database that is renamed (views keep the old name), or with a mark (chosen). A statement at a time
// with an answer each through a driver (a driver speaks with the server where the client of that very release is at hand), one
// client for each statement (60 ms each), or one client and its printed lines (chosen). Reading the object once and checking
// while it is loaded would be faster by the time of one download, a tenth of the time of loading, and would find damage when half
// of the database is in.
//
// Read next: run.go, then work.go.
package job
