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

// Removing is what this process remembers of the removal of the service; what must outlive it is Facts.Removal.
type Removing struct {
	// Done says that the framework is removed and the store is empty: there is nothing to do any more, for ever.
	Done bool
	// Heard is when an agent was last heard of on this subscription, Freed when the last of its tasks ended.
	Heard map[string]time.Time
	Freed map[string]time.Time
	// Changed is when something was last found, given back, or gone.
	Changed time.Time
	// Ask is when tasks and agents are asked for next.
	Ask time.Time
	// Sent is when TEARDOWN last left on this subscription, zero before. Cut counts subscriptions that ended behind one.
	Sent time.Time
	Cut  int
}

func (r Removing) clone() Removing {
	r.Heard, r.Freed = fresh(maps.Clone(r.Heard)), fresh(maps.Clone(r.Freed))
	return r
}

// exitUninstalling is the SDK's code for a service that is being removed and was started as if it were not.
const exitUninstalling = 11

// noWayBack ends a process that would run a service whose removal has begun.
func noWayBack(facts Facts) Exit {
	return Exit{Code: exitUninstalling, Message: fmt.Sprintf("the removal of this service began at %s, and SDK_UNINSTALL is not set",
		facts.Removal.Since.UTC().Format("2006-01-02 15:04:05 UTC")),
		Remedy: "set SDK_UNINSTALL=true so that the removal is finished, its tasks and data are going already; " +
			"then start without it to install the service anew, or choose another FRAMEWORK_NAME for a new one beside it"}
}

// beginRemoval makes the first state of a process that removes the service. What records hold becomes an inventory by
// agent, and the records are dropped: nothing is launched, replaced or brought back any more, whatever was asked for.
func (f *frame) beginRemoval() {
	f.Removing = f.Removing.clone()
	if f.Facts.FrameworkID == "" {
		// It was never registered, or is not any more: there is nothing at Mesos.
		f.finishRemoval()
		return
	}
	if f.Facts.Removal == nil {
		f.Facts.Removal = &plans.Removal{Since: f.Now, Left: map[string]*plans.Left{}}
		f.Facts.Hands = map[string]plans.Hand{}
		f.log(slog.LevelWarn, "the service is being removed, with all its data", "framework", f.Facts.FrameworkID, "tasks", len(f.Facts.Records))
	}
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		f.leave(f.Facts.Records[name])
	}
	f.leaveVacated()
	f.Facts.Records = map[string]*tasks.Record{}
	f.forgetTargets()
	f.endJobs()
}

// endJobs ends the jobs that are under way: their tasks are killed with all others. What was made of earlier ones can be read
// until the store is emptied.
func (f *frame) endJobs() {
	for _, id := range slices.Sorted(maps.Keys(f.Facts.Jobs)) {
		job := f.Facts.Jobs[id]
		switch {
		case job.State.Ended():
		case !job.Cancelling.IsZero():
			f.endJob(job, tasks.JobEnd{State: tasks.JobCancelled})
		default:
			f.endJob(job, tasks.JobEnd{State: tasks.JobFailed, Problem: "the service is being uninstalled"})
		}
	}
}

// leave puts what a record has into the inventory.
func (f *frame) leave(record *tasks.Record) {
	if record.Agent.ID != "" {
		if record.TaskID != "" && !record.Status.State.Ended() {
			f.leaveTask(record.Agent, record.TaskID, record.Status.State)
		}
		f.leaveResources(record.Agent, record.Held)
		if away := record.Away; !away.IsZero() {
			f.changeLeft(record.Agent.ID, func(left *plans.Left) { left.Away = away })
		}
	}
	if record.Before != nil {
		f.leaveResources(record.Before.Agent, record.Before.Held)
	}
	for _, former := range record.Former {
		// What the pod held there was given up while the agent was away, and nobody knows any more what it was.
		f.leaveTask(tasks.Agent{ID: former.AgentID}, former.TaskID, tasks.Unreachable)
		f.leaveUnknown(former.AgentID)
	}
}

func (f *frame) leaveResources(agent tasks.Agent, held []tasks.Held) {
	for _, one := range held {
		if one.ID() != "" {
			f.found(agent, one.Resource)
		}
	}
}

// leftOn is a copy of what is left on an agent, a new one when nothing was known of it.
func (f *frame) leftOn(agent tasks.Agent) *plans.Left {
	left := &plans.Left{Agent: agent}
	if old := f.Facts.Removal.Left[agent.ID]; old != nil {
		*left = *old
		left.Tasks, left.Resources = slices.Clone(old.Tasks), slices.Clone(old.Resources)
		if left.Agent.Hostname == "" {
			left.Agent = agent
		}
	}
	return left
}

// changeLeft changes what is left on an agent that is known; others are none of our business.
func (f *frame) changeLeft(agentID string, do func(left *plans.Left)) {
	if f.Facts.Removal.Left[agentID] == nil {
		return
	}
	left := f.leftOn(tasks.Agent{ID: agentID})
	do(left)
	f.keepLeft(left)
}

func (f *frame) keepLeft(left *plans.Left) {
	f.puts++
	f.Facts.Removal.Left[left.Agent.ID] = left
}

// leaveUnknown has a removal wait until an agent has shown what it holds.
func (f *frame) leaveUnknown(agentID string) {
	f.changeLeft(agentID, func(left *plans.Left) {
		unknown := plans.LeftResource{ID: "unknown-on-" + agentID, Kind: "rest of a place that was given up"}
		if !slices.ContainsFunc(left.Resources, func(one plans.LeftResource) bool { return one.ID == unknown.ID }) {
			left.Resources = append(left.Resources, unknown)
		}
	})
}

func (f *frame) leaveTask(agent tasks.Agent, id string, state tasks.State) {
	left := f.leftOn(agent)
	if slices.ContainsFunc(left.Tasks, func(task plans.LeftTask) bool { return task.ID == id }) {
		return
	}
	left.Tasks = append(left.Tasks, plans.LeftTask{ID: id, State: state})
	f.keepLeft(left)
}

// found notes a reservation of ours on an agent.
func (f *frame) found(agent tasks.Agent, resource tasks.Resource) {
	id := resource.Label(tasks.LabelResourceID)
	left := f.leftOn(agent)
	if slices.ContainsFunc(left.Resources, func(known plans.LeftResource) bool { return known.ID == id }) {
		return
	}
	left.Resources = append(left.Resources, plans.LeftResource{ID: id, Kind: resource.Kind, Volume: resource.PersistenceID()})
	f.keepLeft(left)
}
