package plans_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func left(agent string, change ...func(*plans.Left)) *plans.Left {
	l := &plans.Left{Agent: tasks.Agent{ID: "S-" + agent, Hostname: agent}, Tasks: []plans.LeftTask{{ID: "t-" + agent, State: tasks.Killed}},
		Resources: []plans.LeftResource{{ID: "r-" + agent, Kind: tasks.CPUs}, {ID: "v-" + agent, Kind: tasks.Disk, Volume: "volume"}}}
	for _, do := range change {
		do(l)
	}
	return l
}

// TestTheUninstallPlan: each state of what is left gives a step its status, and the phases keep the SDK's names and order.
func TestTheUninstallPlan(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	runs := func(l *plans.Left) { l.Tasks[0].State = tasks.Running }
	away := func(l *plans.Left) { l.Away, l.Tasks[0].State = noon, tasks.Unreachable }
	given := func(l *plans.Left) { l.Resources[0].Given, l.Resources[1].Given = noon, noon }
	gone := func(l *plans.Left) { l.Resources[0].Gone, l.Resources[1].Gone = true, true }
	for _, tt := range []struct {
		name  string
		view  plans.View
		left  []*plans.Left
		want  []string
		ready bool
	}{
		{"everything runs", plans.View{}, []*plans.Left{left("b", runs), left("a", runs)}, []string{
			"deploy IN_PROGRESS", "kill-tasks IN_PROGRESS", "kill-task-t-a PREPARED ending", "kill-task-t-b PREPARED ending",
			"unreserve-resources-a PENDING", "unreserve-r-a PENDING in-use", "unreserve-v-a PENDING in-use",
			"unreserve-resources-b PENDING", "unreserve-r-b PENDING in-use", "unreserve-v-b PENDING in-use",
			"deregister-service PENDING", "deregister PENDING earlier-step"}, false},
		{"no master", plans.View{Master: "not connected"}, []*plans.Left{left("a", runs)}, []string{
			"deploy PENDING", "kill-tasks PENDING", "kill-task-t-a PENDING master", "unreserve-resources-a PENDING", "unreserve-r-a PENDING master",
			"unreserve-v-a PENDING master", "deregister-service PENDING", "deregister PENDING earlier-step"}, false},
		{"ended, and given back on one", plans.View{}, []*plans.Left{left("a"), left("b", given)}, []string{
			"deploy IN_PROGRESS", "kill-tasks COMPLETE", "kill-task-t-a COMPLETE ", "kill-task-t-b COMPLETE ",
			"unreserve-resources-a PENDING", "unreserve-r-a PENDING holds", "unreserve-v-a PENDING holds",
			"unreserve-resources-b IN_PROGRESS", "unreserve-r-b PREPARED given-back", "unreserve-v-b PREPARED given-back",
			"deregister-service PENDING", "deregister PENDING earlier-step"}, false},
		{"a lost agent", plans.View{}, []*plans.Left{left("a", away), left("b", gone)}, []string{
			"deploy IN_PROGRESS", "kill-tasks IN_PROGRESS", "kill-task-t-a PENDING cut-off", "kill-task-t-b COMPLETE ",
			"unreserve-resources-a PENDING", "unreserve-r-a PENDING lost-agent", "unreserve-v-a PENDING lost-agent",
			"unreserve-resources-b COMPLETE", "unreserve-r-b COMPLETE ", "unreserve-v-b COMPLETE ",
			"deregister-service PENDING", "deregister PENDING earlier-step"}, false},
		{"all gone, a look round", plans.View{LookUntil: noon.Add(time.Second)}, []*plans.Left{left("a", gone)}, []string{
			"deploy IN_PROGRESS", "kill-tasks COMPLETE", "kill-task-t-a COMPLETE ", "unreserve-resources-a COMPLETE", "unreserve-r-a COMPLETE ",
			"unreserve-v-a COMPLETE ", "deregister-service PENDING", "deregister PENDING look"}, false},
		{"all gone but a task that ends with the framework", plans.View{}, []*plans.Left{left("a", away, gone)}, []string{
			"deploy IN_PROGRESS", "kill-tasks PENDING", "kill-task-t-a PENDING cut-off", "unreserve-resources-a COMPLETE", "unreserve-r-a COMPLETE ",
			"unreserve-v-a COMPLETE ", "deregister-service IN_PROGRESS", "deregister PREPARED teardown"}, true},
		{"over", plans.View{Removed: true}, []*plans.Left{left("a", away)}, []string{
			"deploy COMPLETE", "kill-tasks COMPLETE", "kill-task-t-a COMPLETE ", "unreserve-resources-a COMPLETE", "unreserve-r-a COMPLETE ",
			"unreserve-v-a COMPLETE ", "deregister-service COMPLETE", "deregister COMPLETE "}, false},
		{"nothing was there", plans.View{}, []*plans.Left{}, []string{"deploy IN_PROGRESS", "kill-tasks COMPLETE", "deregister-service IN_PROGRESS",
			"deregister PREPARED teardown"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			view := tt.view
			view.Now, view.Uninstall, view.Removal = noon, true, &plans.Removal{Left: map[string]*plans.Left{}}
			for _, one := range tt.left {
				view.Removal.Left[one.Agent.ID] = one
			}
			all := plans.Derive(view)
			if got := shape(all[0]); !slices.Equal(got, tt.want) || len(all) != 1 {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
			}
			if plans.MayDeregister(all) != tt.ready {
				t.Errorf("may deregister: %v", !tt.ready)
			}
			if work := plans.Next(view, all); len(work.Launches)+len(work.Stops)+len(work.GiveUps) > 0 {
				t.Errorf("work: %+v", work)
			}
		})
	}
	if plan := plans.Derive(plans.View{Uninstall: true})[0]; plan.Status != plans.Complete || plan.Name != "deploy" || len(plan.Phases) > 0 {
		t.Errorf("without anything: %+v", plan)
	}
}

// TestASkippedPhaseIsDone: force-complete is kept by step, and lets the framework be removed.
func TestASkippedPhaseIsDone(t *testing.T) {
	lost := left("a", func(l *plans.Left) { l.Away, l.Tasks[0].State = time.Unix(1, 0), tasks.Unreachable })
	view := plans.View{Uninstall: true, Removal: &plans.Removal{Left: map[string]*plans.Left{"S-a": lost}}}
	hand := plans.Hand{}.Clone()
	for _, step := range plans.Derive(view)[0].Phases[1].Steps {
		hand.Done[step.ID] = step.Matter(view, plans.DeployPlan)
	}
	view.Hands = map[string]plans.Hand{plans.DeployPlan: hand}
	if all := plans.Derive(view); all[0].Phases[1].Status != plans.Complete || !plans.MayDeregister(all) {
		t.Errorf("got %s", strings.Join(shape(all[0]), "\n"))
	}
}

func shape(plan plans.Plan) []string {
	lines := []string{fmt.Sprintf("%s %s", plan.Name, plan.Status)}
	for _, phase := range plan.Phases {
		lines = append(lines, fmt.Sprintf("%s %s", phase.Name, phase.Status))
		for _, step := range phase.Steps {
			lines = append(lines, fmt.Sprintf("%s %s %s", step.Name, step.Status, step.Reason.Why))
			if step.Status != plans.Complete && step.Reason.String() == "" {
				lines = append(lines, "without a word")
			}
		}
	}
	return lines
}
