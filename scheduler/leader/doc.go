// Package leader makes sure that one scheduler of a service works at a time.
//
// It decides who may work: the holder of the first ephemeral sequential node under <root>/lock in ZooKeeper, as in the
// Java SDK's scheduler. And it decides when the holder has to stop: Lost closes on our own timer, before the server can
// have given the lock away. It never decides what stopping means; its caller ends the process.
//
// The rule of the timer. The server ends a session no sooner than one session time-out after it last heard from us. The
// holder proves its session several times within that span, with a change that goes through a quorum (a read may be answered
// by a server that was cut off from the rest), and counts from before the proof was sent. Two thirds of the time-out
// after the last proof it stops; the last third is for the process to end in. The library's own word ("disconnected",
// "expired") comes too late for that: it arrives when the connection is back.
//
// Neither timer nor Held can stop a process that the machine froze between a look at them and the next action. That is
// why the store shuts former writers out by itself (see scheduler/store).
//
// Weighed: the library's Lock (it tells nobody who holds the lock, panics on foreign node names, and may leave its node
// behind), watching the library's session events (too late, see above), and the proof. For a file store the lock is the
// store's own: a second scheduler cannot open it.
//
// Read leadership.go, acquire.go, then keep.go.
package leader
