// Package guard runs one command in a small process of its own that makes sure nothing of it survives: not when the
// command ends and has left children behind, not when it is told to stop, and not when the program that asked for it is
// killed with SIGKILL.
//
// It decides nothing about tasks: it starts, signals, reports one wait status, and cleans up. It never restarts anything and
// never looks inside a sandbox.
//
// How: the program starts itself again under the name in Name; an init function in this package notices and becomes the
// guard. The guard is a child subreaper (prctl(2), Linux), so whatever its command leaves behind becomes the guard's
// child and is found. It holds the reading end of a pipe from the program; end of file there means that the program is
// gone, however it went.
//
// Designs weighed. Process groups alone: a child that calls setsid leaves the group. PR_SET_PDEATHSIG alone: it reaches the
// first child only, and it fires when the starting thread ends, which in Go need not be the program's end. Control groups:
// need rights that a developer's account has not. A call at the top of main instead of an init function: a program (or a
// test binary) that forgets it would start itself without end.
//
// Read next: test/mesos/process, which uses it for tasks and checks.
package guard
