package metrics

import (
	"maps"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func podFamilies() []family {
	podType := []string{"pod_type"}
	return []family{
		{name: "pods.wanted", prom: "pods_wanted", kind: gauge, labels: podType, read: wanted,
			help: "Pods that the target in force wants."},
		{name: "pods.launched", prom: "pods_launched", kind: gauge, labels: podType,
			read: pods(func(*tasks.Record) bool { return true }),
			help: "Pods that were launched once, running or not."},
		{name: "pods.running", prom: "pods_running", kind: gauge, labels: podType,
			read: pods(func(r *tasks.Record) bool { return r.Status.State == tasks.Running }),
			help: "Pods with a running task."},
		{name: "pods.ready", prom: "pods_ready", kind: gauge, labels: podType,
			read: pods((*tasks.Record).Ready),
			help: "Pods with a task that runs and passed its readiness check."},
		{name: "pods.down", prom: "pods_down", kind: gauge, labels: podType,
			read: pods(func(r *tasks.Record) bool { return !r.Status.State.Alive() }),
			help: "Pods that were launched and whose task has ended or cannot be reached, for whatever reason."},
		{name: "pods.away", prom: "pods_away", kind: gauge, labels: podType,
			read: pods(func(r *tasks.Record) bool { return !r.Away.IsZero() }),
			help: "Pods whose agent cannot be reached."},
		{name: "pods.stopping", prom: "pods_stopping", kind: gauge, labels: podType,
			read: pods(func(r *tasks.Record) bool { return r.Stopped() && r.Status.State.Alive() }),
			help: "Pods with a task that is being stopped by the scheduler."},
		{name: "pods.paused", prom: "pods_paused", kind: gauge, labels: podType,
			read: pods(func(r *tasks.Record) bool { return r.Paused }),
			help: "Pods that are paused by hand, idling already or not."},
		{name: "pods.replacing", prom: "pods_replacing", kind: gauge, labels: podType,
			read: pods((*tasks.Record).Replacing),
			help: "Pods that are being replaced: asked for, or given up and not launched anew yet."},
		{name: "records", prom: "records", kind: gauge, read: func(f *facts) []sample { return one(float64(len(f.Facts.Records))) },
			help: "Tasks that the scheduler keeps a record of."},
		{name: "tasks_ready", prom: "tasks_ready", kind: gauge, read: ready,
			help: "Tasks that run and passed their readiness check."},
		{name: "delays", prom: "tasks_failing", kind: gauge, read: func(f *facts) []sample { return one(float64(len(f.Delays))) },
			help: "Tasks that failed and have not run for long since; their next launch is put off the longer, the more often they failed."},
		{name: "launches", prom: "launches", kind: counter, read: count("launches"),
			help: "Tasks launched."},
		{name: "kills", prom: "kills", kind: counter, read: count("kills"),
			help: "Tasks that the master was asked to kill, repeats left out."},
		{name: "kills_pending", prom: "kills_pending", kind: gauge, read: func(f *facts) []sample { return one(float64(len(f.Kills))) },
			help: "Kills that Mesos has not answered yet."},
		{name: "recoveries", prom: "recoveries", kind: counter, read: count("recoveries"),
			help: "Tasks that ended and were brought back to be ready."},
		{name: "replacements", prom: "replacements", kind: counter, read: count("replacements"),
			help: "Pods launched in a new place, for whatever reason."},
		{name: "replacements.agent_gone", prom: "replacements_agent_gone", kind: counter, read: count("replacements.agent_gone"),
			help: "Pods given up because the operator of Mesos marked their agent gone."},
		{name: "task_status", prom: "status_updates", kind: counter, labels: []string{"state"}, sdk: true, read: counts("task_status"),
			help: "Status updates received, by the state that they tell."},
	}
}

func wanted(f *facts) []sample {
	values := map[string]float64{}
	for _, pod := range f.podTypes() {
		values[pod.Type] += float64(pod.Count)
	}
	return byLabel(values)
}

// pods counts the pods of each type with a task for which something holds.
func pods(holds func(*tasks.Record) bool) func(*facts) []sample {
	return func(f *facts) []sample {
		values := map[string]float64{}
		for _, pod := range f.podTypes() {
			values[pod.Type] = 0
		}
		counted := map[tasks.Pod]bool{}
		for _, record := range f.Facts.Records {
			if !counted[record.Pod] && holds(record) {
				counted[record.Pod] = true
				values[record.Pod.Type]++
			}
		}
		return byLabel(values)
	}
}

func ready(f *facts) []sample {
	n := 0
	for _, record := range f.Facts.Records {
		if record.Ready() {
			n++
		}
	}
	return one(float64(n))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func lower(s string) string { return strings.ToLower(s) }
