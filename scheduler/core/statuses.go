package core

import (
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// updated folds a status update into the record of its task, and acknowledges it (the acknowledgement leaves after
// the write). Updates of tasks without a record are acknowledged too, or the agent would repeat them for ever.
func (f *frame) updated(e Updated) {
	f.Counters.add("task_status."+strings.ToLower(string(e.Status.State)), 1)
	if len(e.UUID) > 0 {
		f.send(Acknowledge{AgentID: e.AgentID, TaskID: e.TaskID, UUID: e.UUID})
	}
	defer f.answered(e.TaskID)
	f.killAnswered(e.TaskID, e.Status.State)
	record := f.recordOf(e.TaskID)
	if record == nil {
		f.unknownTask(e)
		return
	}
	if record.Status.State.Ended() && !e.Status.State.Alive() {
		// A late LOST, GONE or UNREACHABLE says nothing new of a task that has ended, only of its agent.
		f.agentWord(*record, e)
		return
	}
	f.change(*record, e)
}

// change is the change of one record.
func (f *frame) change(record tasks.Record, e Updated) {
	before, wasReady := record.Status, record.Ready()
	status := e.Status
	status.Since = f.Now
	if before.State == status.State {
		status.Since = before.Since
	}
	keepDetails(&status, before, len(e.UUID) == 0)
	f.checked(record, &status)
	if !meaningful(before, status) {
		if status.State.Alive() && !record.Away.IsZero() {
			f.agentBack(&record)
			f.put(record)
		}
		return
	}
	record.Status = status
	if len(status.IPs) > 0 {
		record.LastIPs = status.IPs
	}
	if refused := status.State == tasks.Dropped || status.State == tasks.Errored; status.State == tasks.Running || (len(e.UUID) > 0 && !refused) {
		// An update of the agent itself: the operations of the ACCEPT came before the launch, so they happened. What
		// the master says on its own account proves nothing, nor does an agent that refuses the launch: it may not know
		// the resources.
		f.confirmed(&record)
		if record.Init && !f.Facts.Cluster.Initialised {
			f.Facts.Cluster.InitOn = record.VolumeID()
		}
	}
	f.agentOf(&record)
	if before.State != status.State {
		f.log(slog.LevelInfo, "task changed", "task", record.Task, "id", record.TaskID, "from", string(before.State),
			"to", string(status.State), "reason", status.Reason, "message", status.Message)
	}
	if record.Job != nil {
		f.jobChanged(record)
		return
	}
	if wasReady && !record.Ready() {
		record.DownAt = f.Now
	}
	switch {
	case record.Ready():
		if !wasReady {
			record.ReadyAt, record.DownAt = f.Now, time.Time{}
		}
		f.ready(record)
	case status.State.Ended():
		f.ended(record)
	default:
		f.put(record)
	}
}

// ready notes that a task reached its goal.
func (f *frame) ready(record tasks.Record) {
	if record.Recovering {
		record.Recovering = false
		if !slices.Contains(f.Recovered, record.Task) {
			f.Recovered = append(f.Recovered, record.Task)
		}
	}
	record.Reached = true
	delete(f.Looks, record.Task)
	if record.Pod.Type == tasks.NodePod && !f.Facts.Cluster.Initialised {
		// A ready node belongs to an initialised cluster, whoever initialised it.
		f.Facts.Cluster.Initialised = true
		f.log(slog.LevelInfo, "cluster initialised", "by", record.Task)
	}
	f.put(record)
}

// ended notes that a task will not run again under its id. What was never confirmed may never have been made: that
// record is dropped whole, and what may be left of it is cleaned as a stray.
func (f *frame) ended(record tasks.Record) {
	stopped := record.Stopped() && record.Status.State == tasks.Killed
	switch record.Status.State {
	case tasks.Failed, tasks.Errored, tasks.Finished, tasks.Killed:
		if !stopped && record.Status.Reason != agentDraining {
			f.delay(record)
		}
	case tasks.GoneByOperator:
		f.agentGone(record)
		return
	}
	// What the last offers lacked was for another launch.
	delete(f.Looks, record.Task)
	if !record.Confirmed && record.Before != nil {
		f.backToBefore(record)
		return
	}
	if !record.Confirmed {
		f.sweepAnew()
		if !record.Recovering && !record.Paused && len(record.Former) == 0 && len(record.DeadNodes) == 0 {
			delete(f.Facts.Records, record.Task)
			return
		}
		// A replacement that never arrived: the pod holds nothing, and is placed anew.
		// Its id is forgotten: should it run after all, it is a stranger and is killed.
		record.Agent, record.Held, record.Ports, record.GivenUp = tasks.Agent{}, nil, nil, f.Now
		record.TaskID, record.ExecutorID = "", ""
		f.put(record)
		return
	}
	if record.Reached {
		if !record.Recovering {
			f.Counters.add("recoveries", 1)
		}
		record.Recovering = true
	}
	f.put(record)
}

func (f *frame) recordOf(taskID string) *tasks.Record {
	for _, record := range f.Facts.Records {
		if record.TaskID == taskID {
			return record
		}
	}
	return nil
}

// keepDetails carries over what a later update of the same task leaves out: addresses, and the check's result while
// the task goes on running (Mesos sends an empty check status with terminal updates and with reconciliation answers
// of the master).
func keepDetails(status *tasks.Status, before tasks.Status, fromMaster bool) {
	if fromMaster && status.State == before.State {
		// An answer to reconciliation says no more than the state: the executor's own words are worth keeping.
		status.Reason, status.Source, status.Message = before.Reason, before.Source, before.Message
	}
	if len(status.IPs) == 0 {
		status.IPs = before.IPs
	}
	if status.ContainerID == "" {
		status.ContainerID, status.ParentID = before.ContainerID, before.ParentID
	}
	if status.State == tasks.Running && before.State == tasks.Running && !status.HasCheck && before.HasCheck {
		status.HasCheck, status.CheckExit = before.HasCheck, before.CheckExit
	}
}

// meaningful says whether an update changes anything that is worth a write: the time alone is not.
func meaningful(before, after tasks.Status) bool {
	before.At, after.At = time.Time{}, time.Time{}
	before.Since, after.Since = time.Time{}, time.Time{}
	return !reflect.DeepEqual(before, after)
}
