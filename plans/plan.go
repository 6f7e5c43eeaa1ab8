package plans

import (
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/google/uuid"
)

// Names of the plans.
const (
	DeployPlan   = "deploy"
	RecoveryPlan = "recovery"
)

// Plan is phases under a strategy.
type Plan struct {
	ID       string
	Name     string
	Strategy Strategy
	Status   Status
	Phases   []Phase
	// Errors are faults of a new target that was refused; the old one keeps running.
	Errors []string
}

// Phase is steps under a strategy.
type Phase struct {
	ID       string
	Name     string
	Strategy Strategy
	Status   Status
	Steps    []Step
}

// Step is one task to be brought to its goal.
type Step struct {
	ID     string
	Name   string
	Status Status
	Reason Reason
	// Pod, Spec and Task name what the step launches.
	Pod  tasks.Pod
	Spec string
	Task string
	// Unbound steps do not wait for their turn: the task is down anyway, see unbound.
	Unbound bool
}

// identify gives an element an id that is the same after a restart: a UUID made from its path of names.
func identify(path ...string) string {
	id := uuid.NameSpaceOID
	for _, name := range path {
		id = uuid.NewSHA1(id, []byte(name))
	}
	return id.String()
}

// stepName is the SDK's: <pod>:[<task>].
func stepName(pod tasks.Pod, spec string) string { return pod.String() + ":[" + spec + "]" }

// finish fills in ids and the statuses that follow from the children's.
func finish(plan Plan) Plan {
	plan.ID = identify(plan.Name)
	var phases []Status
	for i := range plan.Phases {
		phase := &plan.Phases[i]
		phase.ID = identify(plan.Name, phase.Name)
		var steps []Status
		for j := range phase.Steps {
			phase.Steps[j].ID = identify(plan.Name, phase.Name, phase.Steps[j].Name)
			steps = append(steps, phase.Steps[j].Status)
		}
		phase.Status = aggregate(phase.Strategy, steps, false, false)
		phases = append(phases, phase.Status)
	}
	plan.Status = aggregate(plan.Strategy, phases, len(plan.Errors) > 0, false)
	return plan
}

// candidates are the steps that may run now, in order: those of the strategies, then those that are not bound to one.
func (p Plan) candidates() []*Step {
	open := p.inTurn()
	for i := range p.Phases {
		for j := range p.Phases[i].Steps {
			step := &p.Phases[i].Steps[j]
			if step.Unbound && !slices.Contains(open, step) {
				open = append(open, step)
			}
		}
	}
	return open
}

func (p Plan) inTurn() []*Step {
	var open []*Step
	var phases []Status
	for _, phase := range p.Phases {
		phases = append(phases, phase.Status)
	}
	for _, i := range p.Strategy.candidates(phases) {
		var steps []Status
		for _, step := range p.Phases[i].Steps {
			steps = append(steps, step.Status)
		}
		for _, j := range p.Phases[i].Strategy.candidates(steps) {
			open = append(open, &p.Phases[i].Steps[j])
		}
	}
	return open
}
