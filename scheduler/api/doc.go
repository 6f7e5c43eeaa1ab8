// Package api answers HTTP under /v1 (and at /v2/debug/offers, where the SDK has it), in the shapes and statuses of the
// DC/OS SDK, so that the plug-in, Cosmos, Marathon and people's scripts find what they know.
//
// It decides how facts are shown, and nothing else: it reads immutable snapshots of the core's state and hands what a
// caller reports or orders to the core as an event; the core decides, with code and sentence. It never changes state,
// never calls Mesos, and holds no lock that the core waits for. What orders something is POST or PUT, and a parameter that
// it does not know is refused: a misspelt step= must not become an order for the whole plan.
//
// Where the SDK leaves room: /v1/pod/{pod}/info shows Mesos' v0 names (slaveId), because the SDK does; the dns of an
// endpoint is the agent's host name where no DNS serves tasks (DISCOVERY=address); every answer that is not JSON is
// plain text, those of the router too.
//
// Designs weighed for routing: a third-party router, or the standard library's ServeMux, which knows methods and
// wildcards and is enough; what it says by itself (redirects in HTML, bare refusals) is put into words by routing.go.
//
// Followers of the journal look at the snapshot four times a second, instead of being told: the core stays without
// listeners, and a few of them cost nothing.
//
// Who may ask is judged by the route that was matched (access.go), not by a path that can be written in many ways; what a token is, and how
// connections come in, is package door's.
//
// Read next: wire (the JSON types, shared with the plug-in), routes.go (held to docs/reference/api.md by a test), then one
// file per resource.
package api
