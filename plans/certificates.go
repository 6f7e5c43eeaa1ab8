package plans

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Phases of the plan of certificates. The first three are the stages of a change of authority, by the names that are stored; while
// there is none the plan has the last one alone.
const (
	TrustPhase   = "trust"
	ReissuePhase = "reissue"
	DropPhase    = "drop"
	RenewPhase   = "renew"
)

// phase is the one whose steps are to be taken now.
func (c Certificates) phase() string {
	if c.Stage == "" {
		return RenewPhase
	}
	return c.Stage
}

// Rotate is the plan that brings every node to the certificate that it should have, one node at a time. It launches and stops
// nothing: nodes say what they serve, and the answer says whose turn it is (NextTurn). A node that does not run has nothing to be
// done for, because a launch gets what is current.
func Rotate(view View) Plan {
	plan := Plan{Name: RotatePlan, Strategy: Serial}
	c := view.Certificates
	view = view.digested()
	if c.Stage == "" {
		plan.Phases = []Phase{certificatePhase(view, RenewPhase, func(record *tasks.Record, clashes []clash) (Status, Reason) {
			return certificateOf(view, record, clashes)
		})}
	} else {
		plan.Phases = stagePhases(view)
	}
	name(view, &plan)
	return finish(plan)
}

// stagePhases are the stages of a change of authority: those behind it are complete, and those before it wait for it, for a job
// that runs, or for somebody's word.
func stagePhases(view View) []Phase {
	now := view.Certificates.Stage
	done, _ := StageDone(view)
	job := ""
	if !done && len(Behind(view)) == 0 {
		job = OlderJob(view)
	}
	var phases []Phase
	passed, next := true, false
	for _, stage := range []string{TrustPhase, ReissuePhase, DropPhase} {
		judge := func(*tasks.Record, []clash) (Status, Reason) { return Complete, Reason{} }
		switch {
		case stage == now:
			passed, next = false, true
			judge = func(record *tasks.Record, clashes []clash) (Status, Reason) {
				return certificateOf(view, record, clashes)
			}
		case !passed && next && done && !view.Certificates.Unattended:
			next = false
			judge = func(*tasks.Record, []clash) (Status, Reason) { return Waiting, Reason{Why: WhyWord} }
		case !passed && next && job != "":
			next = false
			judge = func(*tasks.Record, []clash) (Status, Reason) { return Pending, Reason{Why: WhyEarlier, Waits: job} }
		case !passed:
			next = false
			before := "phase " + phases[len(phases)-1].Name
			judge = func(*tasks.Record, []clash) (Status, Reason) { return Pending, Reason{Why: WhyEarlier, Waits: before} }
		}
		phases = append(phases, certificatePhase(view, stage, judge))
	}
	return phases
}

// certificatePhase has a step for each node of the target.
func certificatePhase(view View, name string, judge func(*tasks.Record, []clash) (Status, Reason)) Phase {
	phase := Phase{Name: name, Strategy: Serial}
	spec, _ := view.Target.Pod(tasks.NodePod)
	last, clashes := view.last(RotatePlan, name), clashes(view, "")
	for index := range spec.Count {
		pod := tasks.Pod{Type: spec.Type, Index: index}
		for _, task := range spec.TasksOf(index) {
			if !task.Database {
				continue
			}
			step := Step{Name: stepName(pod, task.Name), Pod: pod, Spec: task.Name, Task: pod.Task(task.Name)}
			if at := len(phase.Steps); at < len(last) && last[at].Task == step.Task {
				step.ID = last[at].ID
			}
			step.Status, step.Reason = judge(view.Records[step.Task], clashes)
			phase.Steps = append(phase.Steps, step)
		}
	}
	return phase
}

