// Package zkconn is the only place that talks to samuel/go-zookeeper.
//
// It decides how a ZooKeeper address is written, how long a connection may take, which failures leave it open whether
// an operation took effect, and how the library's traps are kept away from the rest of the scheduler:
//
//   - The library resolves names once. Conn resolves them again each time it has tried every address, so a master that
//     moved is found.
//   - A request after Close hangs for ever and a second Close panics. Every operation here takes a context, is refused
//     after Close, and Close may be called twice.
//   - The library waits ten receive time-outs for the answer to its greeting. A server that accepts the connection and
//     stays silent would hold it for minutes; the link cuts that wait to two thirds of the session.
//   - The library does not tell which session time-out the server granted. The link reads it from the greeting, because a
//     lock that fences itself on a longer time-out than the server's does not fence at all.
//
// It never retries an operation and never decides what a lost answer means: its callers know what they wrote.
//
// Read conn.go, then ops.go; scheduler/store and scheduler/leader are its users.
package zkconn
