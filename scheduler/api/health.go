package api

import (
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// Codes of /v1/health that HTTP has no name for (SDK, HealthResource).
const (
	notRegistered    = 318
	deployDelayed    = 208
	deployPending    = 204
	deployStarting   = 202
	recoveryDelayed  = 208
	recoveryPending  = 203
	recoveryStarting = 205
)

// health answers with the SDK's code as the HTTP status. Marathon and Mesos take 200 to 399 as healthy, so only plan
// errors and "nothing fits" count against the scheduler.
func (h handlers) health(w http.ResponseWriter, r *http.Request) {
	code, reasons := healthOf(h.source.Snapshot())
	value := wire.Health{Value: code}
	if r.URL.Query().Get("verbose") == "true" {
		value.Reasons = reasons
	}
	answer(w, code, value)
}

func healthOf(state core.State) (int, []string) {
	deploy, recovery := stepCounts(state, plans.DeployPlan), stepCounts(state, plans.RecoveryPlan)
	errors := 0
	for _, plan := range state.Plans {
		errors += len(plan.Errors)
	}
	rules := []struct {
		code int
		hold bool
		text string
	}{
		{http.StatusInternalServerError, errors > 0, fmt.Sprintf("plans with errors: %d", errors)},
		{notRegistered, state.Facts.FrameworkID == "", "not registered with a master yet"},
		{deployDelayed, deploy[plans.Delayed] > 0, "deploy: " + line(deploy)},
		{deployPending, deploy[plans.Pending]+deploy[plans.Prepared] > 0, "deploy: " + line(deploy)},
		{deployStarting, deploy[plans.Starting]+deploy[plans.Started] > 0, "deploy: " + line(deploy)},
		{recoveryDelayed, recovery[plans.Delayed] > 0, "recovery: " + line(recovery)},
		{recoveryPending, recovery[plans.Pending]+recovery[plans.Prepared] > 0, "recovery: " + line(recovery)},
		{recoveryStarting, recovery[plans.Starting]+recovery[plans.Started] > 0, "recovery: " + line(recovery)},
		{http.StatusOK, len(state.Plans) > 0 && state.Plans[0].Status == plans.Complete, "deploy: " + line(deploy)},
	}
	var reasons []string
	for i, rule := range rules {
		reasons = append(reasons, fmt.Sprintf("Priority %d. Status Code %d is %s, %s", i+1, rule.code, truth(rule.hold), rule.text))
		if rule.hold {
			return rule.code, reasons
		}
	}
	return http.StatusServiceUnavailable, append(reasons, "no rule holds")
}

func truth(hold bool) string {
	if hold {
		return "TRUE"
	}
	return "FALSE"
}

func stepCounts(state core.State, name string) map[plans.Status]int {
	counts := map[plans.Status]int{}
	for _, plan := range state.Plans {
		if plan.Name != name {
			continue
		}
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				counts[step.Status]++
			}
		}
	}
	return counts
}

func line(counts map[plans.Status]int) string {
	total := 0
	for _, n := range counts {
		total += n
	}
	return fmt.Sprintf("Steps: Total(%d) Pending(%d) Prepared(%d) Starting(%d) Started(%d) Delayed(%d) Complete(%d)",
		total, counts[plans.Pending], counts[plans.Prepared], counts[plans.Starting], counts[plans.Started],
		counts[plans.Delayed], counts[plans.Complete])
}
