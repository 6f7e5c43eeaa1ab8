package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

var rotated = Invariant{Name: "rotated", begin: beginRotated,
	Says: "Once faults stop, every node serves what it should: a certificate of the issuer, with the trust, and from after the last wish for " +
		"new ones; and the plan of certificates is complete, or waits for somebody's word."}

func beginRotated() check {
	return func(w *World, at Moment) error {
		if _, is := at.(Settled); is {
			return allRotated(w)
		}
		return nil
	}
}

// issued is when a node was given what it serves: one that was signed a moment before an order, and handed out after it, counts as new.
func issued(w *World, one *secureNode) time.Time {
	for _, record := range w.state.Facts.Records {
		if has := record.Certificate; record.TaskID == one.id && has != nil && has.Serial == one.shown.Serial {
			return has.Issued
		}
	}
	return one.shown.Issued
}

// allRotated says which node does not serve what it should.
func allRotated(w *World) error {
	security := w.state.Facts.Security
	for _, one := range w.tls.nodes {
		switch {
		case !w.talks(one):
		case one.shown.Issuer != security.Issuer || !slices.Equal(one.trusts, security.Trust):
			return fmt.Errorf("%s serves a certificate of %s and trusts %v, want %s and %v", one.id, one.shown.Issuer, one.trusts, security.Issuer, security.Trust)
		case issued(w, one).Before(security.Renew):
			return fmt.Errorf("%s serves a certificate of %s, want one from after %s", one.id, issued(w, one), security.Renew)
		case !one.shown.NotAfter.After(w.Now()):
			return fmt.Errorf("%s serves a certificate that has expired", one.id)
		}
	}
	for _, plan := range w.state.Plans {
		if plan.Name == plans.RotatePlan && plan.Status != plans.Complete && !awaitsWord(plan) {
			return fmt.Errorf("the plan of certificates is %s", plan.Status)
		}
	}
	return nil
}
