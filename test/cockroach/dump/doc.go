// Package dump writes a database as the statements that make it anew: the output
// of `cockroach dump`, in pieces of whole statements.
//
// It decides the order and the form of the statements, and where a piece ends. It
// never reads the network and keeps nothing between two pieces: a cursor says where
// to go on, and all of them see the tables at one moment, whoever leads by then.
// Source: 09-dump, 09b and 09c of the recorded transcripts. Read next: package sqlstore.
package dump
