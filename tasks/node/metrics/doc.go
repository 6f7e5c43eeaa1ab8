// Package metrics is `cockroachdb-node metrics`: it reads the nodes' Prometheus pages and sends them to the agent's StatsD
// address, in the dogstatsd form that DC/OS' metrics service and Telegraf read.
//
// It decides how a Prometheus sample becomes a StatsD line; it never changes a value's meaning, keeps nothing but the last
// bucket counts of histograms, and serves nothing. One node that does not answer never holds back the others.
//
// How samples are sent (convert.go):
//
//   - A gauge is a StatsD gauge. Negative values are preceded by a zero, because a sign in front of a gauge means "change by".
//   - A counter is a gauge of its absolute value. Sending differences as StatsD counters was weighed: each lost UDP packet
//     would be lost for good, and each restart of this task would lose an interval. An absolute value loses nothing, and every
//     store of metrics can turn it into a rate that knows about resets.
//   - A histogram is its count and sum (as counters) and, of what was observed since the last reading, the quantiles 0.5, 0.9,
//     0.99 as gauges with the tag quantile. Sending the buckets was weighed: CockroachDB has some forty histograms with up to
//     hundreds of buckets each, more lines than all other metrics together.
//   - Labels become tags. The tags service and node (host:port of the page) are added.
//
// Nodes of a secure cluster are read over TLS, with the authorities that the scheduler tells (trust.go): any node of the cluster is
// taken under any address, because the task knows addresses alone.
//
// Read forward.go first.
package metrics
