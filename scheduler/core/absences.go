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
// is agreed to once our pods have moved; a short one once the gate would let the node on that agent go down, for one
// agent with a node at a time.
func (f *frame) announced(e Announced) {
	for _, absence := range e.Absences {
		old, known := f.Absences[absence.AgentID]
		absence.Seen = f.Now
		absence.Agreed = f.notReady() == "" && f.agrees(absence)
		f.Absences[absence.AgentID] = absence
		if !known || old.Agreed != absence.Agreed {
			f.log(slog.LevelInfo, "absence of an agent announced", "agent", absence.AgentID, "start", absence.Start,
				"duration", absence.Duration.String(), "agreed", absence.Agreed)
		}
		f.send(AnswerInverse{OfferID: absence.OfferID, Agree: absence.Agreed, Refuse: askInverseAgain})
	}
}

func (f *frame) agrees(absence Absence) bool {
	for name, record := range f.Facts.Records {
		if record.Agent.ID != absence.AgentID {
			continue
		}
		if f.long(absence) {
			return false
		}
		if ok, _ := plans.MayStop(f.view(), name); !ok {
			return false
		}
		if record.Pod.Type == tasks.NodePod && f.agreedElsewhere(absence.AgentID) {
			return false
		}
	}
	return true
}

// agreedElsewhere says that another agent with a database node was let go already.
func (f *frame) agreedElsewhere(agentID string) bool {
	for _, record := range f.Facts.Records {
		if record.Pod.Type == tasks.NodePod && record.Agent.ID != agentID && f.Absences[record.Agent.ID].Agreed {
			return true
		}
	}
	return false
}

// long says that pods are moved for an absence; one without an end is long.
func (f *frame) long(absence Absence) bool {
	return absence.AgentID != "" && (absence.Duration == 0 || absence.Duration > f.Settings.MoveOver)
}

func (f *frame) withdrawn(e Withdrawn) {
	for agent, absence := range f.Absences {
		if absence.OfferID == e.OfferID {
			delete(f.Absences, agent)
		}
	}
}

func (f *frame) forgetAbsences() {
	for agent, absence := range f.Absences {
		if f.Now.Sub(absence.Seen) >= forgetAbsence {
			delete(f.Absences, agent)
		}
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
