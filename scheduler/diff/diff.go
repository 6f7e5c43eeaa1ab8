package diff

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/config"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Result is what an environment would do.
type Result struct {
	// Service is the service's name, TargetID the target in force, empty when nothing is deployed.
	Service  string
	TargetID string
	// Bad are faults of the environment itself: a scheduler would not start with it.
	Bad []tasks.Fault
	// Refused are faults of the change: a scheduler would start, and keep the target in force.
	Refused []tasks.Fault
	// FullStop says that all nodes are stopped before the first of them is started again.
	FullStop bool
	// Warnings are those of the environment, one sentence each.
	Warnings []string
	// Preview holds only changes when there are faults.
	Preview tasks.Preview
}

// Compare holds an environment that was parsed against what is stored.
func Compare(parsed config.Parsed, facts core.Facts) Result {
	result := Result{Service: parsed.Settings.Service.Name, TargetID: facts.TargetID, Bad: parsed.Faults, Warnings: parsed.Warnings}
	if len(result.Bad) > 0 {
		return result
	}
	if parsed.Settings.Uninstalls() {
		result.Preview.Changes = []tasks.Change{{Setting: "SDK_UNINSTALL", New: parsed.Settings.Service.Uninstall,
			Effect: "removes the service with all its data, whatever else is set; there is no way back"}}
		return result
	}
	before, after := facts.Target(), parsed.Settings.Target()
	if facts.TargetID != "" {
		result.Refused = append(tasks.RefuseChange(before, after, older(facts)...),
			tasks.RefuseSecure(before, after, nodes(facts), parsed.Settings.Core().FullStop)...)
		result.FullStop = tasks.FullStop(after, nodes(facts))
	}
	result.Preview = tasks.Diff(before, after, launched(facts))
	if len(result.Refused) > 0 {
		result.Preview.Steps = nil
	}
	return result
}

// launched are the tasks that have a record, sorted by name.
func launched(facts core.Facts) []tasks.Launched {
	var list []tasks.Launched
	for _, name := range slices.Sorted(maps.Keys(facts.Records)) {
		record := facts.Records[name]
		list = append(list, tasks.Launched{Pod: record.Pod, Spec: record.Spec, Target: facts.Targets[record.TargetID]})
	}
	return list
}

// nodes are the targets that nodes were launched under.
func nodes(facts core.Facts) []tasks.Target {
	var list []tasks.Target
	for _, one := range launched(facts) {
		if one.Pod.Type == tasks.NodePod {
			list = append(list, one.Target)
		}
	}
	return list
}

// older are the targets that tasks still run under besides the one in force.
func older(facts core.Facts) []tasks.Target {
	var list []tasks.Target
	for _, one := range launched(facts) {
		known := slices.ContainsFunc(list, func(t tasks.Target) bool { return t.ID == one.Target.ID })
		if one.Target.ID != facts.TargetID && !known {
			list = append(list, one.Target)
		}
	}
	return list
}

// Stored reads what the environment's own service has stored, beside a running scheduler. Nothing stored gives no error
// and facts without a target. It is only meant for settings without faults.
func Stored(ctx context.Context, settings config.Settings) (core.Facts, error) {
	values, err := store.Read(ctx, settings.Mesos.Store, settings.Root())
	if err != nil {
		return core.Facts{}, fmt.Errorf("read the state: %w", err)
	}
	return core.Decode(values)
}

// ForAPI compares variables that are laid over the scheduler's own environment with the state that it has. Read gives the
// files that settings name; whoever asks names them, so it must give none but the scheduler's own.
func ForAPI(environ []string, read config.ReadFile, snapshot func() core.State, now func() time.Time) func(context.Context, map[string]string) (wire.Diff, error) {
	return func(_ context.Context, over map[string]string) (wire.Diff, error) {
		candidate := slices.Clone(environ)
		for _, name := range slices.Sorted(maps.Keys(over)) {
			if name == "" || strings.ContainsAny(name, "=\x00") {
				return wire.Diff{}, fmt.Errorf("%q is not a name of a variable", name)
			}
			// Of two lines with one name the last counts.
			candidate = append(candidate, name+"="+over[name])
		}
		return Compare(config.ParseFiles(candidate, now(), read), snapshot().Facts).Wire(), nil
	}
}

// Wire is the result as the API and --json give it.
func (r Result) Wire() wire.Diff {
	shown := wire.Diff{FullStop: r.FullStop}
	for _, fault := range slices.Concat(r.Bad, r.Refused) {
		shown.Faults = append(shown.Faults, wire.Fault{Field: fault.Field, Value: fault.Value, Message: fault.Message, Remedy: fault.Remedy})
	}
	for _, change := range r.Preview.Changes {
		shown.Changes = append(shown.Changes, wire.Change{Field: change.Setting, Old: change.Old, New: change.New})
	}
	for i, step := range r.steps() {
		one := wire.DiffStep{Pod: step.Pod.String(), Task: step.Task, Action: string(step.Action)}
		if step.Action != tasks.ActionKeep {
			one.Order = i + 1
		}
		for _, why := range step.Why {
			one.Why = append(one.Why, why.String())
		}
		shown.Steps = append(shown.Steps, one)
	}
	return shown
}

// steps are those of the rollout in its order, what is kept behind them.
func (r Result) steps() []tasks.PreviewStep {
	list := slices.Clone(r.Preview.Steps)
	slices.SortStableFunc(list, func(a, b tasks.PreviewStep) int {
		return place(a.Action) - place(b.Action)
	})
	return list
}

func place(action tasks.Action) int {
	if action == tasks.ActionKeep {
		return 1
	}
	return 0
}

// deployed are the facts of a service of which every task was launched under a target.
func deployed(target tasks.Target) core.Facts {
	target.ID = "in force"
	facts := core.Facts{TargetID: target.ID, Targets: map[string]tasks.Target{target.ID: target}, Records: map[string]*tasks.Record{}}
	for _, pod := range target.Pods {
		for index := range pod.Count {
			for _, spec := range pod.TasksOf(index) {
				if spec.Goal != tasks.GoalRunning {
					continue
				}
				at := tasks.Pod{Type: pod.Type, Index: index}
				facts.Records[at.Task(spec.Name)] = &tasks.Record{Pod: at, Spec: spec.Name, Task: at.Task(spec.Name), TargetID: target.ID}
			}
		}
	}
	return facts
}
