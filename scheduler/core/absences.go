package core

import (
	"log/slog"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// askInverseAgain is for how long an answer to an inverse offer holds; then the master asks again, and so tells that the
// announcement still stands.
const askInverseAgain = 30 * time.Second

// forgetAbsence is how long an announcement counts that is not repeated: Mesos tells nobody that a schedule was taken back.
const forgetAbsence = 4 * askInverseAgain

// announced takes in that agents will be away, and agrees when that takes nothing down that must not go down. A long absence
// is agreed to once our pods have moved; a short one when the gate would let the node on that agent go down, and no other
// node goes down in the same window. What was agreed to is stored before the answer leaves, and counts at the gate.
func (f *frame) announced(e Announced) {
	for _, absence := range e.Absences {
		old, known := f.Absences[absence.AgentID]
		absence.Seen = f.Now
		absence.Agreed = f.notReady() == "" && f.agrees(absence)
		f.Absences[absence.AgentID] = absence
		f.leaves(absence)
		if !known || old.Agreed != absence.Agreed {
			f.log(slog.LevelInfo, "absence of an agent announced", "agent", absence.AgentID, "start", absence.Start,
				"duration", absence.Duration.String(), "agreed", absence.Agreed)
		}
		f.send(AnswerInverse{OfferID: absence.OfferID, Agree: absence.Agreed, Refuse: askInverseAgain})
	}
}

func (f *frame) agrees(absence Absence) bool {
	for name, record := range f.Facts.Records {
		switch {
		case record.Agent.ID != absence.AgentID:
			continue
		case record.Leaves != nil && *record.Leaves == absence.window():
			continue // it was agreed to before
		case f.long(absence):
			return false
		}
		if ok, _ := plans.MayStop(f.view(), name); !ok {
			return false
		}
		if record.Pod.Type == tasks.NodePod && f.overlaps(absence) {
			return false
		}
	}
	return true
}

// window is when the agent is away.
func (a Absence) window() tasks.Window {
	return tasks.Window{From: a.Start, Until: a.Start.Add(a.Duration)}
}

// overlaps says that another agent with a database node was let go for a time that has a moment in common with this one.
func (f *frame) overlaps(absence Absence) bool {
	for _, record := range f.Facts.Records {
		if record.Pod.Type == tasks.NodePod && record.Agent.ID != absence.AgentID && record.Leaves != nil &&
			f.Now.Before(record.Leaves.Until) && record.Leaves.Overlaps(absence.window()) {
			return true
		}
	}
	return false
}

// leaves notes in the records on an agent that its absence was agreed to, or is not agreed to any more.
func (f *frame) leaves(absence Absence) {
	for _, record := range f.Facts.Records {
		if record.Agent.ID != absence.AgentID {
			continue
		}
		var window *tasks.Window
		if absence.Agreed {
			w := absence.window()
			window = &w
		}
		if (window == nil) == (record.Leaves == nil) && (window == nil || *window == *record.Leaves) {
			continue
		}
		changed := *record
		changed.Leaves = window
		f.put(changed)
	}
}

// long says that pods are moved for an absence; one without an end is long.
func (f *frame) long(absence Absence) bool {
	return absence.AgentID != "" && (absence.Duration == 0 || absence.Duration > f.Settings.MoveOver)
}

func (f *frame) withdrawn(e Withdrawn) {
	for agent, absence := range f.Absences {
		if absence.OfferID == e.OfferID {
			f.forgetAbsence(agent)
		}
	}
}

func (f *frame) forgetAbsences() {
	for agent, absence := range f.Absences {
		if f.Now.Sub(absence.Seen) >= forgetAbsence {
			f.forgetAbsence(agent)
		}
	}
	// A process that did not hear the announcement still finds what was agreed to.
	for _, record := range f.Facts.Records {
		if record.Leaves != nil && !f.Now.Before(record.Leaves.Until) {
			changed := *record
			changed.Leaves = nil
			f.put(changed)
		}
	}
}

// forgetAbsence drops an announcement that was taken back. In the middle of its window the agent is just away, and tells nothing.
func (f *frame) forgetAbsence(agent string) {
	absence := f.Absences[agent]
	delete(f.Absences, agent)
	if window := absence.window(); !window.Covers(f.Now) {
		absence.Agreed = false
		f.leaves(absence)
	}
}

// leaving are the agents on which nothing new is placed.
func (f *frame) leaving() map[string]bool {
	if len(f.Absences) == 0 {
		return nil
	}
	agents := map[string]bool{}
	for agent, absence := range f.Absences {
		if f.long(absence) {
			agents[agent] = true
		}
	}
	return agents
}
