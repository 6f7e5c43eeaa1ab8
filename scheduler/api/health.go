package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Codes of /v1/health, some of which mean something else to HTTP or nothing at all (SDK, HealthResource).
const (
	healthErrors           = http.StatusInternalServerError
	healthNotRegistered    = 318
	healthDelayed          = 208
	healthDeployPending    = 204
	healthDeployStarting   = 202
	healthInterrupted      = 207
	healthRecoveryPending  = 203
	healthRecoveryStarting = 205
	healthRestoring        = 321
	healthBackingUp        = 320
	healthDeployed         = http.StatusOK
	healthNothingHolds     = http.StatusServiceUnavailable
)

// health answers with the SDK's code as the HTTP status. Marathon and Mesos take 200 to 399 as healthy, so only plan
// errors and "nothing holds" count against the scheduler. With 204 and 205 HTTP allows no body, so the reasons of
// ?verbose=true are not sent then.
func (h handlers) health(w http.ResponseWriter, r *http.Request) {
	q := queryOf(r)
	verbose := q.flag("verbose")
	if q.refused(w) {
		return
	}
	code, reasons := healthOf(h.source.Snapshot())
	value := wire.Health{Value: code}
	if verbose {
		value.Reasons = reasons
	}
	answer(w, code, value)
}

// healthOf goes through the SDK's rules; the first that holds gives the code. The reasons are all rules up to that one.
func healthOf(state core.State) (int, []string) {
	if state.Settings.Uninstall {
		return removalHealth(state)
	}
	deploy, recovery := planOf(state, plans.DeployPlan), planOf(state, plans.RecoveryPlan)
	deploying, recovering := countSteps(deploy), countSteps(recovery)
	deployed := deploy.Status == plans.Complete
	errors := 0
	for _, plan := range state.Plans {
		if !plans.IsJobs(plan.Name) {
			// A backup that failed is no fault of the scheduler, which must not be restarted for it.
			errors += len(plan.Errors)
		}
	}
	rules := []struct {
		code int
		hold bool
		text string
	}{
		{healthErrors, errors > 0, fmt.Sprintf("Errors in plans: %d", errors)},
		{healthNotRegistered, state.Facts.FrameworkID == "", "not registered with a master yet"},
		{healthDelayed, deploying.any(plans.Delayed), "deploy " + deploying.String()},
		{healthDeployPending, deploying.any(plans.Pending, plans.Prepared), "deploy " + deploying.String()},
		{healthDeployStarting, deploying.any(plans.Starting, plans.Started), "deploy " + deploying.String()},
		{healthInterrupted, interrupted(deploy), "deploy is paused by hand, or a phase of it"},
		{healthDelayed, recovering.any(plans.Delayed), "recovery " + recovering.String()},
		{healthRecoveryPending, recovering.any(plans.Pending, plans.Prepared), "recovery " + recovering.String()},
		{healthRecoveryStarting, recovering.any(plans.Starting, plans.Started), "recovery " + recovering.String()},
		{healthRestoring, deployed && running(state, "restor"), "a plan to restore is running"},
		{healthBackingUp, deployed && running(state, "back"), "a plan to back up is running"},
		{healthDeployed, deployed, "deploy is " + string(deploy.Status)},
	}
	var reasons []string
	for i, rule := range rules {
		word := "FALSE"
		if rule.hold {
			word = "TRUE"
		}
		reasons = append(reasons, fmt.Sprintf("Priority %d. Status Code %d is %s, %s", i+1, rule.code, word, rule.text))
		if rule.hold {
			return rule.code, reasons
		}
	}
	return healthNothingHolds, append(reasons, "none of the rules holds")
}

// interrupted says that somebody holds the plan back, or a part of it.
func interrupted(plan plans.Plan) bool {
	return plan.Interrupted || slices.ContainsFunc(plan.Phases, func(phase plans.Phase) bool { return phase.Interrupted }) ||
		countSteps(plan).any(plans.Waiting)
}

// running says that a plan whose name has this part in it is under way.
func running(state core.State, part string) bool {
	return slices.ContainsFunc(state.Plans, func(plan plans.Plan) bool {
		under := []plans.Status{plans.Prepared, plans.Starting, plans.Started, plans.InProgress}
		return strings.Contains(plan.Name, part) && slices.Contains(under, plan.Status)
	})
}

// planOf is the plan of that name, an empty one when there is none.
func planOf(state core.State, name string) plans.Plan {
	for _, plan := range state.Plans {
		if plan.Name == name {
			return plan
		}
	}
	return plans.Plan{Name: name}
}

// steps counts the steps of a plan by status.
type steps map[plans.Status]int

func countSteps(plan plans.Plan) steps {
	counts := steps{}
	for _, phase := range plan.Phases {
		for _, step := range phase.Steps {
			counts[step.Status]++
		}
	}
	return counts
}

func (s steps) any(wanted ...plans.Status) bool {
	for _, status := range wanted {
		if s[status] > 0 {
			return true
		}
	}
	return false
}

// String is the SDK's line.
func (s steps) String() string {
	total := 0
	for _, count := range s {
		total += count
	}
	return fmt.Sprintf("Steps: Total(%d) Pending(%d) Prepared(%d) Starting(%d) Started(%d) Delayed(%d) Complete(%d)",
		total, s[plans.Pending], s[plans.Prepared], s[plans.Starting], s[plans.Started], s[plans.Delayed], s[plans.Complete])
}
