package core

import (
	"log/slog"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// reported takes a node's word for the cluster that it belongs to. The first report is kept for good; a node that
// reports another cluster is told so, and its helper stops the database.
func (f *frame) reported(e ClusterReport) {
	record := f.recordOf(e.TaskID)
	switch {
	case record == nil || record.Pod.Type != tasks.NodePod:
		f.reply(e.Request, http.StatusNotFound, "no running database node has this task id")
	case e.ClusterID == "":
		f.reply(e.Request, http.StatusBadRequest, "clusterId is empty")
	case f.Facts.Cluster.ID != "" && f.Facts.Cluster.ID != e.ClusterID:
		f.log(slog.LevelError, "a node reports another cluster", "task", record.Task, "cluster", e.ClusterID,
			"known", f.Facts.Cluster.ID)
		f.reply(e.Request, http.StatusConflict, "this service's cluster is "+f.Facts.Cluster.ID)
	default:
		if f.Facts.Cluster.ID == "" {
			f.log(slog.LevelInfo, "cluster known", "cluster", e.ClusterID, "by", record.Task)
		}
		f.Facts.Cluster.Initialised, f.Facts.Cluster.ID = true, e.ClusterID
		// A node that speaks is there, whether or not a status update has come yet: its volume holds data.
		if !record.Confirmed {
			confirmed := *record
			confirmed.Confirmed = true
			f.put(confirmed)
		}
		f.reply(e.Request, http.StatusOK, "noted")
	}
}

// databaseSeen takes in what the nodes say of the database.
func (f *frame) databaseSeen(e DatabaseSeen) {
	f.Database = plans.Database{}
	for _, node := range e.Nodes {
		f.Database[node.Task] = node
	}
}

func (f *frame) reply(request uint64, code int, message string) {
	f.rest = append(f.rest, Reply{Request: request, Code: code, Message: message})
}
