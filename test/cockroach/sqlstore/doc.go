// Package sqlstore is the stand-in's small SQL database: databases, tables with
// a primary key, rows of four types, and the statements that the service and its
// tests need.
//
// It decides what a statement means and what a fault of it is called. It is a
// pure state machine: the same statements in the same order give the same data on
// every node, so there is no clock and no randomness in it. It is honest about its
// size: a statement that it does not know in full is a syntax error, never a
// silent success.
//
// It never replicates, stores or prints; see packages replog, store, display.
// Weighed: an embedded SQL library (modernc.org/sqlite) speaks another dialect,
// would accept what CockroachDB refuses, and weighs more than the whole stand-in.
//
// Read next: parse.go for the grammar, exec.go for its meaning.
package sqlstore
