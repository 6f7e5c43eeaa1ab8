// Package store keeps what Mesos cannot tell us later: what was launched where, under which target, and whether the
// cluster was initialised.
//
// It decides what an atomic change is and whether it happened; it knows nothing of what the values mean. A Batch is written
// whole or not at all. Values equal to what is stored are not written. Nothing over MaxBatch is accepted, because
// ZooKeeper would answer it by cutting the connection.
//
// The order of a start: Open looks and writes nothing, so that a wrong address or a foreign service is found without
// harm; leader.Acquire waits for our turn; Load claims the store and reads everything. From the claim on, a former writer's
// Apply fails with a *ConflictError, whatever it still believes about its lock. After a failed Apply the store refuses every
// further one until Load: the process is meant to end and let its successor start from what is stored.
//
// Read looks beside a running scheduler: it claims and locks nothing, and sees one state, never a mixture of two.
//
// Former moves the state of a scheduler built on the Java DC/OS SDK aside, which lies under the same root, and back.
//
// Three implementations, one suite (storetest): ZooKeeper (zk://), a file (file://), memory (memory:, with faults to
// order).
//
// Designs weighed for "was my batch applied?" when the connection breaks in the middle: comparing every value afterwards
// (wrong when a batch equals an earlier state), and a head node whose version every batch checks and whose content names the
// last batch. The second also makes a repeated batch harmless and shuts former writers out, so it is used.
//
// Designs weighed for the file: a log of batches (faster, but needs compaction, and a person cannot read the state in it), a
// folder with one file a key (no atomic batch), and one file replaced whole. State is some hundred kilobytes at most, so
// the third is used.
//
// Read store.go, ledger.go, then zookeeper.go, file.go or memory.go.
package store
