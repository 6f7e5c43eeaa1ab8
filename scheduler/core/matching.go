package core

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// How long offers are refused for. A filter holds only against offers that are part of what was refused, so anything
// that an agent gains is offered at once even under the long one (recorded from Mesos 1.12).
const (
	// refuseUsed is for the rest of an offer that was used.
	refuseUsed = time.Second
	// refuseNotReady is for offers that come before reconciliation is done.
	refuseNotReady = 5 * time.Second
	// refuseWanting is for offers that do not fit while something is wanted.
	refuseWanting = 30 * time.Second
	// refuseIdle is for offers that nobody wants.
	refuseIdle = time.Hour
)

// match gives the offers of one event to the work that wants them, cleans strays, and declines the rest in one call.
func (f *frame) match(list []offers.Offer) {
	if f.notReady() != "" {
		f.decline(list, refuseNotReady, "declines.short")
		return
	}
	f.agentsOffered(list)
	f.Counters.add("offers.processed", len(list))
	rest := list
	for _, work := range plans.Next(f.view(), f.Plans).Launches {
		rest = f.try(work, rest)
	}
	rest = f.clean(rest)
	refuse, counter := refuseIdle, "declines.long"
	f.derive()
	if len(plans.Next(f.view(), f.Plans).Launches) > 0 {
		refuse, counter = refuseWanting, "declines.short"
	}
	f.decline(rest, refuse, counter)
}

// try evaluates one launch against the offers that are left, and launches or keeps the refusals.
func (f *frame) try(work plans.Launch, list []offers.Offer) []offers.Offer {
	requirement, ok := f.requirement(work)
	if !ok || len(list) == 0 {
		return list
	}
	if work.Scout && !work.Fresh {
		return f.scoutAtHome(work, requirement, list)
	}
	outcome := offers.Evaluate(requirement, list, f.ids)
	if outcome.Match == nil && len(outcome.Refusals) > 0 {
		f.look(requirement, outcome.Refusals)
		return list
	}
	if outcome.Match == nil {
		// None of these offers is of the agent that the pod goes back to.
		return list
	}
	delete(f.Looks, work.Step.Task)
	if work.Scout {
		f.Fits[work.Step.Task] = f.Now
		return list
	}
	f.launch(work, *outcome.Match)
	return slices.Delete(slices.Clone(list), outcome.Index, outcome.Index+1)
}

// launch writes the record of a launch and sends it.
func (f *frame) launch(work plans.Launch, match offers.Match) {
	target := f.Facts.Targets[work.TargetID]
	record := f.newRecord(work, match)
	f.put(record)
	f.Counters.add("launches", 1)
	f.log(slog.LevelInfo, "launching", "task", record.Task, "id", record.TaskID, "agent", record.Agent.ID,
		"host", record.Agent.Hostname, "plan", work.Plan, "step", work.Step.Name, "target", work.TargetID)
	f.countOperations(match)
	f.send(Accept{
		OfferIDs: match.OfferIDs, Destroy: match.Destroy, Unreserve: match.Unreserve, Reserve: match.Reserve,
		Create: match.Create, Refuse: refuseUsed, Refined: f.Link.Refined,
		Launch: &launch.Launch{FrameworkID: f.Facts.FrameworkID, Target: target, Record: record, Refined: f.Link.Refined},
	})
}

func (f *frame) newRecord(work plans.Launch, match offers.Match) tasks.Record {
	target := f.Facts.Targets[work.TargetID]
	step := work.Step
	record := tasks.Record{
		Schema: tasks.RecordSchema, Pod: step.Pod, Spec: step.Spec, Task: step.Task,
		TaskID:     tasks.TaskID(target.Service.Name, step.Task, f.ids.Next()),
		ExecutorID: tasks.ExecutorID(target.Service.Name, step.Pod.Type, f.ids.Next()),
		TargetID:   work.TargetID, Agent: match.Agent, Held: match.Held, Ports: match.Ports, Launched: f.Now,
		Status: tasks.Status{State: tasks.Staging, At: f.Now, Since: f.Now},
	}
	if old := f.Facts.Records[step.Task]; old != nil {
		record.Paused, record.Idling = old.Paused, old.Paused
		if old.Agent.ID == record.Agent.ID {
			record.LastIPs = old.LastIPs
		}
		record.Confirmed = old.Confirmed && !work.Fresh
		if work.Plan == plans.RecoveryPlan {
			record.Reached, record.Recovering = old.Reached && old.TargetID == work.TargetID, old.Recovering || old.Reached
		}
		record.Former, record.NodeID, record.DeadNodes = old.Former, old.NodeID, old.DeadNodes
		if !work.Fresh && old.Replacing() {
			record.Asked = old.Asked // it comes back in place, and is replaced when the gate opens
		}
		if work.Fresh {
			record.Former = former(*old)
			record.NodeID, record.DeadNodes = 0, deadNodes(*old)
			f.replaced(*old, record)
		}
	}
	if _, spec, _ := target.Spec(step.Pod, step.Spec); spec.Database {
		f.asNode(&record, target)
	}
	return record
}

// deadNodes are the numbers of a pod's nodes whose volumes are given up.
func deadNodes(old tasks.Record) []int {
	if old.NodeID == 0 || slices.Contains(old.DeadNodes, old.NodeID) {
		return old.DeadNodes
	}
	return append(slices.Clone(old.DeadNodes), old.NodeID)
}

