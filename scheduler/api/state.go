package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// lastCompleted is the SDK's property that says that a deployment was completed once.
const lastCompleted = "last-completed-update-type"

func (h handlers) frameworkID(w http.ResponseWriter, _ *http.Request) {
	id := h.source.Snapshot().Facts.FrameworkID
	if id == "" {
		plain(w, http.StatusNotFound, "Framework ID not found")
		return
	}
	answer(w, http.StatusOK, wire.Names{id})
}

// propertiesOf are the facts that the SDK keeps as properties, by its names: whether a deployment was completed, and
// the last status of each task with its addresses.
func propertiesOf(state core.State) map[string]any {
	found := map[string]any{}
	if state.Facts.Deployed {
		found[lastCompleted] = "DEPLOY"
	}
	if state.Facts.Cluster.Initialised {
		found["cluster"] = state.Facts.Cluster
	}
	for task, record := range state.Facts.Records {
		if len(record.LastIPs) > 0 {
			found[task+":task-status"] = record.Status
		}
	}
	return found
}

func (h handlers) properties(w http.ResponseWriter, _ *http.Request) {
	names := wire.Names{}
	for name := range propertiesOf(h.source.Snapshot()) {
		names = append(names, name)
	}
	slices.Sort(names)
	answer(w, http.StatusOK, names)
}

func (h handlers) property(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	value, ok := propertiesOf(h.source.Snapshot())[name]
	if !ok {
		plain(w, http.StatusNotFound, fmt.Sprintf("Property %s not found", name))
		return
	}
	answer(w, http.StatusOK, value)
}

// refresh answers as the SDK does with its cache switched off: this scheduler reads its store once, at start, and is
// its only writer, so there is no cache that could differ from it.
func (h handlers) refresh(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusConflict, "There is no state cache to refresh: the scheduler is the only writer of its state")
}
