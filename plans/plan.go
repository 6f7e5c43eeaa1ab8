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
	RotatePlan   = "rotate-certificates"
)

// Plan is phases under a strategy.
type Plan struct {
	ID       string
	Name     string
	Strategy Strategy
	Status   Status
	Phases   []Phase
	// Interrupted says that the plan is held back by hand.
	Interrupted bool
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
	// Interrupted says that the phase is held back by hand.
	Interrupted bool
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
	// Display is the status that is shown when it differs: PAUSING or PAUSED.
	Display Status
	// Recovery is the kind of a recovery step: TRANSIENT in place, PERMANENT elsewhere.
	Recovery string
	// Unbound steps do not wait for their turn: the task is down anyway, see unbound.
	Unbound bool
	// FullStop steps have a node end, and launch nothing.
	FullStop bool
	// Done says that a person forced the step to be complete.
	Done bool
}

// ofJobs are the ids of the plans of jobs, and of the one phase of each, which never change: making them anew took a twentieth of
// each frame.
var ofJobs = func() map[string]fixed {
	all := map[string]fixed{}
	for _, kind := range tasks.JobKinds {
		name := string(kind)
		under := identify(name, name)
		all[name] = fixed{identify(name).String(), under.String(), under}
	}
	return all
}()

type fixed struct {
	plan, phase string
	under       uuid.UUID
}

// identify gives an element an id that is the same after a restart: a UUID made from its path of names.
func identify(path ...string) uuid.UUID {
	id := uuid.NameSpaceOID
	for _, name := range path {
		id = uuid.NewSHA1(id, []byte(name))
	}
	return id
}

// within is the id of an element under another one.
func within(parent uuid.UUID, name string) string { return uuid.NewSHA1(parent, []byte(name)).String() }

// stepName is the SDK's: <pod>:[<task>].
func stepName(pod tasks.Pod, spec string) string { return pod.String() + ":[" + spec + "]" }

// name fills in ids, and what was done by hand.
func name(view View, plan *Plan) {
	hand := view.Hands[plan.Name]
	fixed, always := ofJobs[plan.Name]
	if !always {
		fixed.plan = identify(plan.Name).String()
	}
	plan.ID, plan.Interrupted = fixed.plan, hand.Interrupted
	for i := range plan.Phases {
		phase := &plan.Phases[i]
		if !always {
			fixed.under = identify(plan.Name, phase.Name)
			fixed.phase = fixed.under.String()
		}
		under := fixed.under
		phase.ID, phase.Interrupted = fixed.phase, hand.Phases[phase.Name]
		for j := range phase.Steps {
			step := &phase.Steps[j]
			if step.ID == "" {
				step.ID = within(under, step.Name)
			}
			byHand(view, hand, *plan, *phase, step)
		}
	}
}

// finish fills in the statuses that follow from the children's.
func finish(plan Plan) Plan {
	var phases []Status
	for i := range plan.Phases {
		phase := &plan.Phases[i]
		var steps []Status
		for _, step := range phase.Steps {
			steps = append(steps, step.Status)
		}
		phase.Status = aggregate(phase.Strategy, steps, false, phase.Interrupted)
		phases = append(phases, phase.Status)
	}
	plan.Status = aggregate(plan.Strategy, phases, len(plan.Errors) > 0, plan.Interrupted)
	return plan
}

// byHand completes a step that was forced to be complete, and says of one that waits whether people hold it back.
func byHand(view View, hand Hand, plan Plan, phase Phase, step *Step) {
	// A node that is known to run has not ended, whoever says so.
	record := view.Records[step.Task]
	alive := step.FullStop && record != nil && record.Status.State.Alive()
	if at, forced := hand.Done[step.ID]; forced && at == step.Matter(view, plan.Name) && !alive {
		step.Status, step.Reason, step.Unbound, step.Done = Complete, Reason{}, false, true
		return
	}
	if step.Status != Pending && step.Status != Prepared || step.Reason.Why == WhyStopping {
		return
	}
	switch {
	case hand.Interrupted:
		step.Reason = Reason{Why: WhyPlan, Waits: "plan " + plan.Name}
	case hand.Phases[phase.Name]:
		step.Reason = Reason{Why: WhyPlan, Waits: "phase " + phase.Name}
	}
}

// Matter is what a forced completion of a step holds for: the target's id for a deploy step, the task's id for a
// recovery step. Another target, or another launch, is a new matter.
func (s Step) Matter(view View, plan string) string {
	if record := view.Records[s.Task]; plan == RecoveryPlan && record != nil {
		return record.TaskID
	}
	return view.Target.ID
}

// candidates are the steps that may run now, in order: those of the strategies, then those that are not bound to one.
func (p Plan) candidates() []*Step {
	if p.Interrupted {
		return nil
	}
	open := p.inTurn()
	for i := range p.Phases {
		if p.Phases[i].Interrupted {
			continue
		}
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
		if p.Phases[i].Interrupted {
			continue
		}
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
