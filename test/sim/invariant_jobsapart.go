package sim

import (
	"fmt"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var jobsApart = Invariant{Name: "jobs-apart", begin: beginJobsApart,
	Says: "Deploy and recovery never speak of the pod that runs jobs, and no order for it is ever taken."}

func beginJobsApart() check {
	return func(w *World, at Moment) error {
		if _, is := at.(Framed); !is {
			return nil
		}
		for i := range w.state.Plans {
			plan := &w.state.Plans[i]
			if plans.IsJobs(plan.Name) {
				continue
			}
			for _, phase := range plan.Phases {
				for j := range phase.Steps {
					if phase.Steps[j].Pod.Type == tasks.AdminPod {
						return fmt.Errorf("the plan %s has the step %s", plan.Name, phase.Steps[j].Name)
					}
				}
			}
		}
		return nil
	}
}
