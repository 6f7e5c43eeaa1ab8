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

// stop ends tasks that make way for another launch, and gives places up, as far as the plans and the gate allow.
func (f *frame) stop() {
	if f.notReady() != "" {
		return
	}
	work := plans.Next(f.view(), f.Plans)
	for _, stop := range work.Stops {
		if stop.FullStop {
			f.beginFullStop()
		}
		f.stopOne(stop)
	}
	for _, task := range work.GiveUps {
		if ok, _ := plans.MayReplace(f.view(), task); ok {
			f.giveUp(*f.Facts.Records[task])
		}
	}
	f.stopAgain()
}

func (f *frame) stopOne(stop plans.Stop) {
	// A stop of this very frame may be under way: the gate is asked again.
	may := plans.MayStop
	if stop.GiveUp {
		may = plans.MayReplace
	}
	if ok, _ := may(f.view(), stop.Step.Task); !ok && !stop.FullStop {
		return
	}
	record := *f.Facts.Records[stop.Step.Task]
	level, why, by := slog.LevelInfo, "a new target", ""
	if stop.FullStop {
		why = "a full stop"
	} else if record.Asked != nil {
		why, by = string(record.Asked.Verb), record.Asked.By
		if record.Asked.Force {
			level = slog.LevelWarn
		}
	}
	f.log(level, "stopping a task", "task", record.Task, "id", record.TaskID, "for", why, "by", by,
		"forced", record.Forced(), "from_target", record.TargetID, "to_target", f.Facts.TargetID)
	record.Stopping = f.Now
	if stop.GiveUp {
		record.GivenUp = f.Now
		f.log(slog.LevelInfo, "the pod's place is given up with its volume", "task", record.Task, "agent", record.Agent.ID,
			"host", record.Agent.Hostname, "volume", record.VolumeID(), "by", by)
	}
	f.put(record)
	f.kill(record.TaskID, record.Task, record.Agent.ID)
}

// giveUp lets go of the place of a task that is down: its reservations and its volume are cleaned up from now on.
func (f *frame) giveUp(record tasks.Record) {
	by := ""
	if record.Asked != nil {
		by = record.Asked.By
	}
	f.log(slog.LevelInfo, "the pod's place is given up with its volume", "task", record.Task, "agent", record.Agent.ID,
		"host", record.Agent.Hostname, "volume", record.VolumeID(), "by", by)
	record.GivenUp = f.Now
	delete(f.Delays, record.Task)
	delete(f.Looks, record.Task)
	f.put(record)
	f.sweepAnew()
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
		withdrawn.Stopping, withdrawn.GivenUp = time.Time{}, time.Time{}
		f.put(withdrawn)
		f.log(slog.LevelWarn, "a stop is withdrawn, another node went out of service", "task", name, "id", record.TaskID)
	}
}
