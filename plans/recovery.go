package plans

import (
	"cmp"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Kinds of recovery, by the SDK's names.
const (
	Transient = "TRANSIENT"
	Permanent = "PERMANENT"
)

// Recovery is the plan that brings back tasks that were ready once, and carries out what people and policies ask for pods:
// a phase a pod, all at the same time. A task that failed comes back in place and under the target that it last ran with;
// one that is replaced gets a new place and the newest target. Nodes do not wait for each other's readiness, or a full
// outage could never heal (design section 4); whoever is up and has to go down first asks the gate.
func Recovery(view View, deploy Plan) Plan {
	plan := Plan{Name: RecoveryPlan, Strategy: Parallel}
	view = view.digested()
	taken := updating(view, deploy)
	for _, task := range view.digest.order {
		record := view.Records[task]
		step := recoveryStep(record)
		switch {
		case Concerns(record) && !taken[task]:
			step.Status, step.Reason = recover(view, record)
			targetID := record.TargetID
			if record.Replacing() {
				targetID = view.Target.ID
			}
			view.explainUnsigned(&step, targetID)
		case !Concerns(record) && slices.Contains(view.Recovered, task):
			step.Status = Complete
		default:
			continue
		}
		plan.Phases = append(plan.Phases, recoveryPhase(step))
	}
	name(view, &plan)
	return finish(plan)
}

// Concerns says that a task is recovery's business.
func Concerns(record *tasks.Record) bool {
	if record.Job != nil {
		return false // a job is never brought back, its plan knows what becomes of it
	}
	away := record.Reached && record.Status.State == tasks.Unreachable
	return away || record.Recovering || record.Replacing() || record.Asked != nil && !again(record)
}

func recoveryStep(record *tasks.Record) Step {
	step := Step{Name: stepName(record.Pod, record.Spec), Pod: record.Pod, Spec: record.Spec, Task: record.Task,
		Display: display(record), Recovery: Transient}
	if record.Replacing() {
		step.Recovery = Permanent
	}
	return step
}

func recoveryPhase(step Step) Phase {
	return Phase{Name: step.Name, Strategy: Serial, Steps: []Step{step}}
}

// recover judges a task that recovery has.
func recover(view View, record *tasks.Record) (Status, Reason) {
	state := record.Status.State
	switch {
	case record.Stopped() && !state.Ended() && state != tasks.Unreachable:
		return Prepared, stopping(view, record)
	case record.Replacing():
		return replacing(view, record)
	case record.Asked != nil && state.Alive():
		if ok, reason := MayStop(view, record.Task); !ok {
			return Pending, reason
		}
		return Pending, Reason{Why: WhyRestart, Waits: pastOf[record.Asked.Verb]}
	}
	return moving(view, record)
}

var pastOf = map[tasks.Verb]string{tasks.Restart: "restarted", tasks.Replace: "replaced", tasks.Pause: "paused", tasks.Resume: "resumed"}

// replacing judges a pod that is to be launched anew elsewhere.
func replacing(view View, record *tasks.Record) (Status, Reason) {
	if !record.GivenUp.IsZero() && !record.Status.State.Alive() {
		return wanting(view, record.Task, record)
	}
	if record.Asked == nil {
		return moving(view, record)
	}
	ok, reason := MayReplace(view, record.Task)
	switch {
	case !ok:
		return Pending, reason
	case record.Asked.KeepsUntilPlaced() && (!record.Status.State.Alive() || !fit(view, record.Task, true)):
		return wanting(view, record.Task, record)
	}
	return Pending, Reason{Why: WhyRestart, Waits: pastOf[record.Asked.Verb]}
}

// FitKey names what a scout looked for: room for a task at home under a target, or elsewhere.
func FitKey(task, targetID string, elsewhere bool) string {
	if elsewhere {
		return task + " elsewhere under " + targetID
	}
	return task + " at home under " + targetID
}

// fit says that an offer was seen lately on which the task would fit.
func fit(view View, task string, elsewhere bool) bool {
	seen, ok := view.Fits[FitKey(task, view.Target.ID, elsewhere)]
	return ok && view.Now.Sub(seen) < Fits
}

// updating are the tasks that the deploy plan is bringing to a new target, or launching anew, right now: it relaunches them
// itself.
func updating(view View, deploy Plan) map[string]bool {
	taken := map[string]bool{}
	if halt := view.digest.halt; halt.begun && halt.open {
		for name, record := range view.Records {
			taken[name] = view.crosses(record)
		}
	}
	for _, step := range deploy.candidates() {
		record := view.Records[step.Task]
		if step.FullStop {
			continue // until the stop has begun the node is recovery's
		}
		if record != nil && (!record.Replacing() || record.Moves()) && (record.TargetID != view.Target.ID || again(record)) {
			taken[step.Task] = true
		}
	}
	return taken
}

// Order lists the tasks by pod type, instance and name; last is the list that was made before, and is given back while it holds.
func Order(records map[string]*tasks.Record, last []string) []string {
	if len(last) == len(records) && !slices.ContainsFunc(last, func(name string) bool { return records[name] == nil }) {
		return last
	}
	return sortedTasks(records)
}

func sortedTasks(records map[string]*tasks.Record) []string {
	type place struct {
		name string
		pod  tasks.Pod
	}
	// The pods are copied out first: looking them up for each comparison would take most of a frame of a thousand pods.
	places := make([]place, 0, len(records))
	for name, record := range records {
		places = append(places, place{name, record.Pod})
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.pod.Type, b.pod.Type), cmp.Compare(a.pod.Index, b.pod.Index), cmp.Compare(a.name, b.name))
	})
	names := make([]string, len(places))
	for i, place := range places {
		names[i] = place.name
	}
	return names
}
