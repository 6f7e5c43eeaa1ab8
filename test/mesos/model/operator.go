package model

import (
	"net/http"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// operate is an operator's RESERVE, UNRESERVE, CREATE or DESTROY. Success is 202.
func (m *Model) operate(agentID string, op mesos.Offer_Operation) *Refusal {
	a := m.agents[agentID]
	if a == nil || !a.isRegistered() {
		return badRequest("No agent found with specified ID")
	}
	prefix := "Invalid " + op.Type.String() + " operation: "
	c, problem, _ := Edition{Refined: true}.convert(&op, a, "", nil)
	if problem != "" {
		return badRequest("%s", prefix+problem)
	}
	for _, o := range append([]*offer(nil), a.offers...) {
		if a.free.Contains(c.consumed) {
			break
		}
		if len(o.resources.Common(c.consumed)) > 0 { // others would not help
			m.rescind(o)
			m.refuse(o.framework, a, o.role, o.resources, m.options.RefuseFor) // master's source: Http::_operation
		}
	}
	rest, ok := a.free.Minus(c.consumed)
	if !ok {
		return &Refusal{Status: http.StatusConflict,
			Text: prefix + a.free.Text("") + " does not contain " + c.consumed.Text("")}
	}
	a.free = rest.Plus(c.produced)
	m.apply(a, c)
	m.nominate(a)
	return nil
}

func (m *Model) operatorTeardown(frameworkID string) *Refusal {
	f := m.frameworks[frameworkID]
	if f == nil {
		return badRequest("No framework found with specified ID")
	}
	m.removeFramework(f)
	return nil
}
