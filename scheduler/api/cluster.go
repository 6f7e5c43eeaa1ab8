package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

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

// Bounds of a report: it is taken from whoever knows a task's id, and stored.
const (
	longestClusterID = 64 // an id is a UUID of 36
	mostDeadNodes    = 1000
)

// problem says why a report is none, empty when it may be one.
func (c clusterReport) problem() string {
	foreign := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
	}
	switch {
	case len(c.ClusterID) > longestClusterID || strings.ContainsFunc(c.ClusterID, foreign):
		return fmt.Sprintf("clusterId is not an id of letters, digits and hyphens, %d at most", longestClusterID)
	case len(c.DeadNodes) > mostDeadNodes || slices.ContainsFunc(c.DeadNodes, func(id int) bool { return id < 1 }):
		return fmt.Sprintf("deadNodes are not numbers from 1 on, %d at most", mostDeadNodes)
	}
	return ""
}

// cluster takes a node's report of the cluster that it belongs to, and of dead nodes that it had the database take out:
// {"clusterId": …, "taskId": …, "deadNodes": […]}. The task id, which only the scheduler, Mesos and the task know, says who
// speaks. 200 noted, 404 no such task, 409 another cluster, 503
// no answer in time.
//
// Whoever may read Mesos' state knows task ids. Such a stranger can, until the first node has reported, name a cluster that is
// not ours, upon which our nodes end themselves; after that the id is fixed. Later he can have a dead node's number forgotten,
// which stays in the database's list as a line. Nothing else can be said here, and nothing is told.
func (h handlers) cluster(w http.ResponseWriter, r *http.Request) {
	var report clusterReport
	if err := readJSON(r.Body, &report); err != nil {
		badBody(w, err, "report", `{"clusterId": "…", "taskId": "…"}`)
		return
	}
	if problem := report.problem(); problem != "" {
		plain(w, http.StatusBadRequest, "Couldn't take the report: "+problem)
		return
	}
	reply, err := h.source.Ask(r.Context(), core.ClusterReport{TaskID: report.TaskID, ClusterID: report.ClusterID, DeadNodes: report.DeadNodes})
	if err != nil {
		plain(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	answer(w, reply.Code, wire.Message{Message: reply.Message})
}
