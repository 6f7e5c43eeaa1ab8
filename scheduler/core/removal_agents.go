package core

import (
	"log/slog"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// agentWordLeft takes what an update says of its agent, as agentWord does.
func (f *frame) agentWordLeft(agentID string, e Updated) {
	left := f.Facts.Removal.Left[agentID]
	if left == nil {
		return
	}
	switch state := e.Status.State; {
	case state == tasks.GoneByOperator:
		f.goneByOperator(left)
	case len(e.UUID) > 0 || state.Alive() || state == tasks.Gone:
		f.there(agentID)
	case state == tasks.Unreachable || state == tasks.Unknown || state == tasks.Lost:
		f.lost(agentID)
	}
}

// there notes that an agent can be reached.
func (f *frame) there(agentID string) {
	f.Removing.Heard[agentID] = f.Now
	if left := f.Facts.Removal.Left[agentID]; left != nil && !left.Away.IsZero() {
		f.log(slog.LevelInfo, "the agent is back", "agent", agentID, "host", left.Agent.Hostname)
		f.changeLeft(agentID, func(left *plans.Left) { left.Away = time.Time{} })
	}
}

// lost notes that the master cannot reach an agent, and says what to do when that stays so.
func (f *frame) lost(agentID string) {
	left := f.Facts.Removal.Left[agentID]
	delete(f.Removing.Heard, agentID)
	if left == nil || !left.Away.IsZero() {
		return
	}
	f.changeLeft(agentID, func(left *plans.Left) { left.Away = f.Now })
	if open := left.Open(); open > 0 {
		f.warn("an agent is lost that holds something of this service; bring it back, or leave what is there behind", "agent", agentID,
			"host", left.Agent.Hostname, "resources", open, "skip", plans.SkipCommand(left.Agent))
	}
}

// goneByOperator notes that an agent was marked gone for good, with all that was on it.
func (f *frame) goneByOperator(left *plans.Left) {
	if left.Open() == 0 && left.Ended() {
		return
	}
	f.log(slog.LevelInfo, "the agent is gone for good, and what was on it", "agent", left.Agent.ID, "host", left.Agent.Hostname)
	f.Removing.Changed = f.Now
	f.changeLeft(left.Agent.ID, func(left *plans.Left) {
		for i := range left.Tasks {
			left.Tasks[i].State = tasks.GoneByOperator
		}
		for i := range left.Resources {
			left.Resources[i].Gone = true
		}
	})
}
