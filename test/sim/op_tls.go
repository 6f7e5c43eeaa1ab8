package sim

import (
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// ofTLS are what people ask for of certificates, and what an intruder does: it is no fault that comes by itself. Histories have
// either all of them, or none.
var ofTLS = map[string]operation{
	"rotate":           {weight: 2, wish: true, do: rotate},
	"rotate-authority": {weight: 3, wish: true, do: rotateAuthority},
	"rotate-proceed":   {weight: 4, wish: true, do: rotateProceed},
	"rotate-plan":      {weight: 2, wish: true, do: rotatePlan},
	"intrude":          {weight: 1, wish: true, do: intrude},
}

// rotate has every node get a new certificate.
func rotate(l *Life, _ Op) (bool, error) {
	_, answered, err := l.ask("rotate", core.RotationOrder{})
	return answered, err
}

// rotateAuthority has another authority take over.
func rotateAuthority(l *Life, op Op) (bool, error) {
	next := l.newAuthority()
	_, answered, err := l.ask("rotate authority", core.RotationOrder{Next: &next, Unattended: op.Arg%2 == 0})
	return answered, err
}

// rotateProceed is somebody's word that a change of authority may go on, mostly when it waits for that. Where none is under way one is
// asked for.
func rotateProceed(l *Life, op Op) (bool, error) {
	if op.Arg%4 > 0 && l.state.Facts.Target().Service.Secure {
		if l.state.Facts.Security.Change == nil {
			if _, err := rotateAuthority(l, Op{Arg: 1}); err != nil {
				return false, err
			}
		}
		waits := func() bool { return slices.ContainsFunc(l.state.Plans, awaitsWord) }
		if _, err := l.Run(waits, 2*time.Minute); err != nil {
			return false, err
		}
	}
	_, answered, err := l.ask("proceed", core.RotationOrder{Proceed: true, Unattended: op.Arg%6 == 0})
	return answered, err
}

// rotatePlan does something to the plan of certificates, mostly one of the verbs that mean something there.
func rotatePlan(l *Life, op Op) (bool, error) {
	for i, plan := range l.state.Plans {
		if plan.Name == plans.RotatePlan {
			if op.Which%4 > 0 {
				op.Arg %= 2 // interrupt, continue
			}
			return l.orderPlan(pick(l.state.Plans[i:i+1], op), op)
		}
	}
	return false, nil
}

// intrude uses a node's token with another key, before the node does, or later.
func intrude(l *Life, op Op) (bool, error) {
	names := l.names()
	for n := range names {
		record := l.records[names[(op.Which+n)%len(names)]]
		if record.Enrolment == nil || op.Force && record.Enrolment.Key != "" {
			continue
		}
		security := l.state.Facts.Security
		_, answered, err := l.ask("intrude", core.CertificateSigned{TaskID: record.TaskID, Token: record.Enrolment.Token,
			Certificate: tasks.Certificate{Serial: l.tls.name("s"), Issuer: security.Issuer, Trust: security.Trust, Key: l.tls.name("stolen "),
				NotAfter: l.Now().Add(l.tls.lifetime)}})
		return answered, err
	}
	return false, nil
}

// lastCertificates are what a person does in the end about certificates: a node that does not renew is restarted, as the plan says, and in
// every other history a change of authority that waits for somebody's word gets it.
func (l *Life) lastCertificates() error {
	for _, plan := range l.state.Plans {
		if plan.Name != plans.RotatePlan {
			continue
		}
		if awaitsWord(plan) && l.history.Seed%2 == 0 {
			if _, _, err := l.ask("last proceed", core.RotationOrder{Proceed: true}); err != nil {
				return err
			}
		}
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if step.Status != plans.Error {
					continue
				}
				if _, _, err := l.ask("last restart", core.PodOrder{Verb: tasks.Restart, Pod: step.Pod.String()}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
