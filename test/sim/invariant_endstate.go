package sim

import (
	"fmt"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var endState = Invariant{Name: "end-state", begin: beginEndState,
	Says: "Once faults stop, the end state depends only on the last wish, and is reached in bounded time: one ready task for " +
		"each pod of the target, of its size, under its command, nothing paused, asked for or given up, no other task, and " +
		"offers shut."}

func beginEndState() check {
	return func(w *World, at Moment) error {
		settled, is := at.(Settled)
		if !is {
			return nil
		}
		return atEnd(w, settled.Wish)
	}
}

func atEnd(w *World, wish Wish) error {
	facts := w.state.Facts
	if !tasks.Same(facts.Target(), w.Target) {
		return fmt.Errorf("the target in force is not the last one that was asked for")
	}
	var want []string
	for _, pod := range facts.Target().Pods {
		for index := range pod.Count {
			for _, task := range pod.TasksOf(index) {
				if task.Goal == tasks.GoalRunning {
					want = append(want, tasks.Pod{Type: pod.Type, Index: index}.Task(task.Name))
				}
			}
		}
	}
	slices.Sort(want)
	if got := w.names(); !slices.Equal(got, want) {
		return fmt.Errorf("records of %v, want %v", got, want)
	}
	mem := map[string]float64{}
	for _, framework := range w.Model.State().Frameworks {
		for _, task := range framework.Tasks {
			if tasks.State(task.State.String()).Alive() {
				mem[task.Info.TaskID.Value] = memOf(task.Info.Resources)
			}
		}
	}
	for _, name := range want {
		if err := asWished(w, w.records[name], mem, wish); err != nil {
			return err
		}
	}
	if len(mem) != len(want) {
		return fmt.Errorf("%d tasks live, want %d", len(mem), len(want))
	}
	if problems := w.Problems(); len(problems) > 0 {
		return fmt.Errorf("the model was told what it had no place for: %v", problems)
	}
	return nil
}

// beside is what a task has beside its own memory, in MB: a task that is launched alone has what its executor would have.
func (w *World) beside(record *tasks.Record) float64 {
	if !w.state.Link.Alone {
		return 0
	}
	pod, _ := w.state.Facts.Target().Pod(record.Pod.Type)
	return pod.Overhead.Mem.Float()
}

func asWished(w *World, record *tasks.Record, mem map[string]float64, wish Wish) error {
	size, lives := mem[record.TaskID]
	switch {
	case !lives || !record.Ready():
		return fmt.Errorf("%s is %s, ready %v, at the master %v", record.Task, record.Status.State, record.Ready(), lives)
	case record.TargetID != w.state.Facts.TargetID:
		return fmt.Errorf("%s runs under the target %s, want %s", record.Task, record.TargetID, w.state.Facts.TargetID)
	case record.Paused || record.Idling:
		return fmt.Errorf("%s is paused", record.Task)
	case record.Asked != nil || !record.GivenUp.IsZero() || record.Stopped() || record.Recovering:
		return fmt.Errorf("%s is not done: asked %+v, given up %v, stopping %v, recovering %v", record.Task, record.Asked,
			!record.GivenUp.IsZero(), record.Stopped(), record.Recovering)
	case isNode(record) && size != float64(wish.Mem)+w.beside(record):
		return fmt.Errorf("%s has %g MB, want %d", record.Task, size, wish.Mem)
	}
	return nil
}
