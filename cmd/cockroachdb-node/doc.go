// Command cockroachdb-node runs in the sandbox of each task: `start` runs the database, `ready` and `live` are Mesos' checks of
// it, `metrics` forwards the nodes' metrics to StatsD. The command line is in package tasks/node/command, what it does in
// package tasks/node: read that doc.go next.
package main
