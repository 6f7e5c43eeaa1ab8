package core

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// podOrder takes what a person wants of a pod. It is stored and answered at once, as the SDK does; the recovery plan carries
// it out when the gate allows, and the answer says what is waited for.
func (f *frame) podOrder(e PodOrder) {
	records := f.recordsOf(e.Pod, e.Tasks)
	if len(records) == 0 {
		f.reply(e.Request, http.StatusNotFound, fmt.Sprintf("Pod %s not found", e.Pod))
		return
	}
	if refusal := f.refusePod(e, records); refusal != "" {
		f.reply(e.Request, http.StatusConflict, refusal)
		return
	}
	var names []string
	for _, record := range records {
		names = append(names, record.Task)
		level := slog.LevelInfo
		if e.Force {
			level = slog.LevelWarn
		}
		f.log(level, "a person asks for a pod", "verb", string(e.Verb), "task", record.Task, "id", record.TaskID, "forced", e.Force)
		f.takeOrder(*record, e)
		delete(f.Delays, record.Task)
		f.notDone(record.Task)
	}
	f.derive()
	f.rest = append(f.rest, Reply{Request: e.Request, Code: http.StatusOK, Message: f.heldBack(names), Pod: e.Pod, Tasks: names})
}

// recordsOf are a pod's records, or those of the tasks that are named, short or in full; none when one of the names is wrong.
func (f *frame) recordsOf(pod string, named []string) []*tasks.Record {
	var all, chosen []*tasks.Record
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		if record := f.Facts.Records[name]; record.Pod.String() == pod {
			all = append(all, record)
		}
	}
	if len(named) == 0 {
		return all
	}
	for _, name := range named {
		at := slices.IndexFunc(all, func(r *tasks.Record) bool { return r.Task == name || r.Spec == name })
		if at < 0 {
			return nil
		}
		if !slices.Contains(chosen, all[at]) {
			chosen = append(chosen, all[at])
		}
	}
	return chosen
}

// refusePod says why an order cannot be taken, empty when it can.
func (f *frame) refusePod(e PodOrder, records []*tasks.Record) string {
	for _, record := range records {
		if record.Job != nil {
			return fmt.Sprintf("%s runs a job, which is neither restarted nor moved: wait until it has ended, or cancel it (backup cancel)", e.Pod)
		}
		if e.Verb == tasks.Restart && !record.GivenUp.IsZero() {
			return fmt.Sprintf("%s is being replaced and its old place was given up, which cannot be taken back; it is started anew as soon as it has a new place", e.Pod)
		}
		first := record.Pod.Type == tasks.NodePod && record.Pod.Index == 0
		if e.Verb == tasks.Replace && first && !f.Facts.Cluster.Initialised && f.Facts.Cluster.InitOn != "" && f.otherNodes() && !e.Force {
			return fmt.Sprintf("%s may have initialised the cluster on the volume that would go, and other nodes may have joined it; "+
				"wait until it is ready, or replace it with force=true (--force), which lets it initialise anew on an empty volume", e.Pod)
		}
	}
	return ""
}

// takeOrder stores an order in the record of a task.
func (f *frame) takeOrder(record tasks.Record, e PodOrder) {
	asked := &tasks.Asked{Verb: e.Verb, By: tasks.ByOperator, At: f.Now, Force: e.Force}
	givenUp := !record.GivenUp.IsZero()
	switch e.Verb {
	case tasks.Restart:
		record.Asked = asked
	case tasks.Replace:
		if !givenUp {
			record.Asked = asked
		}
		if record.Pod.Type == tasks.NodePod && record.Pod.Index == 0 && e.Force && !f.Facts.Cluster.Initialised {
			f.Facts.Cluster.InitOn = ""
		}
	case tasks.Pause, tasks.Resume:
		record.Paused = e.Verb == tasks.Pause
		switch {
		case record.Replacing() && !(record.Asked.KeepsUntilPlaced() && !givenUp):
			// Its next launch idles, or does not: nothing else is to be done.
		case record.Paused != record.Idling:
			record.Asked = asked
		case record.Asked != nil && (record.Asked.Verb == tasks.Pause || record.Asked.Verb == tasks.Resume):
			record.Asked = nil // the opposite order was not carried out yet
		}
	}
	f.put(record)
}

// notDone takes a forced completion of recovery back: the order is a new matter.
func (f *frame) notDone(task string) {
	hand, ok := f.Facts.Hands[plans.RecoveryPlan]
	if !ok {
		return
	}
	for _, phase := range f.Plans[1].Phases {
		for _, step := range phase.Steps {
			if step.Task == task {
				hand = hand.Clone()
				delete(hand.Done, step.ID)
				f.setHand(plans.RecoveryPlan, hand)
			}
		}
	}
}

// heldBack says what these tasks wait for when that is more than the moment until they are stopped. Recovery has an order, but
// for what the deploy plan is launching anew itself.
func (f *frame) heldBack(names []string) string {
	for _, plan := range slices.Backward(f.Plans) {
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if !slices.Contains(names, step.Task) {
					continue
				}
				switch step.Reason.Why {
				case plans.WhyGate, plans.WhyDatabase, plans.WhyMaster, plans.WhyPlan, plans.WhyAgent:
					return "noted, " + step.Reason.String()
				}
				return ""
			}
		}
	}
	return ""
}
