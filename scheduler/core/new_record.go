package core

import (
	"log/slog"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// newRecord is the record of a launch: where the pod goes, and what it keeps of the record before. A launch in place keeps the
// place, a new place makes what was held before a stray; wishes end with the launch, unless a replacement still waits.
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
			record.Former = former(*old, f.Facts.Targets[old.TargetID].Service.Secure)
			record.NodeID, record.DeadNodes = 0, f.deadNodes(*old)
			if old.Asked.KeepsUntilPlaced() && old.Confirmed {
				record.Before = &tasks.Place{Agent: old.Agent, Held: old.Held, Ports: old.Ports, NodeID: old.NodeID, DeadNodes: old.DeadNodes}
			}
			f.replaced(*old, record)
		}
		record.DownAt = old.DownAt
		if record.DownAt.IsZero() && old.Reached {
			record.DownAt = f.Now
		}
	}
	if _, spec, _ := target.Spec(step.Pod, step.Spec); spec.Database {
		f.asNode(&record, target)
		if target.Service.Secure && !record.Idling {
			record.Enrolment = &tasks.Enrolment{Token: f.ids.Next()}
			delete(f.Unserved, step.Task)
			f.forgive(step.Task)
		}
	}
	if plans.IsJobs(work.Plan) {
		record.Job = &tasks.JobTicket{ID: step.ID, Token: f.ids.Next()}
		record.Join = joinList(f.Facts.Records, target, record)
	}
	return record
}

// deadNodes are the numbers of a pod's nodes whose volumes are given up.
func (f *frame) deadNodes(old tasks.Record) []int {
	if old.NodeID == 0 || slices.Contains(old.DeadNodes, old.NodeID) {
		return old.DeadNodes
	}
	for _, record := range f.Facts.Records {
		if record.Task != old.Task && record.NodeID == old.NodeID {
			return old.DeadNodes // one of the two numbers is wrong, and a living node must not be taken out
		}
	}
	return append(slices.Clone(old.DeadNodes), old.NodeID)
}

// former are the tasks of a pod that may still run where it was.
func former(old tasks.Record, secure bool) []tasks.Former {
	if old.Status.State.Ended() {
		return old.Former
	}
	return append(slices.Clone(old.Former), tasks.Former{TaskID: old.TaskID, AgentID: old.Agent.ID, Secure: secure})
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
	f.sweepAnew()
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
