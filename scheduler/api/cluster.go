package api

import (
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
)

// A clusterReport is what a node sends. Fields that are not known here are left alone: a newer helper may send more.
type clusterReport struct {
	ClusterID string `json:"clusterId"`
	TaskID    string `json:"taskId"`
	// DeadNodes are numbers of the pod's earlier nodes that the database has taken out.
	DeadNodes []int `json:"deadNodes"`
}

// cluster takes a node's report of the cluster that it belongs to, and of dead nodes that it had the database take out:
// {"clusterId": …, "taskId": …, "deadNodes": […]}. The task id, which only the scheduler, Mesos and the task know, says who
// speaks. 200 noted, 404 no such task, 409 another cluster, 503
// no answer in time.
func (h handlers) cluster(w http.ResponseWriter, r *http.Request) {
	var report clusterReport
	if err := readJSON(r.Body, &report); err != nil {
		badBody(w, err, "report", `{"clusterId": "…", "taskId": "…"}`)
		return
	}
	reply, err := h.source.Ask(r.Context(), core.ClusterReport{TaskID: report.TaskID, ClusterID: report.ClusterID, DeadNodes: report.DeadNodes})
	if err != nil {
		plain(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	answer(w, reply.Code, wire.Message{Message: reply.Message})
}
