// Package dump writes a database as the statements that make it anew: the output
// of `cockroach dump`.
//
// It decides the order and the form of the statements. It never reads the
// network; the leader calls it while nothing can change the tables, so that a
// dump is of one moment. Source: 09-dump and 09c of the recorded transcripts. Read next: package sqlstore.
package dump
