package core

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

// goes is the answer to whoever asks for something that a service on its way out does not do.
const goes = "the service is being uninstalled, which cannot be taken back: "

// answerInRemoval answers events that somebody waits for, and says whether this was one.
func (f *frame) answerInRemoval(event Event) bool {
	switch e := event.(type) {
	case PlanOrder:
		f.removalOrder(e)
	case PodOrder:
		f.reply(e.Request, http.StatusConflict, goes+"its pods are not started, moved or paused any more")
	case JobOrder:
		f.reply(e.Request, http.StatusConflict, goes+"no backup, restore or verification begins any more")
	case JobCancel:
		f.reply(e.Request, http.StatusConflict, goes+"its jobs are killed anyway")
	case JobCollect:
		f.reply(e.Request, http.StatusGone, goes+"the job is over")
	case JobReport:
		f.reply(e.Request, http.StatusGone, goes+"the job is over")
	case ClusterReport:
		f.reply(e.Request, http.StatusServiceUnavailable, goes+"the node is about to be killed")
	case RotationOrder:
		f.reply(e.Request, http.StatusConflict, goes+"its certificates are not renewed any more")
	case CertificateSigned:
		f.reply(e.Request, http.StatusServiceUnavailable, goes+"the node is about to be killed")
	case CertificateServed:
		f.reply(e.Request, http.StatusServiceUnavailable, goes+"the node is about to be killed")
	case ClientSigned:
		f.reply(e.Request, http.StatusServiceUnavailable, goes+"nobody gets a certificate any more")
	default:
		return false
	}
	return true
}

// removalOrder takes what a person wants of the plan. Only skipping makes sense: what is skipped stays behind at Mesos.
func (f *frame) removalOrder(e PlanOrder) {
	about, code, message := f.find(e)
	switch {
	case code == http.StatusNotFound && e.Plan != plans.DeployPlan:
		message = goes + "its only plan is " + plans.DeployPlan
	case code != 0:
	case e.Verb == PlanContinue, e.Verb == PlanForceComplete && about.status() == plans.Complete:
		code, message = http.StatusAlreadyReported, alreadyDone
	case e.Verb != PlanForceComplete:
		code, message = http.StatusConflict, goes+"its plan is neither paused nor done again; what cannot be done is skipped with force-complete"
	case e.Phase != "" && about.phases[0].Name == plans.DeregisterPhase:
		code, message = http.StatusConflict, "removing the framework cannot be skipped: it would stay at the master without an owner"
	}
	if code != 0 {
		f.reply(e.Request, code, message)
		return
	}
	f.skip(about)
	f.derive()
	f.reply(e.Request, http.StatusOK, about.told(e))
}

// skip leaves behind what the steps are about. Should it be offered after all before the framework is removed, it is given back.
func (f *frame) skip(about part) {
	hand := f.Facts.Hands[plans.DeployPlan].Clone()
	for _, step := range about.steps() {
		if step.Status == plans.Complete || step.Name == plans.DeregisterStep {
			continue
		}
		hand.Done[step.ID] = step.Matter(f.view(), plans.DeployPlan)
		f.warn("a person skips a step of the removal, what it is about is left behind", "step", step.Name, "reason", step.Reason.String())
	}
	f.setHand(plans.DeployPlan, hand)
}
