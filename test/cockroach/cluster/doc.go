// Package cluster is what all nodes of a stand-in cluster agree on: its id, its
// nodes with their memberships, its settings, its jobs and its SQL data.
//
// It is the state machine behind package replog: commands come in log order, and
// every node that applies them has the same state. It decides node ids (in order
// of joining, never used again) and whether a command is lawful. It has no clock;
// who is alive is not its business. Read next: package server.
package cluster
