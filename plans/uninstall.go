package plans

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Names of the uninstall plan's phases (SDK, section 2.11). There is a phase of the second kind for each host name.
const (
	KillPhase       = "kill-tasks"
	UnreservePhase  = "unreserve-resources-"
	DeregisterPhase = "deregister-service"
	DeregisterStep  = "deregister"
)

// Uninstall is the only plan of a service that is being removed. It is called deploy, because that is where DC/OS looks for
// the end of it. Tasks are killed and reservations given back on all agents at the same time; the framework is removed once
// all of that is done, or was skipped by hand. A task whose agent cannot be reached is no reason to wait: it ends with the
// framework. What is reserved there is one, because nobody else would give it back.
func Uninstall(view View) Plan {
	plan := Plan{Name: DeployPlan, Strategy: Dependency}
	if view.Removal == nil {
		name(view, &plan)
		return finish(plan)
	}
	plan.Phases = append([]Phase{killPhase(view)}, unreservePhases(view)...)
	name(view, &plan)
	step := Step{Name: DeregisterStep}
	step.Status, step.Reason = deregister(view, plan)
	plan.Phases = append(plan.Phases, Phase{Name: DeregisterPhase, Strategy: Serial, Steps: []Step{step}})
	name(view, &plan)
	return finish(plan)
}

// MayDeregister says that nothing is left to be done but to remove the framework.
func MayDeregister(all []Plan) bool {
	if len(all) == 0 || len(all[0].Phases) == 0 {
		return false
	}
	last := all[0].Phases[len(all[0].Phases)-1]
	return last.Name == DeregisterPhase && last.Steps[0].Status == Prepared
}

// lefts are what is left, in the order of the agents' ids.
func (r *Removal) lefts() []*Left {
	list := make([]*Left, 0, len(r.Left))
	for _, left := range r.Left {
		list = append(list, left)
	}
	slices.SortFunc(list, func(a, b *Left) int { return strings.Compare(a.Agent.ID, b.Agent.ID) })
	return list
}

func killPhase(view View) Phase {
	phase := Phase{Name: KillPhase, Strategy: Parallel}
	for _, left := range view.Removal.lefts() {
		for _, task := range left.Tasks {
			step := Step{Name: "kill-task-" + task.ID}
			step.Status, step.Reason = killing(view, left, task)
			phase.Steps = append(phase.Steps, step)
		}
	}
	slices.SortFunc(phase.Steps, func(a, b Step) int { return strings.Compare(a.Name, b.Name) })
	return phase
}

func killing(view View, left *Left, task LeftTask) (Status, Reason) {
	where := agentOf(left.Agent)
	switch {
	case task.State.Ended() || view.Removed:
		return Complete, Reason{}
	case task.State == tasks.Unreachable:
		return Pending, Reason{Why: WhyCutOff, Waits: where, Since: left.Away}
	case view.Master != "":
		return Pending, Reason{Why: WhyMaster, Waits: view.Master}
	}
	return Prepared, Reason{Why: WhyEnding, Waits: where}
}

func unreservePhases(view View) []Phase {
	byHost := map[string]int{}
	var phases []Phase
	for _, left := range view.Removal.lefts() {
		if len(left.Resources) == 0 {
			continue
		}
		host := HostOf(left.Agent)
		at, known := byHost[host]
		if !known {
			at = len(phases)
			byHost[host] = at
			phases = append(phases, Phase{Name: UnreservePhase + host, Strategy: Parallel})
		}
		for _, resource := range left.Resources {
			step := Step{Name: "unreserve-" + resource.ID}
			step.Status, step.Reason = unreserving(view, left, resource)
			phases[at].Steps = append(phases[at].Steps, step)
		}
	}
	slices.SortFunc(phases, func(a, b Phase) int { return cmp.Compare(a.Name, b.Name) })
	return phases
}

func unreserving(view View, left *Left, resource LeftResource) (Status, Reason) {
	where := agentOf(left.Agent)
	what := resource.Kind
	if resource.Volume != "" {
		what = "volume " + resource.Volume
	}
	switch {
	case resource.Gone || view.Removed:
		return Complete, Reason{}
	case !left.Away.IsZero():
		return Pending, Reason{Why: WhyLost, Waits: where, Since: left.Away, Detail: fmt.Sprintf("%s, given back when the agent is back; %s leaves it there",
			what, SkipCommand(left.Agent))}
	case view.Master != "":
		return Pending, Reason{Why: WhyMaster, Waits: view.Master}
	case !left.Ended():
		return Pending, Reason{Why: WhyInUse, Waits: where}
	case !resource.Given.IsZero():
		return Prepared, Reason{Why: WhyGiven, Waits: where, Since: resource.Given}
	}
	return Pending, Reason{Why: WhyHolds, Waits: where, Detail: what}
}

// deregister judges the last step by the phases before it.
func deregister(view View, plan Plan) (Status, Reason) {
	if view.Removed {
		return Complete, Reason{}
	}
	for _, phase := range plan.Phases {
		for _, step := range phase.Steps {
			if step.Status != Complete && step.Reason.Why != WhyCutOff {
				return Pending, Reason{Why: WhyEarlier, Waits: "phase " + phase.Name}
			}
		}
	}
	switch {
	case view.Master != "":
		return Pending, Reason{Why: WhyMaster, Waits: view.Master}
	case view.Now.Before(view.LookUntil):
		return Pending, Reason{Why: WhyLook, Until: view.LookUntil}
	}
	return Prepared, Reason{Why: WhyTeardown, Since: view.Removal.Teardown}
}

// SkipCommand is what a person gives up a lost agent with: its reservations stay where they are.
func SkipCommand(agent tasks.Agent) string {
	return "plan force-complete " + DeployPlan + " " + UnreservePhase + HostOf(agent)
}

// HostOf is what an agent's phase is called by: its host name, or its id where nobody told the name.
func HostOf(agent tasks.Agent) string {
	if agent.Hostname == "" {
		return agent.ID
	}
	return agent.Hostname
}

func agentOf(agent tasks.Agent) string { return fmt.Sprintf("%s (%s)", HostOf(agent), agent.ID) }
