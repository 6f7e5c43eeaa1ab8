package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
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
	answer(w, http.StatusOK, specOf(h.source.Snapshot().Facts.Target()))
}

func (h handlers) targetID(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, wire.Names{h.source.Snapshot().Facts.TargetID})
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