// former are the tasks of a pod that may still run where it was.
func former(old tasks.Record) []tasks.Former {
	if old.Status.State.Ended() {
		return old.Former
	}
	return append(slices.Clone(old.Former), tasks.Former{TaskID: old.TaskID, AgentID: old.Agent.ID})
}

// replaced notes that a pod found a new place. What it held is a stray from now on.
func (f *frame) replaced(old, record tasks.Record) {
	by := tasks.ByOperator
	if old.Asked != nil {
		by = old.Asked.By
	}
	if by == tasks.ByTimeout && record.Pod.Type == tasks.NodePod {
		f.Facts.Policy.Replaced = f.Now
	}
	f.Counters.add("replacements", 1)
	f.sweep()
	f.log(slog.LevelInfo, "the pod gets a new place", "task", record.Task, "from_agent", old.Agent.ID, "from_host", old.Agent.Hostname,
		"to_agent", record.Agent.ID, "to_host", record.Agent.Hostname, "old_volume", old.VolumeID(), "volume", record.VolumeID(), "by", by)
}

// asNode adds what a database node is started with. Only node 0, and only while nothing says that the cluster exists,
// may initialise (design section 5).
func (f *frame) asNode(record *tasks.Record, target tasks.Target) {
	record.Init = record.Pod.Index == 0 && !f.Facts.Cluster.Initialised && f.mayInitOn(record.VolumeID())
	record.ClusterID = f.Facts.Cluster.ID
	record.Join = joinList(f.Facts.Records, target, *record)
}

// mayInitOn says whether node 0 may initialise on this volume. Where it ran with that right on another one before, the other
// nodes may have joined what it made there.
func (f *frame) mayInitOn(volume string) bool {
	if before := f.Facts.Cluster.InitOn; before == "" || before == volume {
		return true
	}
	return !f.otherNodes()
}

// otherNodes says that a node beside node 0 was launched.
func (f *frame) otherNodes() bool {
	for _, record := range f.Facts.Records {
		if record.Pod.Type == tasks.NodePod && record.Pod.Index > 0 {
			return true
		}
	}
	return false
}

// look keeps the newest refusal of each agent.
func (f *frame) look(req tasks.Requirement, refusals []offers.Refusal) {
	since := f.Looks[req.Task].Since
	if since.IsZero() {
		since = f.Now
	}
	latest := maps.Clone(f.Looks[req.Task].Latest)
	if latest == nil {
		latest = make(map[string]Refused, len(refusals))
	}
	for _, refusal := range refusals {
		latest[refusal.AgentID] = Refused{Refusal: refusal, At: f.Now}
		for i, cause := range refusal.Causes {
			if !slices.ContainsFunc(refusal.Causes[:i], func(earlier offers.Cause) bool { return earlier.Kind == cause.Kind }) {
				f.Counters.add("refused."+string(cause.Kind), 1)
			}
		}
	}
	maps.DeleteFunc(latest, func(_ string, refused Refused) bool { return f.Now.Sub(refused.At) > forgetRefusal })
	all := make([]offers.Refusal, 0, len(latest))
	for _, refused := range latest {
		all = append(all, refused.Refusal)
	}
	f.Looks[req.Task] = Look{Since: since, At: f.Now, Latest: latest, Explanation: offers.Explain(req, all)}
}

// forgetRefusal is how long a refusal counts. Refused offers come again much sooner.
const forgetRefusal = 5 * time.Minute

// clean destroys and unreserves what carries our labels and belongs to no record.
func (f *frame) clean(list []offers.Offer) []offers.Offer {
	known := map[string]bool{}
	for _, record := range f.Facts.Records {
		if !record.GivenUp.IsZero() && record.Status.State.Ended() {
			continue
		}
		for _, held := range record.Held {
			known[held.ID()] = true
		}
	}
	cleaned := map[string]bool{}
	for _, stray := range offers.Strays(list, known, f.Facts.FrameworkID, f.Facts.Target().Service.Role) {
		f.log(slog.LevelInfo, "cleaning stray reservations", "agent", stray.Agent.ID, "host", stray.Agent.Hostname,
			"volumes", len(stray.Destroy), "resources", len(stray.Unreserve))
		f.Counters.add("operation.destroy", len(stray.Destroy))
		f.Counters.add("operation.unreserve", len(stray.Unreserve))
		f.send(Accept{OfferIDs: stray.OfferIDs, Destroy: stray.Destroy, Unreserve: stray.Unreserve,
			Refuse: refuseUsed, Refined: f.Link.Refined})
		cleaned[stray.Agent.ID] = true
	}
	if len(cleaned) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(offer offers.Offer) bool { return cleaned[offer.Agent.ID] })
}

// decline gives all these offers back in one call.
func (f *frame) decline(list []offers.Offer, refuse time.Duration, counter string) {
	if len(list) == 0 {
		return
	}
	ids := make([]string, 0, len(list))
	for _, offer := range list {
		ids = append(ids, offer.IDs...)
	}
	f.Counters.add(counter, len(ids))
	f.send(Decline{OfferIDs: ids, Refuse: refuse})
}

func (f *frame) countOperations(match offers.Match) {
	f.Counters.add("operation.destroy", len(match.Destroy))
	f.Counters.add("operation.unreserve", len(match.Unreserve))
	f.Counters.add("operation.reserve", len(match.Reserve))
	f.Counters.add("operation.create", len(match.Create))
	f.Counters.add("operation.launch_group", 1)
}
