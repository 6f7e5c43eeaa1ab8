package sim

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

var oneTask = Invariant{Name: "one-task", begin: beginOneTask,
	Says: "Never do two tasks of one pod live on agents that can be reached; when an agent comes back with a task that was " +
		"replaced meanwhile, that task is told to end, and does."}

// longestDouble is how long a task that came back may live beside its replacement: the agent is known, the KILL left, got
// lost once or twice, and the task took its time to end.
const longestDouble = 5 * time.Minute

func beginOneTask() check {
	launches, began := 0, map[string]time.Time{}
	// knows are the tasks that this subscription told the process of, and that are alive.
	knows := map[string]bool{}
	return func(w *World, at Moment) error {
		switch at := at.(type) {
		case Coming:
			knowing(knows, at.Event)
			return nil
		case Settled:
			return noDoubleRuns(w)
		case Turned, Framed:
		default:
			return nil
		}
		launched := len(w.Launches())
		if w.StoreLost || launched == launches && !w.returned && len(began) == 0 {
			return nil
		}
		if _, turned := at.(Turned); turned {
			w.returned = false
		}
		doubles := doubles(w)
		for name, ids := range doubles {
			if first, last := ids[0], ids[len(ids)-1]; launched != launches && last == newest(w) && knows[first] {
				return fmt.Errorf("%s is launched beside %s", last, first)
			}
			if began[name].IsZero() {
				began[name] = w.Now()
			}
			if lived := w.Now().Sub(began[name]); lived > longestDouble {
				return fmt.Errorf("two tasks %s have lived side by side for %s: %s and %s", name, lived, ids[0], ids[1])
			}
		}
		for name := range began {
			if doubles[name] == nil {
				delete(began, name)
			}
		}
		launches = launched
		return nil
	}
}

// noDoubleRuns looks at what really runs: the master may not have heard yet of a task's end.
func noDoubleRuns(w *World) error {
	seen := map[string]string{}
	for _, id := range w.Running() {
		info, _ := w.Info(id)
		if other, is := seen[info.Name]; is {
			return fmt.Errorf("two tasks %s run to the end: %s and %s", info.Name, other, id)
		}
		seen[info.Name] = id
	}
	return nil
}

// knowing follows what the process is told. An agent may come back in the very moment of a launch: the process cannot know.
func knowing(knows map[string]bool, event core.Event) {
	switch event := event.(type) {
	case core.Subscribed:
		clear(knows)
	case core.Updated:
		delete(knows, event.TaskID)
		if event.Status.State.Alive() {
			knows[event.TaskID] = true
		}
	}
}

// doubles are the tasks that live more than once, by name, in order of launch. The master has no task of an agent that it
// cannot reach.
func doubles(w *World) map[string][]string {
	live := map[string][]string{}
	for _, framework := range w.Model.State().Frameworks {
		for _, task := range framework.Tasks {
			if tasks.State(task.State.String()).Alive() {
				live[task.Info.Name] = append(live[task.Info.Name], task.Info.TaskID.Value)
			}
		}
	}
	for name, ids := range live {
		if len(ids) < 2 {
			delete(live, name)
		}
	}
	return live
}

func newest(w *World) string {
	launches := w.Launches()
	return launches[len(launches)-1].Tasks[0].TaskID.Value
}
