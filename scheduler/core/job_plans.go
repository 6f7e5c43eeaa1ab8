package core

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
)

// jobPlanOrder takes what a person wants of a plan of jobs, as far as it is something else than of other plans: its steps are jobs,
// which are asked for with parameters, and are never done again by themselves. True says that it has answered.
func (f *frame) jobPlanOrder(e PlanOrder, about part) bool {
	if !plans.IsJobs(e.Plan) {
		return false
	}
	switch e.Verb {
	case PlanStart:
		f.reply(e.Request, http.StatusBadRequest, fmt.Sprintf("Plan %s needs parameters: database, bucket and keys; see the command %s, or POST /v1/jobs", e.Plan, e.Plan))
	case PlanStop:
		f.cancelSteps(about)
		f.reply(e.Request, http.StatusOK, "Received cmd: stop")
	case PlanRestart, PlanForceComplete:
		f.reply(e.Request, http.StatusConflict, fmt.Sprintf("a %s is neither done again nor called complete by its plan; ask for a new one, or cancel this one", e.Plan))
	default:
		return false
	}
	return true
}

// cancelSteps cancels the jobs of a plan that are under way, those that wait first: or one would begin because another ends.
func (f *frame) cancelSteps(about part) {
	for _, step := range slices.Backward(about.steps()) {
		if job, known := f.Facts.Jobs[step.ID]; known && !job.State.Ended() && job.Cancelling.IsZero() {
			f.cancelJob(job)
		}
	}
	f.derive()
}
