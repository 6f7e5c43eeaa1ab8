// Package mesos is the only package that talks to the Mesos master: it finds the leading master, holds one subscription
// on it (v1 scheduler API, https://mesos.apache.org/documentation/latest/scheduler-http-api/), turns what the master says
// into core.Event and what the core wants into calls.
//
// It decides where the leading master is, when a stream is dead, when to connect again, and how our words are written in
// Mesos'. It never decides what an event means, keeps no task and no offer, never acknowledges a status update by itself
// (the core does, after storing it), and never repeats a call: the core looks at the next offers instead.
//
// One goroutine (Connection.Run) reads; calls go out through Connection.Send, one request each, in the caller's order. A
// refused call leaves the stream alone.
//
// Designs weighed: (1) mesos-go's controller.Run with httpsched; (2) httpsched with its defects cured from outside (a
// codec wrapper, a DoFunc that remembers the leader and rewrites status codes, an endpoint filter against retries under a
// lock); (3) mesos-go for what it is good at, which is types, the protobuf codec, RecordIO and call builders, over one
// plain http.Client. The third won: each of httpsched's defects (calls sent to the old master after a redirect, a stream
// torn down by a refused call, events limited to 4 MiB, the 200 of UPDATE_FRAMEWORK, no heartbeat watchdog, retries that
// block every call) comes from its connection state machine, and without that machine there is nothing left to cure. The
// protobuf codec because JSON takes four times the CPU and fails on names of enums that it does not know.
//
// What is weak in mesos-go is fenced here: its RecordIO reader gets a larger but bounded buffer (frames.go), and a panic
// of its decoder on a hostile message becomes an error (CVE-2021-3121, frames.go).
//
// Read next: connection.go (the loop), subscribe.go, stream.go, events.go, calls.go; masters.go and zookeeper.go (where
// the master is).
package mesos
