package sim

import (
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Script sets how tasks that are launched from now on behave. A paused one is never ready, whatever the script says: its
// check is made to fail.
func (w *World) Script(s virtual.Script) {
	w.ScriptFor(func(mesos.TaskInfo) bool { return true }, s)
}

// ScriptFor sets it for the tasks that matches holds for.
func (w *World) ScriptFor(matches func(mesos.TaskInfo) bool, s virtual.Script) {
	w.Cluster.ScriptFor(func(info mesos.TaskInfo) bool { return !idles(info) && matches(info) }, s)
	if s.Checks == nil {
		w.Cluster.ScriptFor(func(info mesos.TaskInfo) bool { return !idles(info) && secures(info) && matches(info) }, unserving(s))
	}
}

// idles says that a task was launched paused.
func idles(info mesos.TaskInfo) bool {
	return info.Check.GetCommand().GetCommand().Value != nil && *info.Check.GetCommand().GetCommand().Value == "exit 1"
}

// asIdle is how paused tasks behave.
var asIdle = virtual.Script{Checks: []virtual.CheckResult{{After: 1, ExitCode: 1}}}

// mendTasks has the checks of tasks that are not ready pass again, but for those of paused ones.
func (w *World) mendTasks() {
	for _, id := range w.Running() {
		if record := w.recordOf(id); record != nil && record.Ready() || w.bare(id) {
			continue
		}
		if info, known := w.Info(id); known && !idles(info) {
			_ = w.Check(id, 0)
		}
	}
}
