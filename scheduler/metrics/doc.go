// Package metrics shows what the scheduler does: under the names of the DC/OS SDK as Dropwizard's JSON, by StatsD where
// the agent offers one, and as Prometheus text.
//
// It decides nothing. Nearly all values are read from the core's snapshot when somebody asks; measured here are only
// durations and what the shell alone knows (writes, the lock, the connection).
//
// One table says what there is: families.go lists the families, and each way of showing them, the reference page included,
// is made from it. In Prometheus a family has our prefix, its labels, a unit and, as a counter, _total. The SDK's own
// metrics come there a second time, under the SDK's names and as it shows them: flat, and counters as gauges. So boards
// made for the SDK go on, and new ones get names as Prometheus wants them.
//
// Labels are plans, statuses, pod types, causes and the like: no label names an agent, a task or a host, so the number of
// series does not grow with the cluster. Databases that are backed up are labels, in Prometheus alone: their names may hold what
// cannot stand in a dotted name. What happened to one pod is the journal's and the API's to tell.
//
// Read next: family.go and families.go (what is shown), then by way of showing: collector.go (Prometheus), dropwizard.go
// (the SDK's JSON), statsd.go, page.go (the reference).
package metrics
