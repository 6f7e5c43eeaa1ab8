package metrics

import (
	"fmt"
	"io"
	"strings"
)

// intro is the head of the reference.
const intro = "# Metrics\n\n" +
	"The scheduler shows its metrics in three ways. This page is made from the code by `make generate`.\n\n" +
	"| way | names | for |\n|---|---|---|\n" +
	"| `GET /v1/metrics/prometheus` | `" + prefix + "…`, with labels, units and types | Prometheus |\n" +
	"| `GET /v1/metrics` | the SDK's, with dots; Dropwizard's JSON: `counters.<name>.count`, `gauges.<name>.value`, `timers.<name>` | tools made for the SDK |\n" +
	"| StatsD over UDP | the same as in the JSON; everything is a gauge, a counter is sent as its count, a timer as `.samples` and, in milliseconds, `.mean`, `.p50`, `.p75`, `.p95`, `.p98`, `.p99`, `.p999` | " +
	"the agent's metrics service: on where `STATSD_UDP_HOST` and `STATSD_UDP_PORT` are set, as DC/OS does, each `STATSD_POLL_INTERVAL_S` (10 s) |\n\n" +
	"Counters begin at 0 with the process. In the JSON the values of labels stand behind the name, each after a dot: `declines.short`. " +
	"Metrics that the SDK has too are marked; Prometheus gets those a second time, under the names and in the form that the SDK has there " +
	"(`offers_received`, `declines_short`, `plan_status_deploy`, `is_suppressed`; gauges all of them), so that boards made for the SDK go on working. " +
	"No label names an agent, a task or a host: the number of series does not grow with the cluster. " +
	"Databases that are backed up are labels, in Prometheus alone.\n\n" +
	"What is not known is left out and not shown as 0: the database's numbers before a node was heard, for example.\n"

// outro follows the tables.
const outro = "\nPrometheus also gets the Go runtime's and the process's own metrics (`go_…`, `process_…`). " +
	"The database's own metrics are at each node's `/_status/vars`; the task `metrics-0-server` sends them to the agent's StatsD.\n\n" +
	"## What to watch\n\n" +
	"| expression | says |\n|---|---|\n" +
	"| `" + prefix + "plan_status{plan=\"deploy\"} == -1` | a configuration was refused |\n" +
	"| `" + prefix + "pods_ready < " + prefix + "pods_wanted` for 15 min | a pod is missing: `dcos cockroachdb why` says what it waits for |\n" +
	"| `" + prefix + "plan_steps_waiting{reason=~\"gate\\|database\"} > 0` for 1 h | a change is held back by the safety gate |\n" +
	"| `" + prefix + "plan_steps{status=\"delayed\"} > 0` for 15 min | a task fails again and again |\n" +
	"| `" + prefix + "database_unavailable_ranges > 0` | data cannot be reached |\n" +
	"| `" + prefix + "database_under_replicated_ranges > 0` for 1 h | copies are lacking and are not made anew |\n" +
	"| `" + prefix + "backup_age_seconds > 90000` | the last good backup of a database is older than 25 h: a nightly one was missed or failed |\n" +
	"| `" + prefix + "backup_missing_databases > 0` for 25 h | there is no good backup of a database of the schedule at all |\n" +
	"| `increase(" + prefix + "jobs_ended_total{state=\"failed\"}[1h]) > 0` | a backup, restore or verification failed: `dcos cockroachdb backup status` says why |\n" +
	"| `" + prefix + "certificate_node_expiry_timestamp_seconds - time() < 15 * 86400` | a node's certificate was not renewed, which is tried from 30 days before on (with the lifetime of 90 days): `dcos cockroachdb certs list` |\n" +
	"| `" + prefix + "certificate_authority_expiry_timestamp_seconds - time() < 180 * 86400` | an authority is to be changed: `dcos cockroachdb certs rotate --authority`. It takes as long as the slowest client, and has to be over before the old one ends |\n" +
	"| `" + prefix + "certificate_client_expiry_timestamp_seconds - time() < 14 * 86400` | a client needs a new certificate: `dcos cockroachdb certs client` |\n" +
	"| `" + prefix + "certificate_nodes_behind > 0` for 30 min | a rotation does not get on, or a node cannot get a certificate: `dcos cockroachdb why` |\n" +
	"| `" + prefix + "master_silence_seconds > 60` | the master is gone, or does not reach the scheduler |\n" +
	"| `" + prefix + "lock_left_seconds < 5` | ZooKeeper does not confirm the lock; the scheduler is about to end itself |\n" +
	"| `absent(" + prefix + "lock_held == 1)` for 5 min | no scheduler acts for the service |\n"

// Markdown writes the page docs/reference/metrics.md.
func Markdown(w io.Writer) error {
	var page strings.Builder
	page.WriteString(intro)
	for _, group := range families() {
		table(&page, group.title, group.families)
	}
	table(&page, "Durations", []family{offersProcess, frameDuration, storeDuration})
	page.WriteString(outro)
	_, err := io.WriteString(w, page.String())
	return err
}

func table(page *strings.Builder, title string, list []family) {
	fmt.Fprintf(page, "\n## %s\n\n| Prometheus | JSON and StatsD | kind | SDK | meaning |\n|---|---|---|---|---|\n", title)
	for _, f := range list {
		fmt.Fprintf(page, "| %s | %s | %s | %s | %s |\n", f.promCell(), f.dottedCell(), f.kind, f.sdkCell(),
			strings.ReplaceAll(f.help, "|", `\|`))
	}
}

func (f family) promCell() string {
	if f.kind == timer {
		return "`" + flat(f.name) + "`"
	}
	if len(f.labels) == 0 {
		return "`" + f.promName() + "`"
	}
	return "`" + f.promName() + "{" + strings.Join(f.labels, ",") + "}`"
}

func (f family) dottedCell() string {
	if f.unnamed {
		return "–"
	}
	name := f.name
	for _, label := range f.labels {
		name += ".<" + label + ">"
	}
	return "`" + name + "`"
}

func (f family) sdkCell() string {
	if f.sdk {
		return "yes"
	}
	return ""
}
