// Package api answers HTTP under /v1, in the shapes and statuses of the DC/OS SDK, so that the plug-in, Cosmos, Marathon
// and people's scripts find what they know.
//
// It decides how facts are shown, and nothing else: it reads immutable snapshots of the core's state and hands what a
// caller reports to the core as an event. It never changes state, never calls Mesos, and holds no lock that the core
// waits for.
//
// Where the SDK leaves room: /v1/pod/{pod}/info shows Mesos' v0 names (slaveId), because the SDK does; the dns of an
// endpoint is the agent's host name where no DNS serves tasks (DISCOVERY=address); every answer that is not JSON is
// plain text, those of the router too.
//
// Designs weighed for routing: a third-party router, or the standard library's ServeMux, which knows methods and
// wildcards and is enough; what it says by itself (redirects in HTML, bare refusals) is put into words by routing.go.
//
// Read next: wire (the JSON types, shared with the plug-in), routes.go, then one file per resource.
package api
