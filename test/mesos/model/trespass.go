package model

import (
	"fmt"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model/pile"
)

// Trespass is a framework that used, destroyed or unreserved what another owner reserved in the same role. A master allows it:
// only the labels say whose it is.
type Trespass struct {
	// FrameworkID is who did it, Owner whose it is: the label framework_id, or the principal when there is none.
	FrameworkID, Owner string
	AgentID            string
	// Operation is the Mesos name, LAUNCH_GROUP or DESTROY say; Resource is the master's text of what it was about.
	Operation, Resource string
}

// Error makes a Trespass a problem that a test can report.
func (t *Trespass) Error() string {
	return fmt.Sprintf("framework %s: %s on agent %s of what belongs to %s: %s", t.FrameworkID, t.Operation, t.AgentID, t.Owner, t.Resource)
}

// Trespasses returns all of them so far, in order.
func (m *Model) Trespasses() []Trespass { return m.trespasses }

// noteTrespass looks for what is not the framework's own among the resources of an operation.
func (m *Model) noteTrespass(x *acceptance, operation string, resources pile.Pile) {
	for _, item := range resources {
		top := dynamic(item)
		if top == nil {
			continue
		}
		owner := labelOf(top, labelFramework)
		mine := owner == x.framework.id
		if owner == "" { // somebody without labels; a reservation on top of one by an operator is as Mesos means it
			owner = "principal " + top.GetPrincipal()
			mine = top.GetPrincipal() == x.framework.info.GetPrincipal() || operation == mesos.Offer_Operation_RESERVE.String()
		}
		if !mine {
			m.trespasses = append(m.trespasses, Trespass{FrameworkID: x.framework.id, Owner: owner, AgentID: x.agent.id,
				Operation: operation, Resource: item.Text("")})
		}
	}
}
