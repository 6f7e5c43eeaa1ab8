package api

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

func (h handlers) version(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, wire.Version{Scheduler: h.options.Version, Database: h.options.Database})
}
