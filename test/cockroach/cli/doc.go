// Package cli is the command line of the stand-in: what `cockroach …` of a
// version prints, and the exit code it ends with.
//
// It decides texts and codes by version, and turns flags into a node's
// configuration. It never decides what a cluster does (package server) or which
// flags there are (package flags). Texts that the service or its operators read
// are those of the real program, from the transcripts; other lines are our own.
//
// Besides the real variables, `start` reads five of its own, for tests alone, each
// a duration: STANDIN_DRAIN (what an unhindered drain takes), STANDIN_LIVENESS
// (silence until a node is not available), STANDIN_STORE_DEAD (silence until its
// data is made anew elsewhere), STANDIN_DRAIN_LIMIT (in place of the minute after
// which the early versions end a drain), STANDIN_COUNT (between two counts of the
// ranges that lack copies, for the metrics). The version comes from the link and nothing else.
//
// Nobody types a password: where the real client asks for one, this one fails as that one
// does without a terminal.
//
// Read next: run.go, start.go; dial.go for how a client connects.
package cli
