// Package api answers HTTP under /v1, in the shapes and statuses of the DC/OS SDK, so that the plug-in, Cosmos, Marathon
// and people's scripts find what they know.
//
// It decides how facts are shown, and nothing else: it reads immutable snapshots of the core's state and hands what a
// caller reports to the core as an event. It never changes state, never calls Mesos, and holds no lock that the core
// waits for.
//
// Read next: wire (the JSON types, shared with the plug-in), server.go (the routes), then one file per resource.
package api
