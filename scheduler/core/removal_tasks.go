package core

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// askEvery is the time between two rounds of questions for the tasks and agents that are not done with. The answers tell
// what no event does: an agent that is back, or gone for good, while offers are shut.
const askEvery = 30 * time.Second

// killLeft tells every task that it has to end. Which of them are the database does not matter any more.
func (f *frame) killLeft() {
	if !f.Link.Connected {
		return
	}
	for _, agentID := range slices.Sorted(maps.Keys(f.Facts.Removal.Left)) {
		for _, task := range f.Facts.Removal.Left[agentID].Tasks {
			if _, asked := f.Kills[task.ID]; !asked && task.State.Alive() {
				f.kill(task.ID, tasks.TaskOf(task.ID), agentID)
			}
		}
	}
}

// askLeft asks for tasks that have not ended, and, where all have, after the agents that still hold something: the master's
// answer for a task that it does not know tells of the agent.
func (f *frame) askLeft() {
	if !f.Link.Connected || f.Now.Before(f.Removing.Ask) {
		return
	}
	f.Removing.Ask = f.Now.Add(askEvery)
	call := Reconcile{}
	for _, agentID := range slices.Sorted(maps.Keys(f.Facts.Removal.Left)) {
		left := f.Facts.Removal.Left[agentID]
		for _, task := range left.Tasks {
			if !task.State.Ended() {
				call.Tasks = append(call.Tasks, TaskOnAgent{TaskID: task.ID, AgentID: agentID})
			}
		}
		if left.Ended() && left.Open() > 0 {
			call.Tasks = append(call.Tasks, TaskOnAgent{TaskID: probe(left), AgentID: agentID})
		}
	}
	if len(call.Tasks) > 0 {
		f.send(call)
	}
}

// probe is a task id to ask after an agent with: one that ended there, or one that never was.
func probe(left *plans.Left) string {
	if len(left.Tasks) > 0 {
		return left.Tasks[0].ID
	}
	return "uninstall-" + left.Agent.ID
}

// leftUpdated takes a status update. It is acknowledged behind the write, as any.
func (f *frame) leftUpdated(e Updated) {
	f.Counters.add("task_status."+strings.ToLower(string(e.Status.State)), 1)
	if len(e.UUID) > 0 {
		f.send(Acknowledge{AgentID: e.AgentID, TaskID: e.TaskID, UUID: e.UUID})
	}
	f.killAnswered(e.TaskID, e.Status.State)
	agentID, before := f.leftTask(e)
	switch {
	case agentID == "" && e.Status.State.Alive() && e.AgentID != "":
		f.warn("unknown task of ours, killing it", "id", e.TaskID, "agent", e.AgentID, "state", string(e.Status.State))
		f.leaveTask(tasks.Agent{ID: e.AgentID}, e.TaskID, e.Status.State)
		agentID = e.AgentID
	case agentID == "":
		agentID = e.AgentID
	case before.Ended() && !e.Status.State.Alive():
		// Of a task that has ended it is only the agent's news.
	case before != e.Status.State:
		f.taskLeft(agentID, e.TaskID, e.Status)
	}
	f.agentWordLeft(agentID, e)
}

// leftTask finds a task of the inventory.
func (f *frame) leftTask(e Updated) (agentID string, state tasks.State) {
	look := func(id string) bool {
		left := f.Facts.Removal.Left[id]
		if left == nil {
			return false
		}
		at := slices.IndexFunc(left.Tasks, func(task plans.LeftTask) bool { return task.ID == e.TaskID })
		if at < 0 {
			return false
		}
		agentID, state = id, left.Tasks[at].State
		return true
	}
	if look(e.AgentID) {
		return agentID, state
	}
	for id := range f.Facts.Removal.Left {
		if look(id) {
			return agentID, state
		}
	}
	return "", ""
}

// taskLeft notes a task's new state.
func (f *frame) taskLeft(agentID, taskID string, status tasks.Status) {
	f.changeLeft(agentID, func(left *plans.Left) {
		for i := range left.Tasks {
			if left.Tasks[i].ID == taskID {
				f.log(slog.LevelInfo, "task changed", "id", taskID, "from", string(left.Tasks[i].State), "to", string(status.State),
					"reason", status.Reason, "message", status.Message)
				left.Tasks[i].State = status.State
			}
		}
	})
	if status.State.Ended() {
		f.Removing.Freed[agentID], f.Removing.Changed = f.Now, f.Now
	}
}

func (f *frame) warn(message string, attrs ...any) { f.log(slog.LevelWarn, message, attrs...) }
