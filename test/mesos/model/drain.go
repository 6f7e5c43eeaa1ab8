package model

import (
	"net/http"
	"time"
)

const (
	draining = "DRAINING"
	drained  = "DRAINED"
)

// executorGrace is the built-in executors' kill grace when a task names none.
const executorGrace = 3 * time.Second

func (m *Model) drainAgent(id string, maxGrace time.Duration, markGone bool) *Refusal {
	a := m.agents[id]
	if a == nil || a.conn == removed {
		return badRequest("Unknown agent")
	}
	if a.isRegistered() && a.window != nil {
		return badRequest(`Agent %s is part of a maintenance schedule under Machine {"hostname":"%s","ip":"%s"}`,
			id, a.window.Hostname, a.window.IP)
	}
	a.deactivated, a.drain, a.drainGrace, a.markGoneThen = true, draining, maxGrace, markGone
	m.rescindAll(a)
	m.dropInverse(a)
	order := func() {
		for _, e := range append([]*executor(nil), a.executors...) {
			for _, t := range e.tasks {
				m.orderKill(t, cappedGrace(t.killGrace(), maxGrace))
			}
		}
		m.checkDrained(a)
	}
	if a.conn != up {
		a.whenBack = append(a.whenBack, order)
		return nil
	}
	order()
	return nil
}

// cappedGrace is the shorter of a task's own kill grace and the drain's; negative: the executor's own.
func cappedGrace(own, most time.Duration) time.Duration {
	effective := own
	if own < 0 {
		effective = executorGrace
	}
	if most >= 0 && most < effective {
		return most
	}
	return own
}

// checkDrained ends a drain once nothing runs and nothing waits for an acknowledgement.
func (m *Model) checkDrained(a *agent) {
	if a.drain != draining || len(a.executors) > 0 || len(a.orphans) > 0 || len(a.operations) > 0 {
		return
	}
	a.drain = drained
	if a.markGoneThen {
		m.markAgentGone(a.id)
	}
}

func (m *Model) reactivateAgent(id string) *Refusal {
	a := m.agents[id]
	switch {
	case a == nil || !a.deactivated:
		return badRequest("Agent is not deactivated")
	case a.drain == draining:
		return badRequest("Agent is still in the DRAINING state")
	}
	a.deactivated, a.drain = false, ""
	if !a.isRegistered() {
		return &Refusal{Status: http.StatusConflict, Text: "Agent removed while processing the call"} // it counts all the same
	}
	m.nominate(a)
	return nil
}
