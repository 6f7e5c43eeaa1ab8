package plans

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// IsJobs says that a plan is one of jobs: backup, restore or verify.
func IsJobs(plan string) bool { return slices.Contains(tasks.JobKinds, tasks.JobKind(plan)) }

// Jobs is the plan of one kind of job: a step for each that is under way, one after the other in the order in which they were
// asked for. While there is none it shows the last one that ended, and waits as the SDK's plans do that nobody started.
func Jobs(view View, kind tasks.JobKind) Plan {
	plan := Plan{Name: string(kind), Strategy: Serial}
	open, last := jobsOf(view, kind)
	shown := open
	if len(open) == 0 && last.ID != "" {
		shown = []tasks.Job{last}
	}
	var steps []Step
	for i, job := range shown {
		step := blank(kind)
		step.ID = job.ID
		step.Status, step.Reason = jobStep(view, job)
		if i > 0 && (step.Status == Pending || step.Status == Prepared) {
			step.Status, step.Reason = Pending, Reason{Why: WhyEarlier, Waits: fmt.Sprintf("the %s of %s", kind, shown[i-1].Params.Database)}
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		step := blank(kind)
		step.Status, step.Reason = Pending, Reason{Why: WhyUnasked, Waits: string(kind)}
		steps = append(steps, step)
	}
	plan.Phases = []Phase{{Name: string(kind), Strategy: Serial, Steps: steps}}
	name(view, &plan)
	plan.Interrupted = plan.Interrupted || len(shown) == 0
	if len(open) == 0 && last.ID != "" && last.State != tasks.JobSucceeded {
		plan.Errors = []string{jobError(last)}
	}
	return finish(plan)
}

func blank(kind tasks.JobKind) Step {
	return Step{Name: stepName(tasks.AdminInstance, string(kind)), Pod: tasks.AdminInstance, Spec: string(kind), Task: kind.Task()}
}

// jobsOf are the jobs of a kind that are under way, in the order in which they were asked for, and the one that ended last.
func jobsOf(view View, kind tasks.JobKind) (open []tasks.Job, last tasks.Job) {
	for _, job := range view.Jobs {
		switch {
		case job.Kind != kind:
		case !job.State.Ended():
			open = append(open, job)
		case last.ID == "" || cmp.Or(job.Ended.Compare(last.Ended), cmp.Compare(job.ID, last.ID)) > 0:
			last = job
		}
	}
	slices.SortFunc(open, func(a, b tasks.Job) int {
		// What was launched is ahead of what was asked for in the same frame.
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Asked.Compare(b.Asked), cmp.Compare(a.ID, b.ID))
	})
	return open, last
}

func rank(job tasks.Job) int {
	if job.State == tasks.JobRunning {
		return 0
	}
	return 1
}

// jobStep judges one job.
func jobStep(view View, job tasks.Job) (Status, Reason) {
	record := view.Records[job.Kind.Task()]
	switch {
	case job.State == tasks.JobSucceeded:
		return Complete, Reason{}
	case job.State.Ended():
		return Error, Reason{Why: WhyJob, Waits: jobError(job)}
	case record != nil && (record.Job == nil || record.Job.ID != job.ID):
		return Pending, Reason{Why: WhyLeftover, Waits: agentName(record)}
	case record == nil && view.digested().digest.halt.jobs:
		return Pending, Reason{Why: WhyEarlier, Waits: "the full stop of all nodes, see the plan deploy"}
	case record == nil:
		return wanting(view, job.Kind.Task(), nil)
	case record.Stopped() && record.Status.State.Alive():
		return Prepared, stopping(view, record)
	case record.Status.State == tasks.Unreachable:
		return Pending, Reason{Why: WhyAgent, Waits: agentName(record), Since: record.Away, Detail: "the job may go on there"}
	case record.Status.State == tasks.Running:
		return Started, Reason{Why: WhyJob, Waits: fmt.Sprintf("works on %s", record.Agent.Hostname), Since: record.Status.Since}
	}
	return Starting, Reason{Why: WhyLaunched, Waits: record.Agent.Hostname, Detail: string(record.Status.State)}
}

// jobError is why a job ended without success, in one line.
func jobError(job tasks.Job) string {
	text := fmt.Sprintf("%s of %s %s at %s", job.Kind, job.Params.Database, job.State, job.Ended.UTC().Format("2006-01-02 15:04:05 UTC"))
	if job.Problem != "" {
		text += ": " + job.Problem
	}
	if job.Remedy != "" {
		text += " (" + job.Remedy + ")"
	}
	return text
}

// launchJob is the launch of a job whose turn it is, none while another task of its kind has not ended.
func launchJob(view View, plan Plan, step Step) []Launch {
	job, asked := view.Jobs[step.ID]
	if !asked || job.State != tasks.JobQueued || !job.Cancelling.IsZero() || view.Records[step.Task] != nil {
		return nil
	}
	return []Launch{{Plan: plan.Name, Step: step, TargetID: view.Target.ID}}
}
