// Package sqlstore is the stand-in's small SQL database with its past: databases,
// tables, views, sequences, users and privileges, and the statements that the
// service, its tests and the dumps of a real database need.
//
// It decides what a statement means and what a fault of it is called. It is a
// pure state machine: the same statements with the same commit times give the same
// data on every node, so there is no clock and no randomness in it. It is honest
// about its size: what it does not know is a syntax error or "unimplemented", never
// a silent success.
//
// The past: every row version has the time when it was made and when it was gone,
// and so has every version of a table's description. A read at a moment sees what
// was there then. Rows lie by key in leaves of some 128 KiB; leaves that are not in
// use are in Pages, outside of memory. What was gone before the window is forgotten
// when its leaf is next written.
//
// It never replicates, stores or prints; see packages replog, store, display.
// Weighed: an embedded SQL library (modernc.org/sqlite) speaks another dialect,
// would accept what CockroachDB refuses, and weighs more than the whole stand-in.
// Copy-on-write trees as the past cost a copied leaf for each small INSERT.
//
// Not done, and refused: explicit transactions, joins (a view with one is kept and
// dumped, not read), GROUP BY, ALTER TABLE but for foreign keys, interleaved tables.
//
// Read next: parse.go for the grammar, exec.go for its meaning, heap.go for the past.
package sqlstore
