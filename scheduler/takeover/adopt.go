package takeover

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Adopt turns what the former scheduler left into facts under the target, whose id is the new target's. Kept is the name under
// which the former state will be put aside. The report says what was found, also when there are faults; the facts are only meant
// for an installation without.
func Adopt(found Found, target tasks.Target, kept string, now time.Time) (core.Facts, Report, []tasks.Fault) {
	in, unread := decode(found)
	faults := slices.Concat(refuseService(found, in, target), unread)
	records := map[string]*tasks.Record{}
	var rest []stored
	for _, s := range in.tasks {
		faults = append(faults, refuseTask(s, in, target)...)
		if kindOf(s, target) != adopted {
			rest = append(rest, s)
			continue
		}
		one := record(s, target.ID, now)
		records[s.name] = &one
	}
	faults = distinct(append(faults, refuseWhole(in, records)...))
	facts := core.Facts{
		FrameworkID: in.framework, TargetID: target.ID, Targets: map[string]tasks.Target{target.ID: target}, Records: records,
		// It is a fact, whoever initialised: no node of ours may ever do it again.
		Cluster:  core.Cluster{Initialised: true},
		Deployed: in.completed || deployed(target, records),
	}
	facts.Inherited = inherited(in, records, rest, kept)
	report := reportOf(in, target, facts, rest)
	report.Refused = faults
	note(&facts, report, now)
	return facts, report, faults
}

// deployed says that everything that the target wants was ready.
func deployed(target tasks.Target, records map[string]*tasks.Record) bool {
	return len(missing(target, records)) == 0 && !slices.ContainsFunc(slices.Collect(maps.Values(records)),
		func(r *tasks.Record) bool { return !r.Reached })
}

// missing are the tasks that the target wants and that are not there.
func missing(target tasks.Target, records map[string]*tasks.Record) []string {
	var list []string
	for _, pod := range target.Pods {
		for index := range pod.Count {
			for _, spec := range pod.TasksOf(index) {
				name := tasks.Pod{Type: pod.Type, Index: index}.Task(spec.Name)
				if spec.Goal == tasks.GoalRunning && records[name] == nil {
					list = append(list, name)
				}
			}
		}
	}
	return list
}

// inherited collects the reservations that have no label of the framework, and those that belong to no record.
func inherited(in installation, records map[string]*tasks.Record, rest []stored, kept string) core.Inherited {
	out := core.Inherited{Kept: kept, Tasks: map[string]string{}}
	used, unlabelled, left := map[string]bool{}, map[string]bool{}, map[string]bool{}
	look := func(one tasks.Held) {
		if id := one.ID(); id != "" && one.Resource.Label(tasks.LabelFrameworkID) == "" {
			unlabelled[id] = true
		}
	}
	for name, record := range records {
		out.Tasks[name] = record.TaskID
		for _, one := range record.Held {
			used[one.ID()] = true
			look(one)
		}
	}
	for _, s := range rest {
		for _, one := range held(s, ports(s)) {
			look(one)
			if id := one.ID(); id != "" && !used[id] {
				left[id] = true
			}
		}
	}
	out.Unlabelled, out.Leftovers = keys(unlabelled), keys(left)
	return out
}

// note writes the takeover into the journal.
func note(facts *core.Facts, report Report, now time.Time) {
	add := func(message string, attrs ...any) {
		facts.Journal = facts.Journal.With(core.Log{Level: slog.LevelInfo, Message: message, Attrs: attrs}, now)
	}
	add("took over from the former scheduler", "framework", facts.FrameworkID, "configuration", report.Configuration, "tasks", len(facts.Records),
		"kept_as", facts.Inherited.Kept, "target", facts.TargetID)
	for _, one := range report.Tasks {
		add("adopted a task as it runs", "task", one.Task, "id", one.TaskID, "agent", one.Agent, "host", one.Host, "state", one.State, "volume", one.Volume)
	}
	for _, one := range report.Leftovers {
		add("reservations are left over, and kept until the takeover is confirmed", "task", one.Task, "agent", one.Agent, "resources", one.Resources,
			"volumes", fmt.Sprint(one.Volumes))
	}
}

func sorted(records map[string]*tasks.Record) []string { return slices.Sorted(maps.Keys(records)) }

func keys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