// certificateOf judges what a node has against what it should have now.
func certificateOf(view View, record *tasks.Record, clashes []clash) (Status, Reason) {
	c := view.Certificates
	tell := func(status Status, text string) (Status, Reason) {
		return status, Reason{Why: WhyCertificate, Waits: text, Detail: c.Unserved[record.Task]}
	}
	switch {
	case record == nil || record.Status.State.Ended():
		return Complete, Reason{Why: WhyCertificate, Waits: "does not run, its next launch gets what is current"}
	case record.Enrolment == nil && record.Idling:
		return Complete, Reason{Why: WhyCertificate, Waits: "is paused, its next launch gets what is current"}
	case record.Enrolment == nil && !view.Target.Service.Secure:
		return Complete, Reason{}
	case record.Enrolment == nil:
		return Pending, Reason{Why: WhyCertificate, Waits: "runs without TLS until it is launched anew"}
	case view.hasServed(record):
		return Complete, Reason{}
	case record.Status.State == tasks.Unreachable:
		return Pending, Reason{Why: WhyAgent, Waits: agentName(record), Since: record.Away,
			Detail: fmt.Sprintf("the node may run there with its old certificate; pod replace %s gives it up", record.Pod)}
	case !c.able():
		return Pending, Reason{Why: WhyAuthority}
	case record.Serves() == nil:
		if record.Certificate == nil {
			return tell(Starting, "was launched on "+record.Agent.Hostname+" and has not asked for its certificate yet")
		}
		if c.Unserved[record.Task] != "" && view.Now.Sub(record.Launched) >= ServeWithin && view.Now.Sub(record.Certificate.Issued) >= ServeWithin {
			// It has no turn: nothing that is known to be served would be renewed.
			status, reason := tell(Error, "was given its first certificate and does not serve it")
			reason.Detail += fmt.Sprintf("; pod restart %s gives it another one", record.Pod)
			return status, reason
		}
		return tell(Starting, "was given its first certificate and does not serve it yet")
	}
	mine := c.Turn.TaskID != "" && c.Turn.TaskID == record.TaskID
	late := c.lateSince(record, view.Now)
	switch {
	case !late.IsZero():
		status, reason := tell(Error, "was told to get a new certificate, and has served none")
		reason.Since = late
		if reason.Detail != "" {
			reason.Detail += "; "
		}
		reason.Detail += fmt.Sprintf("pod restart %s gives it one", record.Pod)
		if c.Stage != "" {
			reason.Detail += ", and the other nodes wait for that"
		}
		return status, reason
	case record.Serving != nil:
		return tell(Starting, "was given a new certificate and does not serve it yet")
	case mine:
		status, reason := tell(Starting, "is told to get a new certificate")
		reason.Since = c.Turn.Since
		return status, reason
	}
	if text := against(clashes, record.Task); text != "" {
		return tell(Pending, "waits: "+text)
	}
	if turn := view.Records[c.Turn.Task]; turn != nil && c.Turn.Task != record.Task {
		return Pending, Reason{Why: WhyEarlier, Waits: stepName(turn.Pod, turn.Spec)}
	}
	return tell(Pending, "needs a new certificate, and waits for its turn")
}

// unsigned holds the launch of a secure node back while nobody could sign its certificate; a pause needs none.
func (v View) unsigned(pod tasks.Pod, spec, targetID string) bool {
	if !v.Certificates.Unsigned[targetID] {
		return false
	}
	record := v.Records[pod.Task(spec)]
	_, known, _ := v.Target.Spec(pod, spec)
	return known.Database && (record == nil || !record.Paused)
}

// explainUnsigned says so in a step that would be launched otherwise.
func (v View) explainUnsigned(step *Step, targetID string) {
	record := v.Records[step.Task]
	waits := step.Reason.Why == WhyOffers || step.Reason.Why == WhyAgent
	if waits && (record == nil || record.Status.State.Ended()) && v.unsigned(step.Pod, step.Spec, targetID) {
		step.Status, step.Reason = Pending, Reason{Why: WhyAuthority}
	}
}
