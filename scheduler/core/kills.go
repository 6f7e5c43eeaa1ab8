package core

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// killAgain is how long a kill waits for its answer before it is sent again (SDK: 5 s). Mesos does not store kills,
// so one that the agent never saw must be repeated.
const killAgain = 5 * time.Second

// kill asks for the end of a task, now and again until Mesos says that it ended.
func (f *frame) kill(taskID, task, agentID string) {
	f.Kills[taskID] = KillTry{Task: task, AgentID: agentID, First: f.Now, Last: f.Now}
	f.Counters.add("kills", 1)
	f.send(Kill{TaskID: taskID, AgentID: agentID})
}

// killAnswered forgets a kill whose task has ended or cannot be reached.
func (f *frame) killAnswered(taskID string, state tasks.State) {
	if state.Ended() || state == tasks.Unreachable {
		delete(f.Kills, taskID)
	}
}

func (f *frame) repeatKills() {
	if !f.Link.Connected {
		return
	}
	for _, taskID := range slices.Sorted(maps.Keys(f.Kills)) {
		try := f.Kills[taskID]
		if f.Now.Sub(try.Last) < killAgain {
			continue
		}
		try.Last = f.Now
		f.Kills[taskID] = try
		f.send(Kill{TaskID: taskID, AgentID: try.AgentID})
	}
}

// stop ends tasks that run under an older target, as far as the plans and the gate allow.
func (f *frame) stop() {
	if f.notReady() != "" {
		return
	}
	for _, stop := range plans.Next(f.view(), f.Plans).Stops {
		if ok, _ := plans.MayStop(f.view(), stop.Step.Task); !ok {
			continue // a stop of this very frame is under way
		}
		record := f.Facts.Records[stop.Step.Task]
		f.log(slog.LevelInfo, "stopping a task for a new target", "task", record.Task, "id", record.TaskID,
			"from", record.TargetID, "to", f.Facts.TargetID)
		stopping := *record
		stopping.Stopping = f.Now
		f.put(stopping)
		f.kill(record.TaskID, record.Task, record.Agent.ID)
	}
	f.stopAgain()
}

// stopAgain sends the kills that an earlier process stored and may not have sent. Where another node went out of service
// meanwhile the stop is withdrawn, and the plan asks the gate anew; should the kill have left after all, the node just
// ends and recovery brings it back.
func (f *frame) stopAgain() {
	for _, name := range slices.Sorted(maps.Keys(f.Facts.Records)) {
		record := f.Facts.Records[name]
		if _, asked := f.Kills[record.TaskID]; asked || !record.Stopped() || !record.Status.State.Alive() {
			continue
		}
		if plans.MayGoOn(f.view(), name) {
			f.kill(record.TaskID, name, record.Agent.ID)
			continue
		}
		withdrawn := *record
		withdrawn.Stopping = time.Time{}
		f.put(withdrawn)
		f.log(slog.LevelWarn, "a stop is withdrawn, another node went out of service", "task", name, "id", record.TaskID)
	}
}
