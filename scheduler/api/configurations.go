package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/google/uuid"
)

func (h handlers) configurations(w http.ResponseWriter, _ *http.Request) {
	ids := wire.Names{}
	for id := range h.source.Snapshot().Facts.Targets {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	answer(w, http.StatusOK, ids)
}

func (h handlers) target(w http.ResponseWriter, _ *http.Request) {
	target, ok := currentTarget(w, h.source.Snapshot())
	if ok {
		answer(w, http.StatusOK, specOf(target))
	}
}

func (h handlers) targetID(w http.ResponseWriter, _ *http.Request) {
	target, ok := currentTarget(w, h.source.Snapshot())
	if ok {
		answer(w, http.StatusOK, wire.Names{target.ID})
	}
}

// currentTarget finds the target in force, or says that there is none.
func currentTarget(w http.ResponseWriter, state core.State) (tasks.Target, bool) {
	target, ok := state.Facts.Targets[state.Facts.TargetID]
	if !ok {
		plain(w, http.StatusNotFound, "Target configuration not found")
	}
	return target, ok
}

func (h handlers) configuration(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := uuid.Parse(id); err != nil {
		plain(w, http.StatusBadRequest, fmt.Sprintf("Not a configuration id (a UUID): %s", id))
		return
	}
	target, ok := h.source.Snapshot().Facts.Targets[id]
	if !ok {
		plain(w, http.StatusNotFound, fmt.Sprintf("Configuration %s not found", id))
		return
	}
	answer(w, http.StatusOK, specOf(target))
}
