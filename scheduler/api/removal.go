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

// removalHealth is the code of a service that is being removed: 202 until it is gone, and 200 from then on.
func removalHealth(state core.State) (int, []string) {
	deploy := planOf(state, plans.DeployPlan)
	line := "the service is being uninstalled, " + countSteps(deploy).String()
	if deploy.Status == plans.Complete {
		return http.StatusOK, []string{"the service is uninstalled"}
	}
	return http.StatusAccepted, []string{line}
}

// removalSteps are the classes that the SDK names in the messages of the steps of its uninstall plan, by how their names begin.
var removalSteps = []struct{ prefix, class string }{
	{"kill-task-", "TaskKillStep"}, {"unreserve-", "ResourceCleanupStep"}, {plans.DeregisterStep, "DeregisterStep"},
}

// removalKind is the class of a step of the uninstall plan, empty for others.
func removalKind(step string) string {
	for _, kind := range removalSteps {
		if strings.HasPrefix(step, kind.prefix) {
			return kind.class
		}
	}
	return ""
}

// removalWhy is what a removal waits for: the master, the agents that are lost, and then the steps whose agents are there.
func removalWhy(state core.State) []wire.Waiting {
	if state.Removing.Done {
		return nil
	}
	return slices.Concat(withoutMaster(state), lostAgents(state), removalOpen(state))
}

// lostAgents are those that hold something of the service and cannot be reached, each with the one command that skips it.
func lostAgents(state core.State) []wire.Waiting {
	if state.Facts.Removal == nil {
		return nil
	}
	var list []wire.Waiting
	for _, left := range state.Facts.Removal.Left {
		if left.Away.IsZero() || left.Open() == 0 {
			continue
		}
		list = append(list, wire.Waiting{Kind: wire.WaitsAgent, Subject: left.Agent.ID, Since: second(left.Away),
			Text:   fmt.Sprintf("the master cannot reach agent %s (%s), which still holds %d resources of this service", plans.HostOf(left.Agent), left.Agent.ID, left.Open()),
			Remedy: fmt.Sprintf("Bring the agent back, or leave there what it holds (%s).", plans.SkipCommand(left.Agent))})
	}
	slices.SortFunc(list, func(a, b wire.Waiting) int { return strings.Compare(a.Subject, b.Subject) })
	return list
}

func removalOpen(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, waiting := range openSteps(state) {
		switch plans.Why(waiting.Why) {
		case plans.WhyLost:
			continue // its agent is named already
		case plans.WhyHolds, plans.WhyInUse, plans.WhyGiven:
			waiting.Remedy = fmt.Sprintf("If it stays so, see that the agent is neither drained nor deactivated, or leave there what it holds (plan force-complete %s %s).",
				waiting.Plan, waiting.Phase)
		}
		list = append(list, waiting)
	}
	return list
}
