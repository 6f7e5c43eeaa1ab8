package core

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// alreadyDone is the SDK's answer to an order that changes nothing (HTTP 208).
const alreadyDone = "Command has already been reported or completed"

// planOrder takes what a person wants of a plan, by the rules of the SDK (section 6.1). What it changes is stored.
func (f *frame) planOrder(e PlanOrder) {
	about, code, message := f.find(e)
	if code != 0 {
		f.reply(e.Request, code, message)
		return
	}
	if f.jobPlanOrder(e, about) || f.rotatePlanOrder(e, about) {
		return
	}
	changed := false
	switch e.Verb {
	case PlanStart:
		if len(e.Params) > 0 {
			f.reply(e.Request, http.StatusBadRequest, fmt.Sprintf("Plan %s takes no parameters, got %s", e.Plan, braced(e.Params)))
			return
		}
		if about.plan.Status == plans.Complete {
			f.reset(about)
		}
		f.hold(about, false)
		changed, message = true, fmt.Sprintf("Received cmd: start %s with parameters: %s", e.Plan, braced(e.Params))
	case PlanStop:
		f.hold(about, true)
		f.reset(about)
		changed, message = true, "Received cmd: stop"
	case PlanContinue:
		if changed = !about.every(underWay); changed {
			f.hold(about, false)
		}
		message = "Received cmd: continue"
	case PlanInterrupt:
		if changed = !about.every(heldOrDone); changed {
			f.hold(about, true)
		}
		message = "Received cmd: interrupt"
	case PlanForceComplete:
		running := f.runsOn(about)
		if agents := f.concedeFormer(about); running != "" && len(agents) > 0 {
			f.derive()
			f.reply(e.Request, http.StatusOK, fmt.Sprintf("noted: what ran on %s counts as ended; %s runs, and is stopped with the others", strings.Join(agents, ", "), running))
			return
		}
		if running != "" {
			f.reply(e.Request, http.StatusConflict, running+" runs, and a full stop is not complete before it has ended: nodes with TLS and nodes "+
				"without cannot talk to each other")
			return
		}
		if changed = about.status() != plans.Complete; changed {
			f.complete(about)
		}
		message = about.told(e)
	case PlanRestart:
		if changed = about.status() != plans.Pending; changed {
			f.hold(about, false)
			f.reset(about)
		}
		message = about.told(e)
	}
	if !changed {
		f.reply(e.Request, http.StatusAlreadyReported, alreadyDone)
		return
	}
	f.log(slog.LevelInfo, "a person changes a plan", "verb", string(e.Verb), "plan", e.Plan, "phase", e.Phase, "step", e.Step)
	f.derive()
	f.reply(e.Request, http.StatusOK, message)
}

// reset puts steps back to their beginning: what was forced is taken back, delays are forgotten, and what was launched is
// launched anew, in place, as the gate allows.
func (f *frame) reset(about part) {
	hand := f.Facts.Hands[about.plan.Name].Clone()
	for _, step := range about.steps() {
		delete(f.Delays, step.Task)
		_, forced := hand.Done[step.ID]
		delete(hand.Done, step.ID)
		f.Recovered = slices.DeleteFunc(f.Recovered, func(task string) bool { return task == step.Task && about.plan.Name == plans.RecoveryPlan })
		if record := f.Facts.Records[step.Task]; record != nil && !forced {
			f.launchAnew(*record, about.plan.Name)
		}
	}
	if about.whole {
		// Also of steps that the plan does not have right now: a task that failed a moment ago may still be told as running.
		clear(hand.Done)
	}
	f.setHand(about.plan.Name, hand)
}

// launchAnew asks for a restart of a task that is there, on behalf of a plan.
func (f *frame) launchAnew(record tasks.Record, plan string) {
	if !record.Status.State.Alive() || record.Stopped() || record.Asked != nil {
		return
	}
	by := tasks.ByPlan
	if plan == plans.RecoveryPlan {
		if !record.Recovering {
			return
		}
		by = tasks.ByOperator
	}
	record.Asked = &tasks.Asked{Verb: tasks.Restart, By: by, At: f.Now}
	f.put(record)
}

// braced writes parameters as the SDK does: {A=b, C=d}.
func braced(params map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		list = append(list, name+"="+params[name])
	}
	return "{" + strings.Join(list, ", ") + "}"
}
