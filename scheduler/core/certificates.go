package core

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

// certificates is what the plans need to know of certificates.
func (s State) certificates() plans.Certificates {
	security := s.Facts.Security
	view := plans.Certificates{Authorities: security.Authorities, Issuer: security.Issuer, Trust: security.Trust, Given: security.Given,
		Renew: security.Renew, Turn: s.Rotation, Unserved: s.unserved()}
	if change := security.Change; change != nil {
		view.Stage, view.Unattended, view.StageSince = string(change.Stage), change.Unattended, change.since()
	}
	if security.Issuer == "" && security.Given == "" {
		for id, target := range s.Facts.Targets {
			if target.Service.Secure {
				if view.Unsigned == nil {
					view.Unsigned = map[string]bool{}
				}
				view.Unsigned[id] = true
			}
		}
	}
	return view
}

// Behind are the nodes that may run and do not serve the certificate that they should, with the reason, by their numbers.
func (s State) Behind() []plans.Lagging { return plans.Behind(s.view()) }

// OlderJob is a job that a change of authority waits for before its next stage, as what is waited for; empty without one.
func (s State) OlderJob() string { return plans.OlderJob(s.view()) }

// secured says that there is, or was, something to do about certificates.
func (s State) secured() bool {
	return s.Facts.Target().Service.Secure || len(s.Facts.Security.Authorities) > 0
}

// rotate ends what an authority that has expired holds up, takes a change of authority on when every node serves what its stage asks
// for and no older job runs, and says whose turn is next.
func (f *frame) rotate() {
	if !f.secured() {
		return
	}
	if f.Rotation.Since.After(f.Now) {
		f.Rotation.Since = f.Now // the clock was set back, and nobody's turn is longer for it
	}
	f.endExpired()
	if change := f.Facts.Security.Change; change != nil && (change.Unattended || change.Stage == StageDrop) && f.rotationHeld() == "" {
		if done, _ := plans.StageDone(f.view()); done {
			f.nextStage()
			f.derive()
		}
	}
	before := f.Rotation.TaskID
	if f.Rotation = plans.NextTurn(f.view()); f.Rotation.TaskID != before {
		f.derive()
	}
}

// rotationHeld says whether people hold the plan of certificates, or its present phase, back.
func (s State) rotationHeld() string {
	hand := s.Facts.Hands[plans.RotatePlan]
	switch {
	case hand.Interrupted:
		return "plan " + plans.RotatePlan
	case s.Facts.Security.Change != nil && hand.Phases[string(s.Facts.Security.Change.Stage)]:
		return "phase " + string(s.Facts.Security.Change.Stage)
	case s.Facts.Security.Change == nil && hand.Phases[plans.RenewPhase]:
		return "phase " + plans.RenewPhase
	}
	return ""
}

// rotatePlanOrder takes what a person wants of the plan of certificates, as far as it is something else than of other plans: its
// steps launch nothing, so nothing of it can be done again, and calling one complete would let nodes distrust each other. True
// says that it has answered.
func (f *frame) rotatePlanOrder(e PlanOrder, about part) bool {
	if e.Plan != plans.RotatePlan {
		return false
	}
	switch e.Verb {
	case PlanStop:
		f.hold(about, true)
		f.derive()
		f.reply(e.Request, http.StatusOK, "Received cmd: stop")
	case PlanStart, PlanRestart:
		f.reply(e.Request, http.StatusConflict, fmt.Sprintf("Plan %s is begun by asking for new certificates: dcos cockroachdb certs rotate, "+
			"or POST /v1/certificates/rotate", e.Plan))
	case PlanForceComplete:
		f.reply(e.Request, http.StatusConflict, fmt.Sprintf("no step of plan %s can be called complete: nodes that do not trust each other's "+
			"certificates cannot talk; pod restart gives a node a new certificate, pod replace gives one up that cannot be reached", e.Plan))
	default:
		return false
	}
	return true
}

// beginAnew drops what belonged to the phases before: the plan has others from now on.
func (f *frame) beginAnew() {
	f.Rotation = plans.Turn{}
	if hand, ok := f.Facts.Hands[plans.RotatePlan]; ok {
		f.setHand(plans.RotatePlan, plans.Hand{Interrupted: hand.Interrupted})
	}
}

// without is a list without one value; the list itself stays as it is.
func without(list []string, value string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(one string) bool { return one == value })
}
