package core

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

func TestAReportOfACluster(t *testing.T) {
	known := Cluster{Initialised: true, ID: "c1"}
	metrics := &tasks.Record{Pod: tasks.Pod{Type: tasks.MetricsPod}, Task: "metrics-0-server", TaskID: "m0", TargetID: "t1",
		Status: tasks.Status{State: tasks.Running}, Confirmed: true, Reached: true}
	for _, tt := range []struct {
		name  string
		old   Cluster
		event ClusterReport
		want  []string
		after Cluster
	}{
		{"the first", Cluster{}, ClusterReport{TaskID: "id0", ClusterID: "c1"}, []string{"write cluster", "reply 200 to 7"}, known},
		{"the same again writes nothing", known, ClusterReport{TaskID: "id0", ClusterID: "c1"}, []string{"reply 200 to 7"}, known},
		{"another cluster", known, ClusterReport{TaskID: "id0", ClusterID: "c2"}, []string{"reply 409 to 7"}, known},
		{"no cluster", known, ClusterReport{TaskID: "id0"}, []string{"reply 400 to 7"}, known},
		{"a stranger", known, ClusterReport{TaskID: "id9", ClusterID: "c1"}, []string{"reply 404 to 7"}, known},
		{"a task that is no node", Cluster{}, ClusterReport{TaskID: "m0", ClusterID: "c1"}, []string{"reply 404 to 7"}, Cluster{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stored := facts(node(0, tasks.Running), node(1, tasks.Running), node(2, tasks.Running), metrics)
			stored.Cluster = tt.old
			l := quiet(t, stored)
			tt.event.Request = 7
			same(t, l.take(tt.event), tt.want)
			if l.state.Facts.Cluster != tt.after {
				t.Errorf("got %+v", l.state.Facts.Cluster)
			}
		})
	}
}

func TestAReportConfirmsTheLaunch(t *testing.T) {
	first := node(0, tasks.Staging)
	unconfirmed(first)
	l := quiet(t, facts(first))
	same(t, l.take(ClusterReport{TaskID: "id0", ClusterID: "c1", Request: 7}),
		[]string{"write cluster records/" + first.Task, "reply 200 to 7"})
	if !l.state.Facts.Records[first.Task].Confirmed {
		t.Error("a node that speaks is not taken for there: its volume could be given up")
	}
}

// A node that speaks has data, whatever Mesos has told of it: its launch must not be forgotten as one that never arrived.
func TestAReportConfirmsALaunch(t *testing.T) {
	stored := facts(node(0, tasks.Running), node(1, tasks.Staging, unconfirmed))
	stored.Cluster.ID = "c1"
	l := quiet(t, stored)
	report := ClusterReport{TaskID: "id1", ClusterID: "c1", Request: 7}
	same(t, l.take(report), []string{"write records/cockroachdb-1-node-join", "reply 200 to 7"})
	same(t, l.take(report), []string{"reply 200 to 7"})
	l.take(bare(update("id1", tasks.Lost)))
	if record := l.record(1); record == nil || record.Held[0].ID() != "cpus-A1" {
		t.Error("its place was given up")
	}
	report.ClusterID = "c2"
	stored = facts(node(1, tasks.Staging, unconfirmed))
	stored.Cluster.ID = "c1"
	l = quiet(t, stored)
	same(t, l.take(report), []string{"reply 409 to 7"})
	if l.record(1).Confirmed {
		t.Error("a node of another cluster counts as ours")
	}
}
