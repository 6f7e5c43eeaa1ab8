// Package metrics shows what the scheduler does, under the names of the DC/OS SDK: as Prometheus text and as the JSON of
// Dropwizard that SDK tools read.
//
// It decides nothing. Counters and gauges are read from the core's snapshot when somebody asks; the one thing measured
// here is the time that a frame takes.
//
// Read next: gauges.go and names.go (what is shown), collector.go (for Prometheus), dropwizard.go (the SDK's JSON).
package metrics
