package plans

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// grows says that a task needs more of its agent under the target in force than it holds there: then it is worth to know
// that there is room before it is stopped.
func grows(view View, record *tasks.Record) bool {
	pod, spec, ok := view.Target.Spec(record.Pod, record.Spec)
	if !ok {
		return false
	}
	for _, want := range []struct {
		holder tasks.Holder
		need   tasks.Need
	}{{tasks.ForExecutor, pod.Overhead}, {tasks.ForTask, spec.Need}} {
		if want.need.CPUs > holds(record, want.holder, tasks.CPUs) || want.need.Mem > holds(record, want.holder, tasks.Mem) ||
			want.need.Disk > holds(record, want.holder, tasks.Disk) {
			return true
		}
	}
	for _, port := range spec.Ports {
		if port.Port != 0 && pod.Network == "" && record.Ports[port.Name] != port.Port {
			return true
		}
	}
	return false
}

// holds is how much of a kind of resource a record has reserved, its volume left out.
func holds(record *tasks.Record, holder tasks.Holder, kind string) tasks.Milli {
	var sum tasks.Milli
	for _, held := range record.Held {
		if held.For == holder && held.Resource.Kind == kind && held.Resource.PersistenceID() == "" {
			sum += held.Resource.Scalar
		}
	}
	return sum
}

// noRoom says that a healthy task is not stopped for a bigger launch before its agent has offered the room for it.
func noRoom(view View, record *tasks.Record) bool {
	return record.Ready() && !record.Forced() && record.TargetID != view.Target.ID && grows(view, record) && !fit(view, record.Task, false)
}
