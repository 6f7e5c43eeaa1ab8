// Package store keeps one node's data in its store folder, so that it survives
// the process and the machine.
//
// It decides where each file lies and when it is synced: identity, vote and
// snapshot are written aside, synced and renamed; the log is appended to and
// synced before an append returns; pages of the state lie in a file of their own,
// synced before the snapshot that refers to them. It locks the folder against a
// second process, and writes the small address files that the real program leaves
// there. It never decides what a log entry or a page means.
//
// Read next: package replog.
package store
