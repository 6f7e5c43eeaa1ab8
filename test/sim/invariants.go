package sim

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// watch holds what invariants must remember of a history.
type watch struct {
	// ready are the volumes of nodes that were ready once: they hold data.
	ready map[string]string
	// told are the ids of tasks that a KILL left for.
	told map[string]bool
	// shut is since when offers have been shut at the master although a launch is wanted, zero when they are not.
	shut time.Time
}

// longestShut is how long offers may be shut while something is wanted: a REVIVE may get lost, and then another.
const longestShut = 5 * time.Minute

func newWatch() watch { return watch{ready: map[string]string{}, told: map[string]bool{}} }

// check holds after every frame: Mesos never runs two tasks of one name, and offers are open while a launch is wanted.
func (x *watch) check(w *World) error {
	for task, record := range w.state.Facts.Records {
		if id := record.VolumeID(); record.Reached && id != "" {
			x.ready[id] = task
		}
	}
	state := w.Model.State()
	if err := x.open(w, state); err != nil {
		return err
	}
	seen := map[string]string{}
	for _, framework := range state.Frameworks {
		for _, task := range framework.Tasks {
			if !tasks.State(task.State.String()).Alive() {
				continue
			}
			name, id := task.Info.Name, task.Info.TaskID.Value
			if other, ok := seen[name]; ok && !w.StoreLost {
				return fmt.Errorf("two tasks %s run at once: %s and %s", name, other, id)
			}
			seen[name] = id
		}
	}
	return nil
}

// open says what is wrong with the tap of offers as the master has it: what the core believes does not count.
func (x *watch) open(w *World, state model.State) error {
	shut := false
	for _, framework := range state.Frameworks {
		shut = shut || framework.ID == w.FrameworkID() && len(framework.Suppressed) > 0
	}
	if !shut || !w.alive || !w.state.Link.Connected || !w.wants() {
		x.shut = time.Time{}
		return nil
	}
	if x.shut.IsZero() {
		x.shut = w.Now()
	}
	if since := w.Now().Sub(x.shut); since > longestShut {
		return fmt.Errorf("offers have been shut for %s while a launch is wanted", since)
	}
	return nil
}

// wants says that a launch waits for an offer.
func (w *World) wants() bool {
	view := plans.View{Now: w.state.Now, Target: w.state.Facts.Target(), Records: w.state.Facts.Records, Delays: w.state.Delays}
	return len(plans.Next(view, w.state.Plans).Launches) > 0
}

// leaving holds when a call leaves.
func (x *watch) leaving(w *World, call core.Call) error {
	switch call := call.(type) {
	case core.Accept:
		return x.launching(w, call)
	case core.Kill:
		return x.killing(w, call)
	}
	return nil
}

// killing holds when a task is told to end for the first time. When that is a node that makes way for a new target, its end
// is stored, nobody else is on the way down by our hand, and if it has served, all others that have are up. A KILL that is
// repeated takes nobody down who is not going down already.
func (x *watch) killing(w *World, kill core.Kill) error {
	first := !x.told[kill.TaskID]
	x.told[kill.TaskID] = true
	facts, err := core.Decode(w.Store)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	var target *tasks.Record
	for _, record := range facts.Records {
		if record.TaskID == kill.TaskID && record.Pod.Type == tasks.NodePod {
			target = record
		}
	}
	if !first || target == nil {
		return nil
	}
	if !target.Stopped() {
		return fmt.Errorf("%s is killed, and that is not stored", target.Task)
	}
	for name, other := range facts.Records {
		switch {
		case other == target || other.Pod.Type != tasks.NodePod:
		case other.Stopped() && other.Status.State.Alive():
			return fmt.Errorf("%s is killed while %s is being stopped", target.Task, name)
		case target.Reached && other.Reached && !other.Ready():
			return fmt.Errorf("%s is killed while %s is %s and not ready", target.Task, name, other.Status.State)
		}
	}
	return nil
}

// launching holds when an ACCEPT leaves.
func (x *watch) launching(w *World, accept core.Accept) error {
	for _, volume := range accept.Destroy {
		if task, held := x.ready[volume.PersistenceID()]; held {
			return fmt.Errorf("the volume %s of %s, which was ready once, is destroyed", volume.PersistenceID(), task)
		}
	}
	if accept.Launch == nil {
		return nil
	}
	record := accept.Launch.Record
	stored, err := w.stored(record.Task)
	if err != nil || stored.TaskID != record.TaskID {
		return fmt.Errorf("%s leaves as %s before it is stored (%v)", record.Task, record.TaskID, err)
	}
	if len(w.state.Reconcile.Waiting) > 0 {
		return fmt.Errorf("%s is launched before reconciliation is done", record.Task)
	}
	if record.Init && strings.Contains(string(w.Store["cluster"]), `"initialised": true`) {
		return fmt.Errorf("%s may initialise although the cluster was initialised", record.Task)
	}
	return nil
}

// stored is the record of a task as a successor would read it.
func (w *World) stored(task string) (tasks.Record, error) {
	var record tasks.Record
	data, ok := w.Store["records/"+task]
	if !ok {
		return record, fmt.Errorf("no record of %s", task)
	}
	return record, json.Unmarshal(data, &record)
}
