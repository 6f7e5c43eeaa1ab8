package plans

import (
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// FullStopPhase is the phase of the deploy plan in which every node is stopped, when the target's nodes speak TLS and those that
// were launched do not, or the other way round: neither side can talk to the other. It is there as long as such a node is, or
// until the stop is over.
const FullStopPhase = "full-stop"

// halt is how far a full stop is. It is worked out once for a view.
type halt struct {
	// wanted says that some node was launched in the other mode, or that a stop that began is not over. Without it the rest
	// means nothing.
	wanted bool
	// begun says that the stop is stored: nothing is launched in the old mode any more.
	begun bool
	// open says that a node of the old mode may run: nothing is launched in the new mode yet.
	open bool
	// may says that all may be stopped now; otherwise why is what is waited for.
	may bool
	why Reason
	// jobs says that no new job is launched: from when all may be stopped until a node is ready in the new mode, and nothing of the
	// old one can run.
	jobs bool
}

// crosses says that a node was launched in the other mode than the target in force asks for.
func (v View) crosses(record *tasks.Record) bool {
	launched, known := v.Targets[record.TargetID]
	return record.Pod.Type == tasks.NodePod && known && launched.Service.Secure != v.Target.Service.Secure
}

// halted works out the full stop. Most views have no target of the other mode, and cost nothing.
func halted(v View) halt {
	other := false
	for _, target := range v.Targets {
		other = other || target.Service.Secure != v.Target.Service.Secure
	}
	h := halt{begun: v.FullStop, wanted: v.FullStop}
	if !other && !h.wanted {
		return h
	}
	for _, name := range v.digest.order {
		h.wanted = h.wanted || v.crosses(v.Records[name])
	}
	if !h.wanted {
		return h
	}
	for _, name := range v.digest.order {
		if record := v.Records[name]; record.Pod.Type == tasks.NodePod && !v.over(record) {
			h.open = true
		}
	}
	for task := range v.Leftovers {
		h.open = h.open || strings.HasPrefix(task, tasks.NodePod+"-")
	}
	working := v.workingJob()
	h.why, h.may = v.mayHalt()
	held := v.Hands[DeployPlan]
	h.jobs = h.begun && (h.open || !v.serving()) || !h.begun && h.may && !held.Interrupted && !held.Phases[FullStopPhase]
	if !h.begun && h.may && working != nil {
		h.may, h.why = false, Reason{Why: WhyFullStop, Waits: "the " + v.jobName(working) + " to end"}
	}
	return h
}

// serving says that a node is ready in the mode of the target in force.
func (v View) serving() bool {
	for _, record := range v.Records {
		if record.Pod.Type == tasks.NodePod && !v.crosses(record) && !record.Idling && record.Ready() {
			return true
		}
	}
	return false
}

// over says that nothing of a node can be running in the other mode, as far as anybody knows, or a person said so.
func (v View) over(record *tasks.Record) bool {
	if v.crosses(record) && record.Status.State.Alive() {
		return false
	}
	return v.ended(record) || v.conceded(record)
}

// ended says that a node, and all that may still run of its earlier places, has ended for certain or is of the new mode.
func (v View) ended(record *tasks.Record) bool {
	_, cut := v.cutOff(record)
	return !cut && !(v.crosses(record) && !record.Status.State.Ended())
}

// cutOff gives the agent on which a node of the other mode may run without anybody being able to tell. An agent that was away
// and that the master does not know any more may come back with what runs there.
func (v View) cutOff(record *tasks.Record) (string, bool) {
	for _, former := range record.Former {
		if record.Pod.Type == tasks.NodePod && former.Secure != v.Target.Service.Secure {
			return former.AgentID, true
		}
	}
	state := record.Status.State
	uncertain := state == tasks.Unreachable || state == tasks.Unknown && !record.Away.IsZero()
	return agentName(record), v.crosses(record) && uncertain
}

// conceded says that a person completed a node's step by force: it does not run, the person knows.
func (v View) conceded(record *tasks.Record) bool {
	done := v.Hands[DeployPlan].Done
	if len(done) == 0 {
		return false
	}
	return done[within(identify(DeployPlan, FullStopPhase), stepName(record.Pod, record.Spec))] == v.Target.ID
}

// workingJob is a job whose task may run.
func (v View) workingJob() *tasks.Record {
	for _, kind := range tasks.JobKinds {
		if record := v.Records[kind.Task()]; record != nil && record.Job != nil && !record.Status.State.Ended() {
			return record
		}
	}
	return nil
}

func (v View) jobName(record *tasks.Record) string {
	if job, known := v.Jobs[record.Job.ID]; known {
		return fmt.Sprintf("%s of %s", job.Kind, job.Params.Database)
	}
	return record.Spec
}

// mayHalt says whether all nodes may be stopped, jobs aside: those that are cut off could not be, and would keep all others
// down, as would one that finds no room for what it needs afterwards, and an authority that is missing. Once begun nothing holds
// it back.
func (v View) mayHalt() (Reason, bool) {
	if v.FullStop {
		return Reason{}, true
	}
	if v.Master != "" {
		return Reason{Why: WhyMaster, Waits: v.Master}, false
	}
	if v.Certificates.Unsigned[v.Target.ID] {
		return Reason{Why: WhyAuthority}, false
	}
	for _, name := range v.digest.order {
		record := v.Records[name]
		if record.Pod.Type != tasks.NodePod || v.conceded(record) {
			continue
		}
		if agent, cut := v.cutOff(record); cut {
			return v.cutReason(record, agent), false
		}
		if v.crosses(record) && noRoom(v, record) {
			return Reason{Why: WhyRoom, Waits: agentName(record), Detail: v.Looks[record.Task]}, false
		}
	}
	return Reason{}, true
}

func (v View) cutReason(record *tasks.Record, agent string) Reason {
	return Reason{Why: WhyFullStop, Waits: "agent " + agent + ", which cannot be reached", Since: record.Away,
		Detail: fmt.Sprintf("%s may run there; bring the agent back, or mark it gone at the master when its machine is lost for good, or, when "+
			"you know that it does not run, plan force-complete %s %s %s", record.Task, DeployPlan, FullStopPhase, stepName(record.Pod, record.Spec))}
}

// fullStop is the phase, one step a node that was launched.
func fullStop(view View, spec tasks.PodSpec) (Phase, bool) {
	if !view.digest.halt.wanted {
		return Phase{}, false
	}
	phase := Phase{Name: FullStopPhase, Strategy: Parallel}
	for _, step := range deploySteps(view, spec, nil) {
		record := view.Records[step.Task]
		step := Step{Name: step.Name, Pod: step.Pod, Spec: step.Spec, Task: step.Task, FullStop: true}
		if agent, runs := view.Leftovers[step.Task]; runs {
			step.Status, step.Reason = Pending, Reason{Why: WhyLeftover, Waits: agent}
		} else if record == nil {
			continue
		} else {
			step.Status, step.Reason = halting(view, record)
		}
		phase.Steps = append(phase.Steps, step)
	}
	return phase, true
}

// halting judges a node that makes way for the other mode.
func halting(view View, record *tasks.Record) (Status, Reason) {
	agent, cut := view.cutOff(record)
	switch {
	case view.over(record):
		return Complete, Reason{}
	case cut:
		return Pending, view.cutReason(record, agent)
	case record.Stopped():
		reason := stopping(view, record)
		reason.Detail = "all nodes stop together: the last of them have nobody to drain to, and are ended by SIGKILL then"
		return Prepared, reason
	case view.digest.halt.may:
		return Pending, Reason{Why: WhyFullStop, Waits: "its turn"}
	}
	return Pending, view.digest.halt.why
}

// bound puts the steps of the nodes into the order of a full stop: until every node has ended none is launched by this plan, and
// before the stop began whatever fails is recovery's, as it was.
func (h halt) bound(phase *Phase, view View) {
	if !h.open {
		return
	}
	for i := range phase.Steps {
		step := &phase.Steps[i]
		if record := view.Records[step.Task]; record == nil || view.crosses(record) || record.Status.State.Ended() && step.Status != Complete {
			step.Unbound, step.Status, step.Reason = false, Pending, Reason{Why: WhyEarlier, Waits: "phase " + FullStopPhase}
		}
	}
}

// bars says that a launch has to wait for a full stop, or would bring a node back in the mode that the cluster leaves.
func (v View) bars(launch Launch) bool {
	h := v.digest.halt
	switch {
	case IsJobs(launch.Plan):
		return h.wanted && h.jobs
	case launch.Step.Pod.Type != tasks.NodePod || !h.wanted:
		return false
	}
	target, known := v.Targets[launch.TargetID]
	old := known && target.Service.Secure != v.Target.Service.Secure
	switch {
	case launch.Scout:
		return h.begun
	case !h.open:
		return old
	case !old || h.begun:
		return true
	}
	for _, record := range v.Records {
		if record.Pod.Type == tasks.NodePod && !v.crosses(record) && !record.Status.State.Ended() {
			return true
		}
	}
	return false
}

// MayFullStop says whether all nodes may be stopped together, and what is waited for if not.
func MayFullStop(view View) (bool, Reason) {
	view = view.digested()
	return view.digest.halt.may, view.digest.halt.why
}

// FullStopOver says that no node is left of the other mode, and every one was ready in the new one but those that a person has paused:
// they never are, and come back in the new mode.
func FullStopOver(view View) bool {
	for _, record := range view.Records {
		if record.Pod.Type != tasks.NodePod {
			continue
		}
		if view.crosses(record) || !record.Reached && !record.Paused && !record.Idling {
			return false
		}
	}
	return true
}
