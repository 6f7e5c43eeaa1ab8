// Package signals says what a signal to a running node means in each version.
//
// It decides between draining, stopping hard, dumping stacks, flushing and
// ignoring, and the exit codes that follow. It never delivers or catches a
// signal; package cli does. Source: cockroachdb-versions.md, 4.4 and 4.5, and the
// transcripts 07 and 07b.
package signals
