package api

import (
	"encoding/json"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// cluster takes a node's report of the cluster that it belongs to: {"clusterId": …, "taskId": …}. The task id, which
// only the scheduler, Mesos and the task know, says who speaks. 200 noted, 404 no such task, 409 another cluster.
func (h handlers) cluster(w http.ResponseWriter, r *http.Request) {
	var report struct {
		ClusterID string `json:"clusterId"`
		TaskID    string `json:"taskId"`
	}
	if err := json.NewDecoder(r.Body).Decode(&report); err != nil {
		plain(w, http.StatusBadRequest, "Couldn't parse the report: "+err.Error())
		return
	}
	reply, err := h.source.Report(r.Context(), report.TaskID, report.ClusterID)
	if err != nil {
		plain(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	answer(w, reply.Code, wire.Message{Message: reply.Message})
}

func (h handlers) version(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, wire.Version{Scheduler: h.options.Version, Database: h.options.Database})
}

// helper serves cockroachdb-node to the tasks, so that an installation needs no second download.
func (h handlers) helper(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeFile(w, r, h.options.Helper)
}
