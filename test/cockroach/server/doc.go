// Package server is one node of a stand-in cluster: it listens, waits for init or
// joins, gossips, serves SQL and node commands, drains and stops.
//
// It decides what the real server decides: when a cluster is made and by whom,
// when a node is ready, when a drain is over, which node holds data. It never
// reads flags or prints (package cli), and never decides what a signal means
// (package signals).
//
// It binds the addresses that it is told to bind, and dials the join list, the
// addresses that its cluster's nodes advertise, and nothing else.
//
// Read next: node.go for the life of a node, rpc.go for what it answers,
// allocate.go for who holds data.
package server
