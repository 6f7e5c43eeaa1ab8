package render

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Offers writes what came of the last offers: first the sum by task, then each offer. Errors are those of w.
func Offers(w io.Writer, offers wire.DebugOffers) error {
	var out strings.Builder
	fmt.Fprintf(&out, "Offers used since the scheduler started: %d. Refused in the last minutes: %d.\n", offers.Accepted, offers.Rejected)
	for _, task := range slices.Sorted(maps.Keys(offers.Summary)) {
		out.WriteString("\n" + word(task) + "\n")
		refusals(&out, offers.Summary[task], time.Time{})
	}
	if len(offers.Offers) > 0 {
		var rows [][]string
		for _, outcome := range offers.Offers {
			rows = append(rows, []string{Moment(outcome.Timestamp), outcome.Pod, outcome.Offer.Hostname, outcome.Outcome, strings.Join(outcome.Explanation, "; ")})
		}
		out.WriteString("\n")
		table(&out, "", []string{"time", "step", "agent", "outcome", "why"}, rows)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// DebugPlans writes the scheduler's state, and each plan as a tree with its figures. Errors are those of w.
func DebugPlans(w io.Writer, d wire.DebugPlans) error {
	active := "none"
	if len(d.Active) > 0 {
		active = strings.Join(d.Active, ", ")
	}
	if err := Pairs(w, []Pair{{"scheduler", d.State}, {"active", active}}); err != nil {
		return err
	}
	for _, plan := range d.Plans {
		root := branch{label: fmt.Sprintf("\n%s (%d of %d steps complete)", element(plan.Name, plan.Strategy, plan.Status), plan.Completed, plan.Total)}
		for _, phase := range plan.Phases {
			node := branch{label: element(phase.Name, phase.Strategy, phase.Status)}
			for _, step := range phase.Steps {
				node.children = append(node.children, branch{
					label: fmt.Sprintf("%s (%s)", word(step.Name), word(string(step.Status))), notes: step.Errors})
			}
			root.children = append(root.children, node)
		}
		if err := root.write(w, Options{}); err != nil {
			return err
		}
	}
	return nil
}

// TaskStatuses writes the tasks behind each step. Errors are those of w.
func TaskStatuses(w io.Writer, plans wire.DebugStatuses) error {
	var rows [][]string
	for _, plan := range plans {
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if len(step.Tasks) == 0 {
					rows = append(rows, []string{plan.Name, step.Name, "-", "not launched", "-"})
				}
				for _, task := range step.Tasks {
					rows = append(rows, []string{plan.Name, step.Name, task.Name, task.Status, task.ID})
				}
			}
		}
	}
	return Table(w, []string{"plan", "step", "task", "status", "task id"}, rows)
}
