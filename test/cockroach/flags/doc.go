// Package flags says which command-line flags each version of cockroach takes,
// and reads them.
//
// The tables here are the stand-in's own. The service has a table of its own in
// tasks/cockroach, written independently: where the two differ, a test that
// starts the stand-in fails, which is what the stand-in is for. Never import one
// from the other.
//
// It decides: known or unknown, hidden or deprecated, which values parse, how
// many positional arguments a command takes. It never decides what a value means
// to a running node.
//
// Where the reference leaves a cell open (`?`), the table refuses: a service that
// keeps to what is certain passes, and a strict stand-in is the useful one.
//
// Weighed: cobra's command tree. Its error texts changed between the releases
// that cockroach was built with, so the texts are written here and pflag alone
// does the parsing. Read next: start.go, client.go, then package cli.
package flags
