// Package version reads CockroachDB version tags and answers the one question
// the stand-in asks everywhere: is this version at least that one.
//
// It decides which release lines exist (so that a typing error in a link flag
// is refused) and what `cockroach version` prints about a build. It never
// decides what a flag or command does in a version: that is said next to the
// flag or the command, where a reader looks for it.
//
// Read next: package flags.
package version
