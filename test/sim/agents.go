package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// fates are what happened to agents, as far as the invariants have to know. Who disturbs agents does it through the methods
// in this file.
type fates struct {
	// away is since when an agent cannot, or last could not, be reached; back is when that ended.
	away, back map[string]time.Time
	// gone are agents that never come back under their id, announced those whose absence was announced.
	gone, announced map[string]bool
	// isolated are agents whose machines nobody reaches, so that the database node there does not count either.
	isolated map[string]bool
	// returned says that an agent may have come back since one-task looked.
	returned bool
	// holds are agents on which another framework holds something, gutted those on which an operator gave back, or
	// destroyed, what we hold.
	holds, gutted map[string]bool
	added         int
}

func newFates() fates {
	return fates{away: map[string]time.Time{}, back: map[string]time.Time{}, gone: map[string]bool{}, announced: map[string]bool{}, isolated: map[string]bool{},
		holds: map[string]bool{}, gutted: map[string]bool{}}
}

// AgentDown stops an agent; what runs there goes on.
func (w *World) AgentDown(id string) error {
	err := w.With(func(m *model.Model, now time.Time) error { return m.AgentDown(now, id) })
	if err == nil {
		w.away[id] = w.Now()
	}
	return err
}

// hearing is how long after an agent's return the process may not have heard of it.
const hearing = time.Minute

// awayFor is how long an agent has been out of reach, as far as the process can know.
func (w *World) awayFor(id string) time.Duration {
	away, back := w.away[id], w.back[id]
	switch {
	case away.IsZero():
		return 0
	case back.After(away) && w.Now().Sub(back) > hearing:
		return 0
	}
	return w.Now().Sub(away)
}

// AgentReboot ends an agent with all that runs there.
func (w *World) AgentReboot(id string) error {
	err := w.With(func(m *model.Model, now time.Time) error { return m.AgentReboot(now, id) })
	if err == nil {
		w.away[id] = w.Now()
	}
	return err
}

// AgentBack starts a stopped agent.
func (w *World) AgentBack(id string) error {
	err := w.With(func(m *model.Model, now time.Time) error { return m.AgentReturn(now, id) })
	if err == nil {
		w.back[id] = w.Now()
		delete(w.isolated, id)
		w.returned = true
	}
	return err
}

// AgentLost has an agent come back under another id, with nothing that it had. It gives that id.
func (w *World) AgentLost(id string) (now string, err error) {
	err = w.With(func(m *model.Model, at time.Time) error {
		now, err = m.AgentLost(at, id)
		return err
	})
	if err == nil {
		w.gone[id], w.returned = true, true
		if w.away[id].IsZero() || w.back[id].After(w.away[id]) {
			w.away[id] = w.Now()
		}
	}
	return now, err
}

// MarkGone is the word of an operator that an agent is gone for good.
func (w *World) MarkGone(id string) error {
	w.gone[id] = true
	return w.With(func(m *model.Model, now time.Time) error { return asError(m.MarkAgentGone(now, id)) })
}

// Drain has an agent's tasks end and offers no more of it; with gone it is marked gone for good afterwards.
func (w *World) Drain(id string, most time.Duration, gone bool) error {
	w.gone[id] = w.gone[id] || gone
	return w.With(func(m *model.Model, now time.Time) error { return asError(m.DrainAgent(now, id, most, gone)) })
}

// Reactivate offers a drained agent again.
func (w *World) Reactivate(id string) error {
	return w.With(func(m *model.Model, now time.Time) error { return asError(m.ReactivateAgent(now, id)) })
}

// Maintain replaces the schedule of announced absences. Agent gives the window of one.
func (w *World) Maintain(schedule ...model.Window) error {
	for _, agent := range w.Model.State().Agents {
		for _, window := range schedule {
			if window.Hostname == agent.Spec.Hostname {
				w.announced[agent.ID] = true
			}
		}
	}
	return w.With(func(m *model.Model, now time.Time) error { return asError(m.Maintenance(now, schedule)) })
}

// Window is the announcement of an agent's absence; a duration of zero is for ever.
func (w *World) Window(id string, in, duration time.Duration) model.Window {
	for _, agent := range w.Model.State().Agents {
		if agent.ID == id {
			return model.Window{Hostname: agent.Spec.Hostname, IP: agent.Spec.IP, Start: w.Now().Add(in), Duration: duration}
		}
	}
	return model.Window{}
}

// asError is a refusal as an error.
func asError(refusal *model.Refusal) error {
	if refusal == nil {
		return nil
	}
	return refusal
}
