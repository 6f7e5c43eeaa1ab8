package core

import (
	"log/slog"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// agentDraining is the reason of a kill by an agent that is being drained: no failure of the task.
const agentDraining = "REASON_AGENT_DRAINING"

// unknownTask kills what runs under our framework and has no record: a task that was replaced, or whose launch was
// given up. A task that has ended needs nothing.
func (f *frame) unknownTask(e Updated) {
	f.vacatedHeard(e)
	if e.Status.State.Ended() {
		f.formerEnded(e.TaskID)
	}
	if e.Status.State.Ended() || e.Status.State == tasks.Unreachable {
		// On an agent that is away there is nothing to kill: the master would answer with this very update, and so on at
		// the speed of the network. When the agent is back, its task is told as running, and killed.
		f.sweep()
		return
	}
	if _, asked := f.Kills[e.TaskID]; asked {
		return
	}
	f.log(slog.LevelWarn, "unknown task of ours, killing it", "id", e.TaskID, "agent", e.AgentID, "state", string(e.Status.State))
	f.kill(e.TaskID, "", e.AgentID)
}

// formerEnded forgets a replaced task that does not run any more.
func (f *frame) formerEnded(taskID string) {
	for _, record := range f.Facts.Records {
		at := slices.IndexFunc(record.Former, func(former tasks.Former) bool { return former.TaskID == taskID })
		if at < 0 {
			continue
		}
		changed := *record
		changed.Former = slices.Delete(slices.Clone(record.Former), at, at+1)
		f.put(changed)
		return
	}
}
