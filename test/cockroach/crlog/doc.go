// Package crlog writes log lines in the form of CockroachDB's files: a letter for
// the severity, date and time, a number, the place, and the message. It is a
// slog.Handler, so that the rest of the stand-in logs like the rest of the
// project. It never decides what is worth a line.
package crlog
