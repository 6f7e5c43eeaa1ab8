package core

import (
	"log/slog"
	"net/http"
	"slices"

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
		f.knownCluster(e.ClusterID, record.Task)
		// A node that speaks is there, whether or not a status update has come yet: its volume holds data.
		if !record.Confirmed {
			confirmed := *record
			f.confirmed(&confirmed)
			f.put(confirmed)
		}
		f.buried(e)
		f.reply(e.Request, http.StatusOK, "noted")
	}
}

// knownCluster keeps the cluster's id for good.
func (f *frame) knownCluster(id, by string) {
	if f.Facts.Cluster.ID == "" {
		f.log(slog.LevelInfo, "cluster known", "cluster", id, "by", by)
	}
	f.Facts.Cluster.Initialised, f.Facts.Cluster.ID = true, id
}

// databaseSeen takes in what the nodes say of the database.
func (f *frame) databaseSeen(e DatabaseSeen) {
	f.Database = plans.Database{}
	f.learnCluster(e)
	for _, node := range e.Nodes {
		f.Database[node.Task] = node
		f.attested(node)
		record := f.Facts.Records[node.Task]
		// A node keeps its number as long as its volume: another one under the same task is another node at that address.
		if node.NodeID != 0 && record != nil && record.TaskID == node.TaskID && record.NodeID == 0 {
			named := *record
			named.NodeID = node.NodeID
			f.put(named)
		}
	}
}

// buried notes which dead nodes the database has taken out of its list.
func (f *frame) buried(e ClusterReport) {
	record := f.recordOf(e.TaskID)
	left := slices.DeleteFunc(slices.Clone(record.DeadNodes), func(id int) bool { return slices.Contains(e.DeadNodes, id) })
	if len(left) == len(record.DeadNodes) {
		return
	}
	f.log(slog.LevelInfo, "the database has taken out the node of a replaced pod", "task", record.Task, "nodes", e.DeadNodes)
	changed := *record
	changed.DeadNodes = left
	f.put(changed)
}

func (f *frame) reply(request uint64, code int, message string) {
	f.rest = append(f.rest, Reply{Request: request, Code: code, Message: message})
}
