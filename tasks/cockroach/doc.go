// Package cockroach knows CockroachDB by version: which versions the service runs, where their archives come from, which
// flags they take, how they are asked whether they are alive, how they stop, what their exit codes mean, and what is said
// to them in SQL for a backup or a restore.
//
// It decides what a command line, a probe or a message looks like for one version. It never runs anything: no file, no
// network, no clock, no environment. Whatever it needs (today's date, the task's memory) is an argument.
//
// Read table.go first: one table of capabilities with the release that brought each and the release that removed it. The
// rest of the package asks that table (Version.Has) and never compares version numbers by hand.
//
// Designs weighed: a Go interface per release line (fourteen types that differ in a line or two, and every new flag touches
// all of them); a switch in each function (the facts end up scattered and cannot be printed or checked as a whole); a table
// of rows with since and until (chosen: a new fact is one row, and a test walks all rows).
package cockroach
