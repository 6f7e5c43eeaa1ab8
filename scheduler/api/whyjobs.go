package api

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// waitingJobs are the backups, restores and verifications that were asked for and are held back. One that works, one that
// ended, and a plan that nobody asked for wait for nothing.
func waitingJobs(state core.State) []wire.Waiting {
	var list []wire.Waiting
	for _, plan := range state.Plans {
		if !plans.IsJobs(plan.Name) {
			continue
		}
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				job, known := state.Facts.Jobs[step.ID]
				if !known || job.State.Ended() || step.Status == plans.Complete || step.Reason.Why == plans.WhyJob {
					continue
				}
				waiting := openStep(state, step)
				waiting.Plan, waiting.Phase = plan.Name, phase.Name
				waiting.Text = fmt.Sprintf("%s of %s (job %s): %s", job.Kind, job.Params.Target(), job.ID, waiting.Text)
				if waiting.Refusals == nil || waiting.Remedy == "" {
					waiting.Remedy = jobRemedy(job, step.Reason)
				}
				list = append(list, waiting)
			}
		}
	}
	return list
}

// jobRemedy is what a person can do for a job that is held back.
func jobRemedy(job tasks.Job, reason plans.Reason) string {
	cancel := "backup cancel " + job.ID
	switch reason.Why {
	case plans.WhyOffers:
		return "See that the master lists agents with room for a job (BACKUP_CPUS, BACKUP_MEM_MB, BACKUP_DISK_MB), and that neither quota nor weights keep offers from the service's role."
	case plans.WhyAgent:
		return fmt.Sprintf("Bring the agent back; the job is given up when it stays away, or at once with %s.", cancel)
	case plans.WhyDelay:
		return fmt.Sprintf("Read the task's stdout, then its stderr, for why it ended before it began; %s ends the tries.", cancel)
	case plans.WhyPlan:
		return fmt.Sprintf("Let the plan go on (plan resume %s), or end the job (%s).", job.Kind, cancel)
	}
	return ""
}
