package core

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// policies asks for replacements that nobody asked for by hand: of pods whose agent stays away, and of pods whose agent was
// announced to go away. Both keep the old place until a new one is found. A paused pod is left alone: somebody is looking at it.
func (f *frame) policies() {
	if f.notReady() != "" {
		return
	}
	f.forgetAbsences()
	f.withdrawPolicies()
	changed := f.replaceAway()
	changed = f.replaceHoldless() || changed
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		record := f.Facts.Records[name]
		absence, announced := f.Absences[record.Agent.ID]
		if announced && f.long(absence) && record.Status.State.Alive() && record.Asked == nil && !record.Replacing() && !record.Paused && record.Job == nil && f.spares(record) {
			f.askReplace(*record, tasks.ByMaintenance)
			changed = true
		}
	}
	if changed {
		f.derive()
	}
}

// spares says that a policy may give a pod's data up at all: a database of fewer than three nodes may have no other copy.
func (f *frame) spares(record *tasks.Record) bool {
	if record.Pod.Type != tasks.NodePod {
		return true
	}
	pod, _ := f.Facts.Target().Pod(tasks.NodePod)
	return pod.Count >= 3
}

// withdrawPolicies drops wishes whose reason is gone. A pod that was stopped for a move and found no new place after all
// comes back in place.
func (f *frame) withdrawPolicies() {
	if f.Now.Sub(f.Link.Since) < forgetAbsence {
		return // the master has not had the time to announce again
	}
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		record := *f.Facts.Records[name]
		if record.Asked == nil || record.Asked.By != tasks.ByMaintenance {
			continue
		}
		absence, announced := f.Absences[record.Agent.ID]
		stranded := record.Status.State.Ended() && f.Now.Sub(record.Status.Since) > strandedFor
		if announced && f.long(absence) && !stranded {
			continue
		}
		f.withdraw(&record)
		f.put(record)
		f.log(slog.LevelInfo, "the move is withdrawn", "task", name, "agent", record.Agent.ID)
	}
}

// withdraw ends a policy's wish. What a person wanted besides, a pause or its end, is asked for again.
func (f *frame) withdraw(record *tasks.Record) {
	record.Asked = nil
	switch {
	case record.Paused && !record.Idling:
		record.Asked = &tasks.Asked{Verb: tasks.Pause, By: tasks.ByOperator, At: f.Now}
	case !record.Paused && record.Idling:
		record.Asked = &tasks.Asked{Verb: tasks.Resume, By: tasks.ByOperator, At: f.Now}
	}
}

// strandedFor is how long a pod that was stopped for a move may be without a new place.
const strandedFor = 2 * plans.Fits

// replaceAway asks for the replacement of one pod whose agent has been away for long, when the policy allows: the clock is
// the stored time, so it goes on while the scheduler is down.
func (f *frame) replaceAway() bool {
	policy := f.Settings.Replace
	if !policy.Enabled || f.Now.Sub(f.Facts.Policy.Replaced) < policy.Gap {
		return false
	}
	for _, record := range f.Facts.Records {
		if record.Asked != nil && record.Asked.By == tasks.ByTimeout && record.Pod.Type == tasks.NodePod {
			return false // one at a time
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		record := f.Facts.Records[name]
		if record.Away.IsZero() || f.Now.Sub(later(record.Away, record.Status.Since)) < policy.After || record.Status.State.Alive() ||
			record.Replacing() || record.Paused || record.Job != nil || !f.spares(record) {
			continue
		}
		if ok, _ := plans.MayReplace(f.view(), name); !ok {
			continue
		}
		f.askReplace(*record, tasks.ByTimeout)
		return true
	}
	return false
}

// holdlessWaits is how long a pod without a volume waits for its old place.
const holdlessWaits = 5 * time.Minute

// replaceHoldless asks for a new place for pods that have no data to wait for: the agent is away, or does not have the
// pod's reservations any more.
func (f *frame) replaceHoldless() bool {
	changed := false
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		record := f.Facts.Records[name]
		if record.Pod.Type == tasks.NodePod || record.VolumeID() != "" || record.Status.State.Alive() ||
			record.Replacing() || record.Paused || record.Job != nil || f.Now.Sub(record.Status.Since) < holdlessWaits || f.Now.Before(f.Delays[name].Until) {
			continue
		}
		f.askReplace(*record, tasks.ByTimeout)
		changed = true
	}
	return changed
}

// later is the later of two times: an agent is away for this task from when both are true, the agent gone and the task down.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (f *frame) askReplace(record tasks.Record, by string) {
	record.Asked = &tasks.Asked{Verb: tasks.Replace, By: by, At: f.Now}
	f.put(record)
	facts := []any{"task", record.Task, "agent", record.Agent.ID, "host", record.Agent.Hostname, "by", by}
	if !record.Away.IsZero() {
		facts = append(facts, "away_since", record.Away)
	}
	f.log(slog.LevelInfo, "a replacement is asked for", facts...)
}
