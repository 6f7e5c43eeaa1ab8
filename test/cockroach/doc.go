// Package cockroach holds the stand-in database to the real one.
//
// The stand-in (cmd/cockroach) behaves as `cockroach` of a version that is set
// when it is linked, in everything that the service relies on: flags, join and
// init, health, metrics, node commands, signals, exit codes, a small replicated
// SQL store, dump. It takes part in the tests and the sandbox in place of the
// database; pack makes an archive of it in the published layout.
//
// This package has no code of its own, only the conformance tests: tables of
// what a real v20.1.5 was seen to do (testdata/answers-v20.1.5.txt word for word),
// and of what other versions are documented to do. The stand-in never shares a table with the service's own tasks/cockroach:
// it is there to catch its mistakes.
//
// The parts, from the outside in: cli (texts and exit codes), flags, display,
// httpapi, signals, security (certificates by version), server (a node's life), cluster and sqlstore (what nodes agree
// on), bulk (backups in S3), replog (agreement), store (disk), wire (network). The
// tests of BACKUP and RESTORE are in test/backup, for they need an S3 server.
//
// Variables, of a node: STANDIN_DRAIN, STANDIN_LIVENESS, STANDIN_STORE_DEAD,
// STANDIN_DRAIN_LIMIT and STANDIN_COUNT (durations that are shortened),
// STANDIN_HISTORY (how far AS OF SYSTEM TIME reaches, 10m), STANDIN_BULK_RATE (bytes
// a second of BACKUP and RESTORE). Of a node or of one dump: STANDIN_DUMP_RATE (bytes
// a second), STANDIN_DUMP_FAIL_ROWS (exit 1 after so many rows), STANDIN_DUMP_OMIT
// (tables that are left out with exit 0, as for a user without privileges).
//
// Weighed: running the real binary in tests. Its archives are withdrawn from the
// vendor's site one line after the other, it takes 130 MB of memory a node, and
// no test can make it fail where a test needs it to. The transcripts of a real one
// bought the same certainty once. A canned fake of the few calls would not have
// caught wrong join lists, lost data or two clusters in one service.
package cockroach
