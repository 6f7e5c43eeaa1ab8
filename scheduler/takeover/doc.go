// Package takeover reads what a scheduler built on the Java DC/OS SDK left in ZooKeeper, and turns it into facts of ours: its
// framework id, tasks, reservations and volumes.
//
// It decides what can be adopted, what differs from the settings, and what makes a takeover unsafe; all faults at once. It never
// reads or writes a store, talks to a master, or starts and stops a task: scheduler/store moves the nodes, and the core goes
// on from the facts as from its own.
//
// What is adopted counts as launched under the new target, so nothing restarts. That is only right while what matters for the
// data is the same: service, user, principal, role, network, volume, version. Everything else (CPUs, ports, checks, the command
// itself) comes into force when a task is next launched, and the report says so.
//
// A pod of the SDK stores all its tasks, those that were never launched with an empty id and with the reservations of their
// siblings (section 3.4 of the SDK's description): beside cockroachdb-1-node-join lies a cockroachdb-1-node-init that names the
// same volume. So what is left over is counted by resource id, and never by task.
//
// Designs weighed: docs/adr/0016-takeover.md.
//
// Read next: adopt.go (the order of the work), installation.go (the tree), record.go (one task), faults.go (what is refused),
// report.go (what people see).
package takeover
