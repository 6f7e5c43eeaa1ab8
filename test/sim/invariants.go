package sim

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// watch holds what invariants must remember of a history.
type watch struct {
	// ready are the volumes of nodes that were ready once: they hold data.
	ready map[string]string
}

func newWatch() watch { return watch{ready: map[string]string{}} }

// check holds after every frame: Mesos never runs two tasks of one name.
func (x *watch) check(w *World) error {
	for task, record := range w.state.Facts.Records {
		if id := record.VolumeID(); record.Reached && id != "" {
			x.ready[id] = task
		}
	}
	seen := map[string]string{}
	for _, framework := range w.Model.State().Frameworks {
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

// launching holds when a call leaves.
func (x *watch) launching(w *World, call core.Call) error {
	accept, ok := call.(core.Accept)
	if !ok {
		return nil
	}
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
