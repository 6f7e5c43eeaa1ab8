package core

import (
	"log/slog"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// agentOf notes what a change of the task's state says of its agent.
func (f *frame) agentOf(record *tasks.Record) {
	switch state := record.Status.State; {
	case state.Alive():
		f.agentBack(record)
	case (state == tasks.Unreachable || state == tasks.Lost || state == tasks.Unknown) && record.Away.IsZero():
		record.Away = f.Now
	}
}

// agentBack takes back what was only meant for an agent that stays away.
func (f *frame) agentBack(record *tasks.Record) {
	record.Away = time.Time{}
	if !record.GivenUp.IsZero() && !record.Stopped() && record.Status.State.Alive() {
		// It serves again: the gate is asked anew before its volume goes.
		record.GivenUp = time.Time{}
		f.log(slog.LevelWarn, "a pod that was given up runs again, its replacement asks the gate anew", "task", record.Task,
			"agent", record.Agent.ID)
	}
	if record.Asked != nil && record.Asked.By == tasks.ByTimeout {
		f.withdraw(record)
		f.log(slog.LevelInfo, "the agent is back, the automatic replacement is withdrawn", "task", record.Task, "agent", record.Agent.ID)
	}
}

// agentWord takes what the master says of a task that has ended, which is news of its agent alone (reconciliation answers of
// Mesos 1.12: the task is unknown on a registered agent GONE, on an unreachable one UNREACHABLE, on one that was marked
// gone GONE_BY_OPERATOR, on an unknown one UNKNOWN).
func (f *frame) agentWord(record tasks.Record, e Updated) {
	switch e.Status.State {
	case tasks.GoneByOperator:
		if record.GivenUp.IsZero() {
			f.agentGone(record)
		}
	case tasks.Unreachable, tasks.Unknown, tasks.Lost:
		if record.Away.IsZero() && len(e.UUID) == 0 { // an agent that speaks for itself is there
			record.Away = f.Now
			f.put(record)
		}
	case tasks.Gone:
		if !record.Away.IsZero() {
			f.agentBack(&record)
			f.put(record)
		}
	}
}

// agentGone replaces a pod whose agent was marked gone for good by the operator of Mesos: its volume is gone with it.
func (f *frame) agentGone(record tasks.Record) {
	record.Asked = &tasks.Asked{Verb: tasks.Replace, By: tasks.ByAgentGone, At: f.Now, Force: true}
	if record.Reached {
		record.Recovering = true
	}
	f.Counters.add("replacements.agent_gone", 1)
	f.giveUp(record)
}

// agentFailed notes that an agent left the master.
func (f *frame) agentFailed(e AgentFailed) {
	if e.ExecutorID != "" {
		return
	}
	host := ""
	for _, record := range f.Facts.Records {
		if record.Agent.ID == e.AgentID {
			host = record.Agent.Hostname
		}
	}
	f.log(slog.LevelWarn, "agent failed", "agent", e.AgentID, "host", host)
	for _, record := range f.Facts.Records {
		if record.Agent.ID == e.AgentID && record.Away.IsZero() {
			away := *record
			away.Away = f.Now
			f.put(away)
		}
	}
}

// agentsOffered notes the agents that offer something: they are there.
func (f *frame) agentsOffered(list []offers.Offer) {
	for _, record := range f.Facts.Records {
		if record.Away.IsZero() || record.Status.State == tasks.Unreachable {
			continue
		}
		for i := range list {
			if list[i].Agent.ID == record.Agent.ID {
				back := *record
				f.agentBack(&back)
				f.put(back)
				break
			}
		}
	}
}
