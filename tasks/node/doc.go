// Package node is the code of cockroachdb-node, the small program inside each task's sandbox: it starts and supervises one
// database process (Start), answers Mesos' readiness and health checks (Ready, Live), and forwards metrics (package metrics).
//
// It decides when a node may start, when it may initialise a cluster, and how it is stopped. It never decides what a command
// line looks like (package cockroach does, by version), never talks to Mesos, and never deletes data.
//
// Read start.go first: the order of a start. Then membership.go: the one place where a cluster can come into being,
// enrol.go: how a node of a secure cluster comes to its certificates (package certs), and burial.go: how the nodes that this pod
// ran before, on volumes that were given up, are taken out of the cluster. The program's whole input is the task's environment (settings.go); its exit codes are in fault.go.
//
// A secure node tells nobody its cluster over HTTP without a login (v2.1 and later). That it asks for one proves that there is a
// cluster, which is what an initialisation turns on; which one it is, the database's own client asks by SQL (sqlcluster.go). Speaking
// PostgreSQL's protocol here was weighed: it would be a library for one value, where the client of that very release is at hand.
// Readiness verifies the node, as everybody does; life does not, because an expired certificate is no reason to kill a node.
//
// Designs weighed: a shell script around `cockroach` (cannot check, drain or explain); the database as the task's own
// process with the scheduler running init from outside (the scheduler would need a way into each container's network, and
// nothing would guard the volume); a supervising helper (chosen). Checks are sub-commands of the same binary that read a
// state file of the supervisor, so that no curl is needed and a node that is still unpacking is not mistaken for a dead one.
package node
