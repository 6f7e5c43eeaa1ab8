// Package dump reads what `cockroach dump` writes: a stream of SQL statements, in pieces of any size, in bounded memory.
//
// It decides where a statement begins and ends, what kind it is, which object it is about, how many rows an INSERT holds
// and which other databases a statement names. Scanner serves the restore (statements one after the other, with their
// text); Census serves the backup (counts only, as an io.Writer beside the upload). It never decides whether a dump is
// good enough or may be restored: tasks/node/job compares the counts with the database and refuses by kind.
//
// It is pure: bytes in, values out; no file, no network, no clock, no goroutine. How the bytes are cut makes no
// difference, and no statement is held in memory as a whole, however long.
//
// Designs weighed: (1) split at lines that end with a semicolon, which is how dumps look, and which text with a line end
// after a semicolon breaks; (2) a full SQL parser, which is a large library and ten times too slow for a dump at disk
// speed; (3) a lexer that knows strings, names and comments, with the words at the head of a statement judged one by one
// (chosen). Inside the rows of an INSERT the lexer looks only for the bytes that can end something.
//
// Read next: lexer.go (bytes to tokens), judge.go (tokens to a Statement), scanner.go and census.go.
package dump
