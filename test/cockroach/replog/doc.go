// Package replog replicates a log between the nodes of a stand-in cluster: an
// entry is committed once a majority of voters has it on disk, and every node
// applies committed entries in order.
//
// It is Raft, as Ongaro and Ousterhout wrote it down in 2014, with pre-votes,
// leader stickiness, leadership transfer, snapshots, and membership changed by
// one voter at a time. It decides who leads and what is committed. It never knows
// what entries mean, which nodes ought to be voters, or where they listen.
//
// Weighed: hashicorp/raft and go.etcd.io/raft are the well-kept ones. Both bring
// codecs, loggers and storage of their own for a log of a few thousand small
// entries, and neither lets a non-voter be swapped in by the rule that the real
// database follows without as much code around it as is here. A single writer
// with no log at all would lose acknowledged rows when the wrong node dies, which
// is the very fault the service's tests look for.
//
// Each entry has the time at which the leader took it, never less than that of the
// one before: the commit time of what it writes.
//
// Read next: group.go, then package cluster for the state machine.
package replog
