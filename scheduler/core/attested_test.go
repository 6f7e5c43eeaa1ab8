package core

import (
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// TestANodesWordInPlaceOfACheck: on old Mesos nobody runs readiness checks, and the node's own answer counts. Elsewhere, and of
// another task, it does not.
func TestANodesWordInPlaceOfACheck(t *testing.T) {
	for name, tt := range map[string]struct {
		master string
		change func(*tasks.Record)
		view   plans.NodeView
		want   bool
	}{
		"an answer":                  {"1.2.3", unready, plans.NodeView{TaskID: "id1", Live: 3}, true},
		"silence":                    {"1.2.3", unready, plans.NodeView{TaskID: "id1", Error: "connection refused"}, false},
		"silence after an answer":    {"1.2.3", func(*tasks.Record) {}, plans.NodeView{TaskID: "id1", Error: "no answer"}, false},
		"an answer of the last task": {"1.2.3", unready, plans.NodeView{TaskID: "id9", Live: 3}, false},
		"a paused node":              {"1.2.3", func(r *tasks.Record) { unready(r); r.Paused, r.Idling = true, true }, plans.NodeView{TaskID: "id1", Live: 3}, false},
		"where checks are run":       {"1.3.2", unready, plans.NodeView{TaskID: "id1", Live: 3}, false},
		"failing checks count":       {"1.12.0", func(*tasks.Record) {}, plans.NodeView{TaskID: "id1", Error: "no answer"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, facts(node(0, tasks.Running), node(1, tasks.Running, tt.change), node(2, tasks.Running)))
			subscribed := subscribe
			subscribed.MasterVersion = tt.master
			l.take(subscribed)
			tt.view.Task = nodes[1]
			l.take(DatabaseSeen{Nodes: []plans.NodeView{tt.view}})
			if got := l.record(1).Ready(); got != tt.want {
				t.Errorf("ready %v, want %v", got, tt.want)
			}
		})
	}
}
