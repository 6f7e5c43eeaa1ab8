package core

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Start makes the first state of a process from what is stored and what the environment asks for, with the effects
// that make it true (a write when the target is new, and log lines).
//
// A candidate that asks for the same as the stored target changes nothing. One that may not follow it is refused: the
// old target keeps running, and the deploy plan shows the faults. Otherwise it becomes the target, and tasks that
// need no restart for it count as launched under it.
//
// With Settings.Uninstall the candidate means nothing: the stored target is what is removed. Without it a removal that has begun
// ends the process.
func Start(stored Facts, candidate tasks.Target, newID string, now time.Time, settings Settings) (State, []Effect) {
	f := &frame{State: State{Facts: stored, Settings: settings, Now: now}.next(), ids: tasks.NewIDs([16]byte{}), stored: stored}
	if f.Facts.Targets == nil {
		f.Facts.Targets = map[string]tasks.Target{}
	}
	if f.Facts.Records == nil {
		f.Facts.Records = map[string]*tasks.Record{}
	}
	f.Facts.Hands, f.Absences = fresh(f.Facts.Hands), fresh(f.Absences)
	f.Facts.Jobs, f.Progress = fresh(f.Facts.Jobs), fresh(f.Progress)
	f.Database, f.Fits = fresh(f.Database), fresh(f.Fits)
	f.Unserved, f.Denials = fresh(f.Unserved), fresh(f.Denials)
	f.Delays, f.Looks, f.Kills = fresh(f.Delays), fresh(f.Looks), fresh(f.Kills)
	switch {
	case settings.Uninstall:
		f.beginRemoval()
	case stored.Removal != nil:
		return f.State, []Effect{noWayBack(stored)}
	default:
		f.adopt(candidate, newID)
		f.refreshAPI(candidate.Service)
		f.forgetTargets()
		f.startJobs()
	}
	f.derive()
	effects := f.effects(State{Facts: stored})
	return f.State, effects
}

func (f *frame) adopt(candidate tasks.Target, newID string) {
	current, known := f.Facts.Targets[f.Facts.TargetID]
	if known && tasks.Same(current, candidate) {
		return
	}
	if known {
		f.Faults = append(tasks.RefuseChange(current, candidate, f.olderTargets()...),
			tasks.RefuseSecure(current, candidate, launchedTargets(f.Facts), f.Settings.FullStop)...)
		if len(f.Faults) > 0 {
			for _, fault := range f.Faults {
				f.log(slog.LevelError, "a setting was refused, the old configuration stays in force", "field", fault.Field, "old", fault.Old,
					"value", fault.Value, "message", fault.Message, "remedy", fault.Remedy, "target", current.ID)
			}
			return
		}
	}
	var settings []string
	for _, change := range tasks.Diff(current, candidate, nil).Changes {
		settings = append(settings, change.Setting)
	}
	f.log(slog.LevelInfo, "a new target is in force", "target", newID, "before", f.Facts.TargetID, "changed", settings)
	candidate.ID = newID
	f.turnRound(candidate.Service.Secure)
	f.Facts.Targets[newID] = candidate
	f.Facts.TargetID = newID
	// What people did to the deploy plan was meant for the target before: a new wish begins afresh.
	delete(f.Facts.Hands, plans.DeployPlan)
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		record := *f.Facts.Records[name]
		old, ok := f.Facts.Targets[record.TargetID]
		if ok && tasks.SameTask(old, candidate, record.Pod, record.Spec) {
			record.TargetID = newID
			f.put(record)
		}
	}
}

// refreshAPI tells every target where the scheduler is reached now, so that a relaunch under an older one finds it.
func (f *frame) refreshAPI(service tasks.Service) {
	for id, target := range f.Facts.Targets {
		target.Service.API, target.Service.WebURL = service.API, service.WebURL
		target.Service.APITLS, target.Service.APICA = service.APITLS, service.APICA
		target.Service.Zookeeper = service.Zookeeper
		f.Facts.Targets[id] = target
	}
}

// forgetTargets drops targets that nothing runs under any more.
func (f *frame) forgetTargets() {
	used := map[string]bool{f.Facts.TargetID: true}
	for _, record := range f.Facts.Records {
		used[record.TargetID] = true
	}
	maps.DeleteFunc(f.Facts.Targets, func(id string, _ tasks.Target) bool { return !used[id] })
}

func fresh[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}

// olderTargets are those that tasks still run under although another is in force: a rollout has not reached them yet, and
// what they may go to next is judged by what they are.
func (f *frame) olderTargets() []tasks.Target {
	var list []tasks.Target
	for _, id := range slices.Sorted(maps.Keys(f.Facts.Targets)) {
		if id != f.Facts.TargetID {
			list = append(list, f.Facts.Targets[id])
		}
	}
	return list
}

// faultLine is a fault in the SDK's form for configuration errors: with the transition where there was a value before.
func faultLine(target tasks.Target, fault tasks.Fault) string {
	if fault.Old != "" {
		return fmt.Sprintf("Field: '%s'; Transition: '%s' => '%s'; Message: '%s (target %s stays in force; %s)'; Fatal: false",
			fault.Field, fault.Old, fault.Value, fault.Message, target.ID, fault.Remedy)
	}
	return fmt.Sprintf("Field: '%s'; Value: '%s'; Message: '%s (target %s stays in force; %s)'; Fatal: false",
		fault.Field, fault.Value, fault.Message, target.ID, fault.Remedy)
}
