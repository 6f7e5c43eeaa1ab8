package core

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// confirmed notes that Mesos has shown a launch: what the pod held before, kept for the case that it had not arrived, is a
// stray from now on.
func (f *frame) confirmed(record *tasks.Record) {
	record.Confirmed = true
	if record.Before != nil {
		record.Before = nil
		f.sweepAnew()
	}
}

// backToBefore takes a move back that never arrived: the pod goes on from the place that it left.
func (f *frame) backToBefore(record tasks.Record) {
	place := record.Before
	record.Agent, record.Held, record.Ports = place.Agent, place.Held, place.Ports
	record.NodeID, record.DeadNodes = place.NodeID, place.DeadNodes
	record.Before, record.Confirmed = nil, true
	record.TaskID, record.ExecutorID = "", ""
	f.put(record)
	f.sweepAnew()
}

// checked makes a task with a readiness check one that has it, whatever the update says: without a word of the check it is not
// ready yet.
func (f *frame) checked(record tasks.Record, status *tasks.Status) {
	if status.State != tasks.Running || status.HasCheck {
		return
	}
	_, spec, _ := f.Facts.Targets[record.TargetID].Spec(record.Pod, record.Spec)
	status.HasCheck = spec.Readiness != nil || record.Idling || record.Status.HasCheck
}
